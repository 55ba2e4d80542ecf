"""A claim in the hands of the run that holds it, and the beat that keeps it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextvars import ContextVar, copy_context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

from shared import stopping
from shared.claim import Claim, Outcome
from shared.deadline import Monotonic
from shared.errors import LeaseLost, PipelineError, Transient
from shared.limits import BEAT_S, CLAIM_KEPT_DAYS, LEASE_S, FunctionLimits
from shared.log import log
from shared.messages import Message
from shared.ports import Claims, StoredClaim
from shared.read_back import replaced

MOST_FENCE = 2**53  # a run each microsecond would need centuries


class Held:
    """A claim that this run holds, with the beat that keeps it.

    `asked_s` is when the run, by its own clock, sent the write that got it the claim.
    `costs` says that the work failed, so that this attempt counts whatever follows; `unsent`
    that the claim was parked before its events left.
    `out_of_budget` is empty, or the reason why no run may try again: earlier ones left no outcome
    at all, or took too long together.
    """

    def __init__(
        self,
        claims: Claims,
        stored: StoredClaim,
        limits: FunctionLimits,
        elapsed_s: Monotonic,
        asked_s: float,
    ) -> None:
        self.result = ""
        self.costs = False
        self.unsent = False
        self.out_of_budget = ""
        self._claims = claims
        self._stored = stored
        self._limits = limits
        self._elapsed_s = elapsed_s
        self._ours_until_s = asked_s + stored.claim.lease_s
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

    @property
    def duration_ms(self) -> int:
        """How long this run has taken so far, by its own clock."""
        return round(self._elapsed_s() * 1000)

    def __enter__(self) -> Self:
        """Start to beat, and let `hold.checkpoint` find this claim."""
        self._token = current.set(self)
        self._beats.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._rest()
        current.reset(self._token)

    def still_ours(self) -> None:
        """Stop a run that somebody else may have taken over; raises LeaseLost."""
        if self._lost:
            raise LeaseLost("another run took over")
        # write sent |---- lease_s: nobody else can hold it ----| from here on somebody may
        #            ^ before the server's own time of that write, so this ends first
        if self._elapsed_s() >= self._ours_until_s:
            raise LeaseLost("the lease is over")

    def checkpoint(self) -> None:
        """Stop a run that lost its lease or has no time left.

        Raises LeaseLost, or Transient at the work deadline and when the instance stops.
        """
        self.still_ours()
        if stopping.is_told():
            raise Transient("the instance stops")
        if self._elapsed_s() > self._limits.work_deadline_s:
            raise Transient("the work deadline passed")

    def beat(self) -> bool:
        """Renew the lease, and tell whether there is still one to renew."""
        if self._elapsed_s() > self._limits.timeout_s:
            return False
        try:
            with self._turn:
                self._renewed(self.claim)
        except LeaseLost:
            self._lost = True
        except PipelineError:
            log.warning("Could not renew the lease, will try again")
        except Exception as fault:  # noqa: BLE001 - a beat that ends is a lease that ends
            log.error("Could not renew the lease", extra={"error": type(fault).__name__})
        return not self._lost

    def complete(
        self,
        emitted: Sequence[Message],
        outcome: Outcome = "completed",
        answer: Mapping[str, str] | None = None,
    ) -> None:
        """Record that the work is done and its events are out; `answer` is an honest no."""
        error = (answer or {}).get("class", "")
        claim = replace(self.claim.over(now(), outcome, error), state="completed")
        self._end(replace(claim, result=self.result, last_error=answer or {}), emitted)

    def fail(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that nothing will make this work succeed."""
        claim = self.claim.over(now(), "failed", error.get("class", ""))
        self._end(replace(claim, state="failed", last_error=error), emitted)

    def park(self, emitted: Sequence[Message], error: Mapping[str, str]) -> None:
        """Record that the budget is used up; only an operator's replay goes on."""
        claim = self.claim.over(now(), "parked", error.get("class", ""))
        self._end(replace(claim, state="parked", last_error=error), emitted, kept=True)

    def release(self, error: Mapping[str, str], *, transient: bool) -> None:
        """Let the next delivery try; a fault known as transient costs none of the budget."""
        claim = self.claim.over(now(), "retryable", error.get("class", ""))
        transients = claim.transients + (1 if transient and not self.costs else 0)
        self._write(replace(claim, state="retryable", transients=transients, last_error=error))

    def raise_fence(self, above: int) -> None:
        """Go above a fence that somebody of this work held already: the record had been lost."""
        with self._turn:
            if self.claim.fence <= above <= MOST_FENCE:
                log.warning("The claim's record had been lost", extra={"fence": above + 1})
                self._renewed(replace(self.claim, fence=above + 1))

    def _end(self, claim: Claim, emitted: Sequence[Message], *, kept: bool = False) -> None:
        expires = None if kept else now() + timedelta(days=CLAIM_KEPT_DAYS)
        self._write(replace(claim, emitted=tuple(emitted), expires_at=expires))

    def _write(self, change: Claim) -> None:
        # Our own beat must not be the conflict that we then have to explain.
        self._rest()
        self._replace(change)

    def _replace(self, change: Claim) -> None:
        asked_s = self._elapsed_s()
        self._stored = replaced(self._claims, self._stored, change)
        self._ours_until_s = asked_s + change.lease_s

    def _rest(self) -> None:
        self._stop.set()
        if self._beats.is_alive() and self._beats is not threading.current_thread():
            self._beats.join()

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_S) and self.beat():
            pass

    def _renewed(self, change: Claim) -> None:
        self._replace(replace(change, lease_s=slice_s(self._limits, self._elapsed_s())))


current: ContextVar[Held | None] = ContextVar("held", default=None)


def slice_s(limits: FunctionLimits, elapsed_s: float) -> float:
    """Give the length of the next lease in seconds, so that none outlives the function."""
    return max(0.0, min(LEASE_S, limits.last_lease_end_s - elapsed_s))


def now() -> datetime:
    """Tell this instance's own time, which nothing is decided by."""
    return datetime.now(UTC)
