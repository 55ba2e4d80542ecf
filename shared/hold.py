"""Take, keep and let go of a claim: the moves of `shared/claim.py` against a store.

What a run that holds a claim may ask of it without carrying it along (`checkpoint`, `signature`,
…) finds it by the context.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from shared.claim import SCHEMA, Claim, Outcome, Past
from shared.errors import Busy, Conflict, LeaseLost, PipelineError, Transient, Unreadable
from shared.limits import BEAT_S, CLAIM_KEPT_DAYS, LEASE_S, FunctionLimits
from shared.log import log
from shared.messages import Message
from shared.ports import Claims, StoredClaim, StoredObject
from shared.read_back import created, replaced

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
    """A claim that this run holds, with the beat that keeps it.

    `out_of_budget` is empty, or the reason why no run may try again: earlier ones left no outcome
    at all, or took too long together.
    """

    def __init__(
        self,
        claims: Claims,
        stored: StoredClaim,
        limits: FunctionLimits,
        elapsed_s: Monotonic,
        *,
        out_of_budget: str = "",
    ) -> None:
        self.result = ""
        self.out_of_budget = out_of_budget
        self._claims = claims
        self._stored = stored
        self._limits = limits
        self._elapsed_s = elapsed_s
        self._stop = threading.Event()
        self._lost = False
        self._turn = threading.Lock()  # the beat and the run write by turns
        beats = copy_context()  # the beat's calls end with the function's time as well
        self._beats = threading.Thread(
            target=lambda: beats.run(self._keep), name="beat", daemon=True
        )

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

    def complete(
        self,
        emitted: Sequence[Message],
        outcome: Outcome = "completed",
        answer: Mapping[str, str] | None = None,
    ) -> None:
        """Record that the work is done and its events are out; `answer` is an honest no."""
        error = (answer or {}).get("class", "")
        claim = replace(self.claim.over(_now(), outcome, error), state="completed")
        self._end(replace(claim, result=self.result, last_error=answer or {}), emitted)

    def fail(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that nothing will make this work succeed."""
        claim = self.claim.over(_now(), "failed", error.get("class", ""))
        self._end(replace(claim, state="failed", last_error=error), emitted)

    def park(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that the budget is used up; only an operator's replay goes on."""
        claim = self.claim.over(_now(), "parked", error.get("class", ""))
        self._end(replace(claim, state="parked", last_error=error), emitted, kept=True)

    def release(self, error: Mapping[str, str], *, transient: bool) -> None:
        """Let the next delivery try; a fault known as transient costs none of the budget."""
        claim = self.claim.over(_now(), "retryable", error.get("class", ""))
        transients = claim.transients + (1 if transient else 0)
        self._write(replace(claim, state="retryable", transients=transients, last_error=error))

    def raise_fence(self, above: int) -> None:
        """Go above a fence that somebody of this work held already: the record had been lost."""
        with self._turn:
            if above >= self.claim.fence:
                log.warning("The claim's record had been lost", extra={"fence": above + 1})
                self._replace(replace(self.claim, fence=above + 1))

    def _end(self, claim: Claim, emitted: Sequence[Message], *, kept: bool = False) -> None:
        expires = None if kept else _now() + timedelta(days=CLAIM_KEPT_DAYS)
        self._write(replace(claim, emitted=tuple(emitted), expires_at=expires))

    def _write(self, change: Claim) -> None:
        # Our own beat must not be the conflict that we then have to explain.
        self._rest()
        self._replace(change)

    def _replace(self, change: Claim) -> None:
        self._stored = replaced(self._claims, self._stored, change)

    def _rest(self) -> None:
        self._stop.set()
        if self._beats.is_alive() and self._beats is not threading.current_thread():
            self._beats.join()

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_S):
            if self._elapsed_s() > self._limits.timeout_s:
                return
            lease_s = slice_s(self._limits, self._elapsed_s())
            try:
                with self._turn:
                    self._replace(replace(self.claim, lease_s=lease_s))
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


def adopted(stored: StoredObject) -> None:
    """Note that this run goes on from an object that may be another run's.

    One of a fence that this claim has not reached shows that the claim's record was lost.
    """
    held, fence = _current.get(), stored.metadata.get("fence", "")
    if held is not None and fence.isdecimal() and stored.metadata.get("owner") != held.claim.owner:
        held.raise_fence(int(fence))


def attempt() -> tuple[str, int]:
    """Name this run as (claim key, fence); ("", 0) outside of any."""
    held = _current.get()
    return (held.claim.key, held.claim.fence) if held else ("", 0)


def history(outcome: Outcome, error: str = "") -> tuple[Past, ...]:
    """List the runs of this work, this one as if it ended now."""
    held = _current.get()
    return held.claim.over(_now(), outcome, error).history if held else ()


def slice_s(limits: FunctionLimits, elapsed_s: float) -> float:
    """Give the length of the next lease in seconds, so that none outlives the function."""
    return max(0.0, min(LEASE_S, limits.last_lease_end_s - elapsed_s))


def take(
    claims: Claims, work: Work, limits: FunctionLimits, elapsed_s: Monotonic
) -> Held | Settled:
    """Claim a piece of work.

    Raises Busy while another run's lease lives, Unreadable when the key is known with other
    content, Transient when the store does not answer or a newer release wrote the record.
    """
    owner, now = uuid.uuid4().hex, _now()
    lease_s = slice_s(limits, elapsed_s())
    fresh = Claim(work.key, work.stage, work.lesson_id, work.payload_hash, owner, lease_s, now)
    stored = created(claims, fresh)
    out_of_budget = ""
    if stored.claim.owner != owner:
        if stored.claim.schema > SCHEMA:
            raise Transient("a newer release wrote this claim")
        if stored.claim.payload_hash != work.payload_hash:
            raise Unreadable("other-content", "this work is known with other content")
        if stored.claim.settled:
            return Settled(stored.claim)
        if _lease_lives(stored):
            raise Busy("another run holds a live lease")
        out_of_budget = _out_of_budget(stored, limits)
        stored = replaced(claims, stored, stored.claim.taken_over(owner, lease_s, now))
    return Held(claims, stored, limits, elapsed_s, out_of_budget=out_of_budget)


def reopen(claims: Claims, key: str) -> Claim:
    """Let the next delivery of parked or failed work try again, for an operator's replay.

    Raises Conflict for work in any other state, LeaseLost or Transient.
    """
    stored = claims.read(key)
    if stored is None or stored.claim.state not in ("parked", "failed"):
        raise Conflict("only parked or failed work can be replayed")
    again = stored.claim.reopened(uuid.uuid4().hex, stored.read_time)
    return replaced(claims, stored, again).claim


def _lease_lives(stored: StoredClaim) -> bool:
    # claimed |--- lease live: Busy ---|--- lease over: take over, fence + 1 --->
    held_for = stored.read_time - stored.update_time  # both are server times
    in_progress = stored.claim.state == "in_progress"
    return in_progress and held_for <= timedelta(seconds=stored.claim.lease_s)


def _out_of_budget(stored: StoredClaim, limits: FunctionLimits) -> str:
    if stored.claim.out_of_attempts:
        return "attempts-used-up"
    since = stored.claim.since or stored.create_time
    late = stored.read_time - since > timedelta(seconds=limits.budget_s)
    return "time-used-up" if late else ""


def monotonic_since(start: float) -> Monotonic:
    """Measure seconds since a moment of the monotonic clock."""
    return lambda: time.monotonic() - start


def _now() -> datetime:
    return datetime.now(UTC)
