"""Take, keep and let go of a claim: the moves of `shared/claim.py` against a store.

What a run that holds a claim may ask of it without carrying it along (`checkpoint`, `signature`,
…) finds it by the context.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from shared import trace
from shared.claim import SCHEMA, Claim, Outcome, Past
from shared.deadline import Monotonic
from shared.errors import Busy, Conflict, Transient, Unreadable
from shared.held import MOST_FENCE, Held, current, now, slice_s
from shared.limits import FunctionLimits
from shared.ports import Claims, StoredClaim, StoredObject
from shared.read_back import created, replaced


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


def checkpoint() -> None:
    """Ask, before each long or paid step, whether this run may go on; raises when not."""
    held = current.get()
    if held is not None:
        held.checkpoint()


def still_ours() -> None:
    """Ask whether finished work may still be stored, however late it is; raises LeaseLost."""
    held = current.get()
    if held is not None:
        held.still_ours()


def produced(stored: StoredObject) -> None:
    """Name the object that this run's work comes down to; the completed claim records it."""
    held = current.get()
    if held is not None:
        where = f"{stored.bucket}/{stored.name}#{stored.generation}"
        held.result = f"{where} {stored.sha256}"


def signature() -> dict[str, str]:
    """Name this run in the metadata of what it writes: the claim's owner and fence, its trace."""
    held = current.get()
    if held is None:
        return {}
    return {"owner": held.claim.owner, "fence": str(held.claim.fence), **trace.stored()}


def adopted(stored: StoredObject) -> None:
    """Note that this run goes on from an object that may be another run's.

    One of a fence that this claim has not reached shows that the claim's record was lost.
    """
    held, fence = current.get(), stored.metadata.get("fence", "")
    if held is None or stored.metadata.get("owner") == held.claim.owner:
        return
    # What is longer is no fence of ours, and no number that the store could hold.
    if fence.isdecimal() and len(fence) <= len(str(MOST_FENCE)):
        held.raise_fence(int(fence))


def attempt() -> tuple[str, int]:
    """Name this run as (claim key, fence); ("", 0) outside of any."""
    held = current.get()
    return (held.claim.key, held.claim.fence) if held else ("", 0)


def history(outcome: Outcome, error: str = "") -> tuple[Past, ...]:
    """List the runs of this work, this one as if it ended now."""
    held = current.get()
    return held.claim.over(now(), outcome, error).history if held else ()


def take(
    claims: Claims, work: Work, limits: FunctionLimits, elapsed_s: Monotonic
) -> Held | Settled:
    """Claim a piece of work.

    Raises Busy while another run's lease lives, Unreadable when the key is known with other
    content, Transient when the store does not answer or a newer release wrote the record.
    """
    owner, asked_s = uuid.uuid4().hex, elapsed_s()
    lease_s = slice_s(limits, asked_s)
    fresh = Claim(work.key, work.stage, work.lesson_id, work.payload_hash, owner, lease_s, now())
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
        asked_s = elapsed_s()
        change = stored.claim.taken_over(owner, slice_s(limits, asked_s), now())
        stored = replaced(claims, stored, change)
    held = Held(claims, stored, limits, elapsed_s, asked_s)
    held.out_of_budget = out_of_budget
    return held


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
