"""How often the claim of one event goes to Firestore, counted on the wire of the local cloud."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from local.cloud.faults import Faults
from local.cloud.server import LocalCloud
from shared import hold
from shared.gcp.firestore import FirestoreClaims
from shared.held import Held
from shared.hold import Work
from shared.limits import FUNCTIONS
from tests.benchmarks.measurement import Measurement

MOST = 3
NEVER = 10**9  # a fault that only counts: it befalls the call that is never reached
KEYS = itertools.count(1)


def measure() -> Iterator[Measurement]:
    """Take a fresh claim, a finished one, one that was given back, and one whose lease is over."""
    for name, (claim, whole) in counts().items():
        yield Measurement(f"{name}: claim", claim, "calls", most=MOST)
        yield Measurement(f"{name}: claim and end", whole, "calls")


def counts() -> dict[str, tuple[int, int]]:
    """Count calls: those that take the claim, and those until the event is done."""
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloud(Path(folder), {}, tick_every_s=None)
        cloud.start()
        try:
            claims = FirestoreClaims("demo", cloud.firestore_host)
            return _counted(claims, cloud.faults)
        finally:
            cloud.stop()


def _counted(claims: FirestoreClaims, faults: Faults) -> dict[str, tuple[int, int]]:
    rule = faults.add("firestore.*", action="unavailable", nth=NEVER)

    def calls() -> int:
        return next(int(str(one["seen"])) for one in faults.listed() if one["id"] == rule)

    def taken(key: str) -> tuple[int, int]:
        before = calls()
        claim = _take(claims, key)
        took = calls() - before
        if isinstance(claim, Held):
            with claim:
                claim.complete(())
        return took, calls() - before

    return {
        "fresh event": taken(_key()),
        "duplicate of a finished one": taken(_finished(claims)),
        "after one that was given back": taken(_released(claims)),
        "takeover after a lease": taken(_died(claims)),
    }


def _key() -> str:
    return f"script/{next(KEYS):032x}"


def _take(claims: FirestoreClaims, key: str, elapsed_s: float = 0.0) -> Held | hold.Settled:
    work = Work(key, "script", "", "")
    return hold.take(claims, work, FUNCTIONS["script"], lambda: elapsed_s)


def _finished(claims: FirestoreClaims) -> str:
    key = _key()
    held = _take(claims, key)
    assert isinstance(held, Held)
    with held:
        held.complete(())
    return key


def _released(claims: FirestoreClaims) -> str:
    key = _key()
    held = _take(claims, key)
    assert isinstance(held, Held)
    with held:
        held.release({"class": "Transient", "message": ""}, transient=True)
    return key


def _died(claims: FirestoreClaims) -> str:
    """Leave a claim whose run never told its end: its lease was of no length at all."""
    key = _key()
    _take(claims, key, float(FUNCTIONS["script"].last_lease_end_s))
    return key
