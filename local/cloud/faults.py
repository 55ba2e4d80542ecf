"""Faults on demand, so that tests can see what survives them; each is counted.

    POST /faults    {"call": "firestore.Commit", "action": "lose-answer", "name": "render/*"}
                    201 {"id": 1, …}, or 400 with the field and the rule that it breaks
    GET /faults     [{"id": 1, "call": …, "seen": 7, "acted": 1}, …]
    DELETE /faults  the same list for the last time: nothing goes wrong any more

    call         firestore.Commit, firestore.BatchGetDocuments; pubsub.Publish; storage.begin (an
                 upload in pieces), storage.insert (one at once, or a piece), storage.download,
                 storage.get, storage.list, storage.delete, storage.bucket; deliver.FUNCTION; a
                 pattern of these
    name         a pattern with * and ?, default *, on any of what the call is about:
                 a document's path ("claims/…") or its field `key`; a topic, or a message's data;
                 an object's name, or bucket/name; a delivery has its topic and data, or its name
    nth          the first call of those that match which the fault befalls, default 1
    times        how many it befalls, default 1; null: for ever
    probability  of each, default 1, drawn in the order of the calls from `seed`, default 0

    action       on calls
    lose-answer  it is done, then UNAVAILABLE, or the connection closes
    hang         it is done, and no answer comes for `seconds`, default 600; then it is lost
    unavailable  it is not done: UNAVAILABLE, 503
    429          it is not done: RESOURCE_EXHAUSTED, 429
    reset        it is not done: the connection is reset (storage)
    truncate     the connection is reset after `bytes` of the body (storage.insert)

    action       on deliveries
    duplicate    one more comes, under the same id, or with `new_id` true under an id of its own
    delay        it comes `seconds` later; no attempt counts meanwhile
    reorder      it is held until there are `count`, default 2: then they come in another order
    drop         it never comes, as if it had been acknowledged
    fail         it is not sent, and counts as a failed attempt

The first fault in the order of their ids that befalls a call is the only one.  Deliveries are those
of the local cloud itself, not those that the bridge takes from Google's emulator.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from local.cloud.fault_rules import Fault, read

Release = Callable[[float], None]
APART_S = 1e-4  # between two that were held: the order of their times is that of their deliveries


@dataclass(slots=True)
class _Rule:
    id: int
    fault: Fault
    random: random.Random
    seen: int = 0
    acted: int = 0
    held: list[Release] = field(default_factory=list)

    def acts(self) -> bool:
        """Count a call that is meant, and decide whether the fault befalls it."""
        self.seen += 1
        if self.seen < self.fault.nth or self.acted == self.fault.times:
            return False
        befalls = self.random.random() < self.fault.probability
        self.acted += befalls
        return befalls

    def described(self) -> dict[str, object]:
        counts = {"seen": self.seen, "acted": self.acted}
        return {"id": self.id, **self.fault.described(), **counts}


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that befalls the call in hand."""

    rule: int
    fault: Fault


class Faults:
    """The faults of one local cloud; `functions` may be delivered to."""

    def __init__(self, functions: Iterable[str] = ()) -> None:
        self._functions = tuple(functions)
        self._lock = threading.Lock()
        self._rules: dict[int, _Rule] = {}
        self._last = 0

    def add(self, call: str, **rule: object) -> int:
        """Ask for a fault, with the fields of the JSON; gives its id.  Raises BadFault."""
        fault = read({"call": call, **rule}, self._functions)
        with self._lock:
            self._last += 1
            rng = random.Random(fault.seed)  # noqa: S311  # a test's order, no secret
            self._rules[self._last] = _Rule(self._last, fault, rng)
            return self._last

    def listed(self) -> list[dict[str, object]]:
        """List all faults with their counts."""
        with self._lock:
            return [rule.described() for rule in self._rules.values()]

    def acted(self, fault: int) -> int:
        """Say how often a fault befell anything."""
        with self._lock:
            return self._rules[fault].acted

    def clear(self) -> list[dict[str, object]]:
        """Forget all faults and let go of what they held; gives the last counts."""
        with self._lock:
            described = [rule.described() for rule in self._rules.values()]
            held = [release for rule in self._rules.values() for release in rule.held]
            self._rules.clear()
        _release(held)
        return described

    def strike(self, call: str, names: Callable[[], Iterable[str]]) -> Strike | None:
        """Say what befalls a call, if anything; `names` is asked only where there are faults."""
        if not self._rules:
            return None
        about = tuple(names())
        with self._lock:
            for rule in self._rules.values():
                if rule.fault.concerns(call, about) and rule.acts():
                    return Strike(rule.id, rule.fault)
        return None

    def hold(self, strike: Strike, release: Release) -> None:
        """Keep what a `reorder` befell until there is enough; `release` is told when it is due."""
        with self._lock:
            rule = self._rules.get(strike.rule)
            held = [*rule.held, release] if rule else [release]
            if rule and len(held) < strike.fault.count:
                rule.held = held
                return
            if rule:
                rule.held = []
                _shuffle(held, rule.random)
        _release(held)


def _shuffle(held: list[Release], rng: random.Random) -> None:
    order = list(held)
    while order == held:  # another order was asked for
        rng.shuffle(held)


def _release(held: Iterable[Release]) -> None:
    now_s = time.time()
    for number, release in enumerate(held):
        release(now_s + number * APART_S)
