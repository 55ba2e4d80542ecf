"""Take, keep and let go of a claim: the moves of `shared/claim.py` against a store.

A conflict is a question, not an answer: after one, and after an answer that got lost, the record
is read back and owner and beat compared, since the stored version may be our own.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from shared.claim import Claim
from shared.errors import Busy, Conflict, LeaseLost, PipelineError, Transient, Unreadable, Unsure
from shared.limits import BEAT_S, CLAIM_KEPT_DAYS, LEASE_S, FunctionLimits
from shared.log import log
from shared.messages import Message
from shared.ports import Claims, StoredClaim, StoredObject

Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Work:
    """What a delivery asks for, as the claim sees it."""

    key: str
    stage: str
    lesson_id: str
    payload_hash: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The work has its end already; `emitted` is to be published again."""

    claim: Claim


class Held:
    """A claim that this run holds, with the beat that keeps it."""

    def __init__(
        self,
        claims: Claims,
        stored: StoredClaim,
        limits: FunctionLimits,
        elapsed_s: Monotonic,
        *,
        out_of_budget: bool = False,
    ) -> None:
        self.result = ""
        self.out_of_budget = out_of_budget  # the runs before this one left no outcome at all
        self._claims = claims
        self._stored = stored
        self._limits = limits
        self._elapsed_s = elapsed_s
        self._stop = threading.Event()
        self._lost = False
        self._beats = threading.Thread(target=self._keep, name="beat", daemon=True)

    @property
    def claim(self) -> Claim:
        """The latest version that this run wrote."""
        return self._stored.claim

    def __enter__(self) -> Self:
        """Start to beat, and let `checkpoint` find this claim."""
        self._token = _current.set(self)
        self._beats.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._rest()
        _current.reset(self._token)

    def checkpoint(self) -> None:
        """Stop a run that lost its lease or has no time left; raises LeaseLost or Transient."""
        if self._lost:
            raise LeaseLost("another run took over")
        if self._elapsed_s() > self._limits.work_deadline_s:
            raise Transient("the work deadline passed")

    def complete(self, emitted: Sequence[Message], answer: Mapping[str, str] | None = None) -> None:
        """Record that the work is done and its events are out; `answer` is an honest no."""
        claim = replace(self.claim, state="completed", result=self.result)
        self._end(replace(claim, last_error=answer or {}), emitted)

    def fail(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that nothing will make this work succeed."""
        self._end(replace(self.claim, state="failed", last_error=error), emitted)

    def park(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that the attempts are used up; only an operator's replay goes on."""
        self._end(replace(self.claim, state="parked", last_error=error), emitted, kept=True)

    def release(self, error: Mapping[str, str], *, transient: bool) -> None:
        """Let the next delivery try; a fault known as transient costs none of the budget."""
        transients = self.claim.transients + (1 if transient else 0)
        self._write(replace(self.claim, state="retryable", transients=transients, last_error=error))

    def _end(self, claim: Claim, emitted: Sequence[Message], *, kept: bool = False) -> None:
        expires = None if kept else datetime.now(UTC) + timedelta(days=CLAIM_KEPT_DAYS)
        self._write(replace(claim, emitted=tuple(emitted), expires_at=expires))

    def _write(self, change: Claim) -> None:
        # Our own beat must not be the conflict that we then have to explain.
        self._rest()
        self._replace(change)

    def _replace(self, change: Claim) -> None:
        change = replace(change, beat=self._stored.claim.beat + 1)
        self._stored = replaced(self._claims, self._stored, change)

    def _rest(self) -> None:
        self._stop.set()
        if self._beats.is_alive() and self._beats is not threading.current_thread():
            self._beats.join()

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_S):
            if self._elapsed_s() > self._limits.timeout_s:
                return
            try:
                self._replace(replace(self.claim, lease_s=slice_s(self._limits, self._elapsed_s())))
            except LeaseLost:
                self._lost = True
                return
            except PipelineError:
                log.warning("Could not renew the lease, will try again")


_current: ContextVar[Held | None] = ContextVar("held", default=None)


def checkpoint() -> None:
    """Ask, before each long or paid step, whether this run may go on; raises when not."""
    held = _current.get()
    if held is not None:
        held.checkpoint()


def produced(stored: StoredObject) -> None:
    """Name the object that this run's work comes down to; the completed claim records it."""
    held = _current.get()
    if held is not None:
        where = f"{stored.bucket}/{stored.name}#{stored.generation}"
        held.result = f"{where} {stored.sha256}"


def signature() -> dict[str, str]:
    """Name this run in what it writes: the claim's owner and fence, as object metadata."""
    held = _current.get()
    if held is None:
        return {}
    return {"owner": held.claim.owner, "fence": str(held.claim.fence)}


def attempt() -> tuple[str, int]:
    """Name this run as (claim key, fence); ("", 0) outside of any."""
    held = _current.get()
    return (held.claim.key, held.claim.fence) if held else ("", 0)


def slice_s(limits: FunctionLimits, elapsed_s: float) -> float:
    """Give the length of the next lease in seconds, so that none outlives the function."""
    return max(0.0, min(LEASE_S, limits.last_lease_end_s - elapsed_s))


def take(
    claims: Claims, work: Work, limits: FunctionLimits, elapsed_s: Monotonic
) -> Held | Settled:
    """Claim a piece of work.

    Raises Busy while another run's lease lives, Unreadable when the key is known with other
    content, Transient when the store does not answer.
    """
    owner = uuid.uuid4().hex
    lease_s = slice_s(limits, elapsed_s())
    fresh = Claim(work.key, work.stage, work.lesson_id, work.payload_hash, owner, lease_s)
    stored = _created(claims, fresh)
    out_of_budget = False
    if stored.claim.owner != owner:
        if stored.claim.payload_hash != work.payload_hash:
            raise Unreadable("other-content", "this work is known with other content")
        if stored.claim.state in ("completed", "failed", "parked"):
            return Settled(stored.claim)
        if _lease_lives(stored):
            raise Busy("another run holds a live lease")
        out_of_budget = stored.claim.out_of_budget
        stored = replaced(claims, stored, stored.claim.taken_over(owner, lease_s))
    return Held(claims, stored, limits, elapsed_s, out_of_budget=out_of_budget)


def replaced(claims: Claims, seen: StoredClaim, change: Claim) -> StoredClaim:
    """Write one version over the one that was seen; raises LeaseLost or Transient."""
    # A second try is safe: both rest on the same version, so at most one of them lands.
    for _ in range(2):
        try:
            return claims.replace(seen, change)
        except (Conflict, Unsure) as error:
            now = claims.read(change.key)
            if now and (now.claim.owner, now.claim.beat) == (change.owner, change.beat):
                return now
            if now is None or now.update_time != seen.update_time:
                raise LeaseLost("the claim moved on") from error
    raise Transient("the store did not say what it wrote")


def _created(claims: Claims, fresh: Claim) -> StoredClaim:
    for _ in range(2):
        try:
            return claims.create(fresh)
        except (Conflict, Unsure):
            found = claims.read(fresh.key)
            if found is not None:
                return found
    raise Transient("the store did not say what it wrote")


def _lease_lives(stored: StoredClaim) -> bool:
    # claimed |--- lease live: Busy ---|--- lease over: take over, fence + 1 --->
    held_for = stored.read_time - stored.update_time  # both are server times
    in_progress = stored.claim.state == "in_progress"
    return in_progress and held_for <= timedelta(seconds=stored.claim.lease_s)


def monotonic_since(start: float) -> Monotonic:
    """Measure seconds since a moment of the monotonic clock."""
    return lambda: time.monotonic() - start
