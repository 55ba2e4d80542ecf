"""What hurts the stack: a seeded deck of blows, dealt at seeded moments.

Every blow of a deck falls before any falls again, so that a short soak meets most of them.
"""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable

import psutil

from tests.soak.history import History, Struck, now_s
from tests.soak.victim import LEASE_S, Victim, signalled

FIRST_S, PAUSE_S = 5.0, (3.0, 10.0)
FROZEN_LEASES = (0.1, 1.7)  # how long a process stands still: some longer than their lease
DOWN_S = (0.0, 5.0)

# What the local cloud does on demand; see local/cloud/faults.py.
CLOUD: tuple[dict[str, object], ...] = (
    {"call": "firestore.Commit", "action": "lose-answer", "times": 4, "probability": 0.3},
    {"call": "firestore.*", "action": "unavailable", "times": 20, "probability": 0.5},
    {"call": "firestore.Commit", "action": "hang", "seconds": 12, "times": 2},
    {"call": "pubsub.Publish", "action": "lose-answer", "times": 4, "probability": 0.3},
    {"call": "pubsub.Publish", "action": "429", "times": 6, "probability": 0.5},
    {"call": "storage.insert", "action": "lose-answer", "times": 4, "probability": 0.5},
    {"call": "storage.*", "action": "unavailable", "times": 10, "probability": 0.5},
    {"call": "storage.*", "action": "reset", "times": 4, "probability": 0.5},
    {"call": "deliver.*", "action": "duplicate", "times": 10, "probability": 0.5, "new_id": True},
    {"call": "deliver.*", "action": "duplicate", "times": 10, "probability": 0.5},
    {"call": "deliver.*", "action": "delay", "seconds": 4, "times": 5},
    {"call": "deliver.*", "action": "reorder", "count": 4, "times": 8},
    {"call": "deliver.*", "action": "fail", "times": 6, "probability": 0.5},
    # Never a request's own: what nobody recorded, nobody can heal.
    {"call": "deliver.script", "action": "drop"},
    {"call": "deliver.render", "action": "drop"},
    {"call": "deliver.finalize", "action": "drop"},
)


class Nemesis:
    """Strikes until told to stop; `end` takes back whatever would not end by itself."""

    def __init__(self, victim: Victim, history: History, rng: random.Random) -> None:
        self._victim = victim
        self._history = history
        self._rng = rng
        self._frozen: list[psutil.Process] = []
        self._rules: list[dict[str, object]] = []
        self._deck: list[Callable[[], None]] = []

    def strike(self, stop: threading.Event) -> None:
        """Deal blows."""
        pause_s = FIRST_S
        while not stop.wait(pause_s):
            if not self._deck:
                self._deck = self._shuffled()
            self._deck.pop()()
            pause_s = self._rng.uniform(*PAUSE_S)

    def end(self) -> None:
        """Let nothing go wrong any more."""
        for worker in self._frozen:
            signalled(worker, signal.SIGCONT)
        self._victim.faults("DELETE")

    def _shuffled(self) -> list[Callable[[], None]]:
        deck = [
            *[self._kill_worker] * 3,
            *[self._freeze_worker] * 3,
            *[self._kill_server] * 2,
            *[self._cloud_fault] * 8,
            self._restart_postgres,
            self._restart_postgres,
            self._kill_stack,
            self._cut_power,
        ]
        self._rng.shuffle(deck)
        return deck

    def _kill_worker(self) -> None:
        if workers := self._victim.workers():
            name, worker = self._rng.choice(workers)
            if signalled(worker, signal.SIGKILL):
                self._note("kill a worker", name)

    def _kill_server(self) -> None:
        if servers := self._victim.servers():
            name = self._rng.choice(sorted(servers))
            if signalled(servers[name], signal.SIGKILL):
                self._note("kill a server", name)

    def _freeze_worker(self) -> None:
        if workers := self._victim.workers():
            name, worker = self._rng.choice(workers)
            lasts_s = LEASE_S * self._rng.uniform(*FROZEN_LEASES)
            if signalled(worker, signal.SIGSTOP):
                longer = "longer" if lasts_s > LEASE_S else "shorter"
                self._note(f"freeze a worker, {longer} than its lease", name, lasts_s)
                self._frozen.append(worker)
                threading.Timer(lasts_s, signalled, (worker, signal.SIGCONT)).start()

    def _restart_postgres(self) -> None:
        number = self._rng.choice((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
        down_s = self._rng.uniform(*DOWN_S)
        self._note("restart PostgreSQL", number.name, down_s)
        self._victim.restart_postgres(number, down_s)

    def _kill_stack(self) -> None:
        self._note("kill the cloud", "the stack's process")
        self._victim.kill_stack()
        self._victim.start()

    def _cut_power(self) -> None:
        self._note("cut the power", "everything")
        self._victim.cut_power()
        self._victim.start()

    def _cloud_fault(self) -> None:
        if not self._rules:
            self._rules = self._rng.sample(CLOUD, len(CLOUD))
        rule = self._rules.pop() | {"seed": self._rng.randrange(1000)}
        if self._victim.faults("POST", rule):
            self._note(f"cloud: {rule['action']}", str(rule["call"]))

    def _note(self, fault: str, target: str, lasted_s: float = 0.0) -> None:
        self._history.add(Struck(now_s(), fault, target, lasted_s))
