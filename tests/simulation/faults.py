"""What goes wrong: every kind of fault, and the nemesis that chooses when.

Each seed has some kinds only, each with a rate of its own, so that rare combinations get their
seed.  After a while the nemesis tires, and what is left to do must come to its end.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from random import Random

PORTS = ("claims", "objects", "events", "records", "upkeep", "library", "author", "voice")
MOST = 30  # faults at calls, of one seed
STORM_S = (60.0, 600.0, 3600.0)
SLOW_S = (1.0, 60.0)
FROZEN_S = (100.0, 2000.0)
OUTAGE_S = (5.0, 900.0)
DELAYED_S = (1.0, 900.0)
LATE_S = (0.0, 60.0)
TAKEOVER_S = (95.0, 300.0)
# Where money is spent, its result stored, and a lesson ended: faults strike four times as often.
TENDER = frozenset({"write", "speak", "create", "publish", "completed", "attached"})


class Fault(StrEnum):
    """Every kind, by what a reader of the summary should know of it."""

    KILLED_BEFORE = "killed before a call"
    KILLED_AFTER = "killed after a call"
    STOPPED = "told to stop"
    FROZEN = "frozen past its lease"
    SLOW = "slow within its lease"
    NOT_DONE = "call not done, no answer"
    ANSWER_LOST = "call done, no answer"
    DONE_LATE = "call done later, no answer"
    UNNAMED = "error that nobody named"
    OUTAGE = "outage of a service"
    DUPLICATED = "event twice under one id"
    TWINNED = "event twice under two ids"
    REORDERED = "event out of order"
    DELAYED = "event delayed"
    DROPPED = "event lost"
    GIVEN_UP = "event given up to a dead topic"
    EQUAL = "equal request"
    OTHER_CONTENT = "known request with other content"
    BROKEN = "broken message"
    CANCELLED = "request cancelled"
    ASKED_BACK = "request that must be asked back"
    OTHER_ANSWER = "two different answers at once"
    STRANGER = "answer of another student"
    UNANSWERED = "request that nobody answered in time"
    FOREIGN = "foreign object"
    NEW_BOOK = "book added"


AT_CALLS = (
    Fault.KILLED_BEFORE,
    Fault.KILLED_AFTER,
    Fault.STOPPED,
    Fault.FROZEN,
    Fault.SLOW,
    Fault.NOT_DONE,
    Fault.ANSWER_LOST,
    Fault.DONE_LATE,
    Fault.UNNAMED,
)
# What leaves a claim without a word, or with one that counts against its budget.
COUNT_AS_ATTEMPTS = frozenset(
    {Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.FROZEN, Fault.UNNAMED}
)


class Nemesis:
    """Chooses faults from a seed; `counts` what it chose."""

    def __init__(self, random: Random, *, loses_events: bool) -> None:
        self.counts: Counter[Fault] = Counter()
        self.until_s = random.choice(STORM_S)
        self._random = random
        self._left = random.randint(1, MOST)
        self._kinds = [kind for kind in AT_CALLS if random.random() < 0.5]
        self._rate = random.choice((0.01, 0.02, 0.05)) if self._kinds else 0.0
        self._mail = random.choice((0.0, 0.1, 0.3))
        self._lost = random.choice((0.0, 0.1, 0.3)) if loses_events else 0.0
        self._outages = self._planned_outages() if random.random() < 0.3 else []

    def fate(self, port: str, call: str, now_s: float) -> Fault | None:
        """Choose what happens at one call; None lets it be."""
        for down, since_s, until_s in self._outages:
            if down == port and since_s <= now_s < until_s:
                self.counts[Fault.OUTAGE] += 1
                return Fault.ANSWER_LOST if self._random.random() < 0.2 else Fault.NOT_DONE
        tired = now_s > self.until_s or not self._left
        rate = self._rate * (4 if call in TENDER else 1)
        if tired or self._random.random() >= rate:
            return None
        self._left -= 1
        return self._noted(self._random.choice(self._kinds))

    def copies(self, now_s: float, *, may_be_lost: bool) -> list[tuple[float, bool]]:
        """Choose how often an event is delivered: for each copy the delay, and if its id is new."""
        random = self._random
        if now_s > self.until_s:
            return [(0.0, False)]
        if may_be_lost and random.random() < self._lost:
            self._noted(Fault.DROPPED)
            return []
        copies = [(0.0, False)]
        if random.random() < self._mail:
            kind = self._noted(random.choice((Fault.DUPLICATED, Fault.TWINNED)))
            delay_s = random.choice((0.0, random.uniform(*DELAYED_S)))
            copies.append((delay_s, kind is Fault.TWINNED))
        if random.random() < self._mail:
            self._noted(Fault.DELAYED)
            copies[0] = (random.uniform(*DELAYED_S), False)
        return copies

    def gives_up(self, now_s: float) -> bool:
        """Choose whether an event that failed once goes to its dead topic before its time."""
        if now_s > self.until_s or self._random.random() >= self._lost / 2:
            return False
        self._noted(Fault.GIVEN_UP)
        return True

    def _noted(self, kind: Fault) -> Fault:
        self.counts[kind] += 1
        return kind

    def _planned_outages(self) -> list[tuple[str, float, float]]:
        random = self._random
        planned = []
        for _ in range(random.randint(1, 2)):
            since_s = random.uniform(0.0, min(self.until_s, 120.0))
            planned.append((random.choice(PORTS), since_s, since_s + random.uniform(*OUTAGE_S)))
        return planned
