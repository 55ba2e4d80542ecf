"""The step invariants: what must hold whenever a call has had its effect.

Each is a sentence, and gives a line for everything that contradicts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from shared.claim import Claim
from shared.errors import LeaseLost
from shared.film.scene_files import ended_scenes
from shared.limits import LEASE_S
from shared.messages import Message
from shared.ports import StoredClaim, StoredObject
from tests.fakes.services import FakeServices
from tests.simulation.run import Run

MOVES = {
    "": {"accepted", "needs_input", "failed", "requested"},
    "accepted": {"completed", "refused", "failed", "needs_input", "cancelled"},
    "needs_input": {"accepted", "refused", "failed", "cancelled"},
    "requested": {"scripted", "refused", "failed", "abandoned"},
    "scripted": {"completed", "refused", "failed", "abandoned"},
}
WITHOUT_CLAIM = ("finalize", "library", "repair")  # may have nothing to do


def acknowledged_is_settled(run: Run, claim: Claim | None) -> Iterator[str]:
    """I1: a delivery is acknowledged only when its work has its end, or is recorded as dead."""
    function = run.delivery.function
    if run.buried or (not run.key and function in WITHOUT_CLAIM):
        return
    if claim is None or not claim.settled:
        state = claim.state if claim else "unknown"
        yield f"I1 {run} acknowledged {run.key or run.delivery.id}, which is {state}"


def settled_work_emits_again(run: Run, claim: Claim | None) -> Iterator[str]:
    """I1: whoever acknowledges settled work has published all of its events."""
    if claim is None or not claim.settled or run.buried:
        return
    missing = {message.id for message in claim.emitted} - run.published
    if missing:
        yield f"I1 {run} acknowledged {run.key} without {len(missing)} of its events"


def a_name_has_one_generation(stored: StoredObject, known: int) -> Iterator[str]:
    """I2: an object that was created once is never written again."""
    if stored.generation != known:
        yield f"I2 {stored.bucket}/{stored.name} has generations {known} and {stored.generation}"


def a_settled_claim_is_never_left(before: Claim, after: Claim) -> Iterator[str]:
    """I3: completed, failed and parked work is never begun again."""
    if before.settled:
        yield f"I3 {before.key} went from {before.state} to {after.state}"


def the_fence_only_grows(before: Claim, after: Claim) -> Iterator[str]:
    """I3: each new owner has a higher fence than the one before, and no write lowers it."""
    least = before.fence + (before.owner != after.owner)
    if after.fence < least:
        yield f"I3 {after.key} has fence {after.fence} after {before.fence}"


def each_takeover_counts(before: Claim, after: Claim) -> Iterator[str]:
    """I3: a claim that is taken over has one attempt more, so that no work is tried for ever."""
    if before.owner != after.owner and after.attempts != before.attempts + 1:
        yield f"I3 {after.key} has {after.attempts} attempts after {before.attempts}"


def a_live_lease_is_never_taken(before: StoredClaim, after: StoredClaim) -> Iterator[str]:
    """I4: work changes hands only when its lease is over, or was given back."""
    if before.claim.owner == after.claim.owner or before.claim.state != "in_progress":
        return
    if after.update_time - before.update_time <= timedelta(seconds=before.claim.lease_s):
        yield f"I4 {after.claim.key} was taken from a run whose lease lives"


def only_its_owner_writes_a_claim(run: Run | None, author: Run | None) -> Iterator[str]:
    """I4: after a takeover a stale run changes no record."""
    if run is not author:
        yield f"I4 {run} wrote the claim of {author}"


def a_lease_is_lost_to_another(
    run: Run, claim: Claim, author: Run | None, now_s: float
) -> Iterator[str]:
    """I4: a run gives way to another, to its own clock, or to an end of its own that it missed."""
    in_time = now_s - run.began_s < LEASE_S
    if isinstance(run.answer, LeaseLost) and run is author and in_time and not claim.settled:
        yield f"I4 {run} gave way to itself"


def finalize_waits_for_all_scenes(claim: Claim, inside: FakeServices) -> Iterator[str]:
    """I5: finalize claims a lesson only when each scene of its plan has ended."""
    if claim.stage != "finalize":
        return
    lesson = inside.records.lesson(claim.lesson_id)
    wanted = set(range(1, lesson.scenes + 1)) if lesson else set()
    missing = wanted - ended_scenes(inside.objects, claim.lesson_id).keys()
    if missing or not wanted:
        yield f"I5 {claim.key} began without scenes {sorted(missing)}"


def a_row_only_moves_forward(what: str, before: str, after: str) -> Iterator[str]:
    """I6: a status goes forward by the moves that the database allows."""
    if before != after and after not in MOVES.get(before, set()):
        yield f"I6 {what} went from {before} to {after}"


def nothing_is_paid_twice(
    unit: str, run: Run, before: Sequence[Run], now_s: float, stored_s: float | None
) -> Iterator[str]:
    """I7: a paid call is repeated only when the run that paid was cut off before it could store.

    Or when the lease of one of the two ended while it stood inside the call, or between the call
    and storing what it paid for: before the call each of them has asked its own clock.
    """
    stale = now_s - run.began_s > LEASE_S
    for other in before:
        late = now_s - other.began_s > LEASE_S
        faults_before = other.paying.get(unit)  # none once it has stored what it paid for
        cut_off = faults_before is not None and (len(other.faults) > faults_before or late)
        woke_up = late and stored_s is not None and stored_s > run.began_s
        if not (stale or cut_off or woke_up):
            yield f"I7 {run} paid again for {unit}, after {other}"


def nothing_is_paid_without_a_lease(
    run: Run, stored: StoredClaim, author: Run | None, now: datetime
) -> Iterator[str]:
    """I7: a paid call begins only while its run holds the claim, by the server's clock."""
    over = now - stored.update_time > timedelta(seconds=stored.claim.lease_s)
    if run is not author or over or stored.claim.state != "in_progress":
        yield f"I7 {run} was about to pay without a lease"


def nothing_is_paid_for_nobody(unit: str, run: Run, marked_s: float | None) -> Iterator[str]:
    """I7: a run that begins after its lesson was marked as abandoned pays for nothing."""
    if marked_s is not None and marked_s < run.began_s:
        yield f"I7 {run} paid for {unit}, which nobody waits for"


def events_are_out_before_the_end(claim: Claim, published: Mapping[str, Message]) -> Iterator[str]:
    """I1: a claim ends only after all its events were confirmed.

    But for work that could not even be parked with a word of its own: `repair` judges by the
    claim, so the claim goes first, and whoever acknowledges it has told of it.
    """
    if claim.out_of_parking:
        return
    missing = [message.id for message in claim.emitted if message.id not in published]
    if claim.settled and missing:
        yield f"I1 {claim.key} is {claim.state} before {len(missing)} of its events are out"


def request_of(message: Message) -> str:
    """Name the request that a completion answers."""
    return str(json.loads(message.data)["request_id"])


def status_of(message: Message) -> str:
    """Give the status that a completion tells."""
    return str(json.loads(message.data)["status"])
