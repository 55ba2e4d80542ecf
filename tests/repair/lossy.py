"""A world that loses every event of one kind, until somebody looks after it."""

from __future__ import annotations

from tests.pipeline.world import World


class LossyWorld(World):
    """Loses what goes to one function before the first tick; `lost` keeps it."""

    def __init__(self, loses, seed=0):
        self.loses = loses
        self.lost = []
        super().__init__(seed)

    def tick(self, *words):
        self.loses = ""
        super().tick(*words)

    def post(self, name, headers, body):
        """Lose an event, or have it delivered."""
        if name == self.loses:
            self.lost.append((name, headers, body))
        else:
            super().post(name, headers, body)
