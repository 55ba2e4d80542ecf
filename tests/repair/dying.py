"""A `repair` that dies at one of its port calls, once."""

from __future__ import annotations

from shared.errors import Unsure
from tests.repair.alone import Alone

PORTS = ("claims", "objects", "events", "records", "upkeep")


class Killed(BaseException):
    """The process is gone; nobody catches that."""


class Mortal:
    """A port at whose calls the world may come to its end."""

    def __init__(self, port, world):
        self._port = port
        self._world = world

    def __getattr__(self, name):
        done = getattr(self._port, name)
        if not callable(done):
            return done

        def call(*words, **named):
            dies = self._world.dies_now()
            self._world.dead |= dies == "before"
            if self._world.dead:
                raise Killed
            result = done(*words, **named)
            self._world.dead |= dies == "after"
            if self._world.dead:
                raise Killed
            if dies == "lost":
                raise Unsure("the answer got lost")
            return result

        return call


class Dying(Alone):
    """A world in which `repair` dies at its n-th port call, in one of three ways.

    before  the call was never made
    after   it was made, and nobody went on
    lost    it was made, and its answer got lost
    """

    def __init__(self, n=0, how="before"):
        super().__init__()
        self.left = n
        self.how = how
        self.works = self.dead = False
        ports = {name: Mortal(getattr(self.services, name), self) for name in PORTS}
        self.services = self.services.but(**ports)

    @property
    def died(self):
        """Tell whether the call was reached."""
        return self.left < 1

    def dies_now(self):
        """Count a call of `repair`; gives the way to die at it, or nothing."""
        self.left -= self.works
        return self.how if self.works and self.left == 0 else ""

    def deliver(self, *words):
        """Deliver one event; a dead process answers nothing."""
        self.works = True
        try:
            return super().deliver(*words)
        except Killed:
            return 500
        finally:
            self.works = self.dead = False
