"""What becomes of a dead letter: its claim is read first, then it is acted on, then recorded.

Dead-lettering is best effort: a letter may come twice, early, or long after its work is done.

unreadable             the row only
its work is done       what the work emitted leaves again; the letter was harmless
it can never be done   the row; a lesson that is still open ends here
others see to it       the row: the sweep finds the lesson by its own row
nobody knows of it     the original event is sent again, `REDRIVES` times at most

The row comes last, because it says that the letter was dealt with.  A crash before it acts twice,
which is harmless (the same event ids, create-only nudges, guarded moves); the row first would
lose the act.
"""

from __future__ import annotations

import json

from shared.attempts import note_history
from shared.claim import SCHEMA, Claim
from shared.errors import Superseded, Unreadable
from shared.events import BookStored, Event, SceneStored, digest
from shared.faults import UNNAMED
from shared.limits import REDRIVES
from shared.log import log
from shared.ports import Services, StoredClaim
from shared.repair.answering import answer_everybody, fail_and_answer
from shared.repair.letter import REDRIVE, Letter
from shared.repair.nudges import nudge
from shared.rows import DeadLetter, Resolution
from shared.safety.letters import scrubbed_body

OPEN = ("requested", "scripted")


def settle(letter: Letter, services: Services) -> None:
    """Deal with a dead letter and record it; one that is recorded is only counted."""
    try:
        event = letter.event()
    except Superseded:
        _note(letter)
        services.records.dead_letter(_row(letter, resolution="harmless"))
        return
    except Unreadable as fault:
        _note(letter)
        services.records.dead_letter(_unreadable(letter, fault))
        return
    stored = services.claims.read(event.key)
    resolution: Resolution = ""
    if not services.upkeep.recorded(letter.stage, letter.id):
        _note(letter)
        resolution = _acted(letter, event, stored, services)
    services.records.dead_letter(_row(letter, event, stored, resolution))
    log.info("Settled a dead letter", extra={"of": letter.stage, "resolution": resolution})


def _note(letter: Letter) -> None:
    """Tell of a letter that no stage could tell of, since Pub/Sub gave it up."""
    if not letter.own:
        facts = {"of": letter.stage, "reason": letter.reason, "field": letter.field}
        log.warning("Dead letter", extra=facts)


def _acted(
    letter: Letter, event: Event, stored: StoredClaim | None, services: Services
) -> Resolution:
    if stored is not None and not _is_ours(stored.claim, event):
        return ""
    if stored is not None and stored.claim.settled:
        note_history(stored.claim, services)  # as the next delivery would have: none came through
    if stored is not None and stored.claim.state in ("failed", "parked"):
        return _ended(event, stored.claim, services)
    if letter.own:
        return ""  # its stage knows why it gave up: once more would end alike
    if stored is not None and stored.claim.state == "completed":
        services.events.publish(stored.claim.emitted)
        return "harmless"
    if stored is None or not event.lesson_id:  # no lesson's row leads the sweep to it
        return _sent_again(letter, event, services)
    return _left_to_the_sweep(event.lesson_id, services)


def _is_ours(claim: Claim, event: Event) -> bool:
    """Tell whether this release may judge by a claim, and whether it is about this content."""
    return claim.schema <= SCHEMA and claim.payload_hash == digest(event.business())


def _ended(event: Event, claim: Claim, services: Services) -> Resolution:
    """End and tell the lesson of work that can never be done: the run that should, may be dead."""
    lesson = services.records.lesson(event.lesson_id) if event.lesson_id else None
    if lesson is not None and lesson.status in OPEN:
        reason = f"the lesson's {claim.stage} stage gave up: {_why(claim)}"
        fail_and_answer(lesson.lesson_id, reason, claim.stage, services)
    elif lesson is not None:  # who moved the rows may have died before it said so
        answer_everybody(lesson.lesson_id, services)
    return ""


def _why(claim: Claim) -> str:
    """Say why in words for who asked: a line of our code is none."""
    named = claim.last_error.get("kind", "") != UNNAMED
    told = claim.last_error.get("message" if named else "class", "")
    return told or "no run told why"


def _sent_again(letter: Letter, event: Event, services: Services) -> Resolution:
    if letter.redrives >= REDRIVES:
        return ""  # an operator's turn
    if isinstance(event, SceneStored | BookStored):
        nudge(services.objects, event, f"{REDRIVE}-{letter.redrives + 1}")
    else:
        _, topic = event.source
        services.events.publish([letter.again(topic)])
    return "sent-again"


def _left_to_the_sweep(lesson_id: str, services: Services) -> Resolution:
    """Leave an open lesson to the sweep, which does not see one that has ended: answer that."""
    lesson = services.records.lesson(lesson_id)
    if lesson is None or lesson.status in OPEN:
        return ""
    answer_everybody(lesson_id, services)
    return "harmless"


def _unreadable(letter: Letter, fault: Unreadable) -> DeadLetter:
    told = letter.own
    return DeadLetter(
        stage=letter.stage,
        message_id=letter.id,
        reason=letter.reason if told else fault.reason,
        detail=letter.detail if told else str(fault),
        field=letter.field if told else fault.field,
        body=scrubbed_body(letter.delivery.body),
        attributes=letter.delivery.attributes,
        request_id=fault.request_id,
    )


def _row(
    letter: Letter,
    event: Event | None = None,
    stored: StoredClaim | None = None,
    resolution: Resolution = "",
) -> DeadLetter:
    return DeadLetter(
        stage=letter.stage,
        message_id=letter.id,
        reason=letter.reason,
        detail=letter.detail,
        field=letter.field,
        body=scrubbed_body(letter.delivery.body),
        attributes=letter.delivery.attributes,
        request_id=event.request_id if event else "",
        lesson_id=event.lesson_id if event else "",
        claim_key=event.key if event else "",
        claim=_snapshot(stored) if stored else "",
        resolution=resolution,
        ends_request=False,
    )


def _snapshot(stored: StoredClaim) -> str:
    """Write down a claim as it was found, without the contents of its events."""
    claim = stored.claim
    return json.dumps(
        {
            "state": claim.state,
            "owner": claim.owner,
            "fence": claim.fence,
            "attempts": claim.attempts,
            "transients": claim.transients,
            "result": claim.result,
            "last_error": dict(claim.last_error),
            "emitted": [{"topic": message.topic, "id": message.id} for message in claim.emitted],
            "created": stored.create_time.isoformat(),
            "updated": stored.update_time.isoformat(),
            "read": stored.read_time.isoformat(),
        }
    )
