"""All that is known of one letter, fit for an operator's eyes and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from shared.errors import PipelineError, Transient
from shared.ops.decision import event_of
from shared.ops.desk import Desk
from shared.ops.hidden import Hiding, shown_attributes, shown_body, whole_body
from shared.ops.letters import Action, Letter
from shared.ports import StoredClaim

UNREACHABLE = "not reachable"


@dataclass(frozen=True, slots=True)
class ClaimNow:
    """The claim of a letter's work as it is by now; only `state` counts where there is none."""

    state: str
    fence: int = 0
    attempts: int = 0
    transients: int = 0
    error: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One letter; unless the student's words were asked for, notes stand in their place."""

    id: str
    stage: str
    message_id: str
    reason: str
    detail: str
    field: str
    count: int
    first_seen: datetime
    last_seen: datetime
    read_at: datetime
    resolution: str
    resolved_at: datetime | None
    note: str
    request_id: str
    request_status: str
    lesson_id: str
    lesson_status: str
    claim_key: str
    claim_then: object
    claim_now: ClaimNow
    attributes: dict[str, str]
    body: str
    actions: tuple[Action, ...]


def account(letter: Letter, desk: Desk, *, with_text: bool) -> Account:
    """Tell what is known of a letter; raises Transient when the rows cannot be read."""
    row, key = letter.row, letter.claim_key or _key(letter)
    hiding = Hiding() if with_text else _hiding(letter, desk)
    return Account(
        id=row.id,
        stage=row.stage,
        message_id=row.message_id,
        reason=row.reason,
        detail=hiding.clean(letter.detail),
        field=letter.field,
        count=row.count,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        read_at=row.read_at,
        resolution=row.resolution,
        resolved_at=letter.resolved_at,
        note=hiding.clean(letter.note),
        request_id=row.request_id,
        request_status=letter.request_status,
        lesson_id=row.lesson_id,
        lesson_status=letter.lesson_status,
        claim_key=key,
        claim_then=hiding.within(json.loads(letter.claim)) if letter.claim else None,
        claim_now=_claim_now(key, desk, hiding),
        attributes=dict(letter.attributes) if with_text else shown_attributes(letter.attributes),
        body=whole_body(letter.body) if with_text else shown_body(letter.body),
        actions=letter.actions,
    )


def as_json(told: Account) -> dict[str, object]:
    """Give an account for programs."""
    return asdict(told)


def _hiding(letter: Letter, desk: Desk) -> Hiding:
    lesson = desk.records.lesson(letter.row.lesson_id) if letter.row.lesson_id else None
    asked = (lesson.brief.question, lesson.brief.interest) if lesson else ()
    return Hiding.of(letter.body, *asked)


def _key(letter: Letter) -> str:
    try:
        return event_of(letter).key
    except PipelineError:
        return ""


def _claim_now(key: str, desk: Desk, hiding: Hiding) -> ClaimNow:
    if not key:
        return ClaimNow("none")
    if desk.reachable is None:
        return ClaimNow(UNREACHABLE)
    try:
        stored = desk.reachable.claims.read(key)
    except Transient:
        return ClaimNow(UNREACHABLE)
    return _summary(stored, hiding) if stored else ClaimNow("none")


def _summary(stored: StoredClaim, hiding: Hiding) -> ClaimNow:
    claim = stored.claim
    error = ": ".join(
        claim.last_error[name] for name in ("class", "message") if name in claim.last_error
    )
    return ClaimNow(
        claim.state,
        claim.fence,
        claim.attempts,
        claim.transients,
        hiding.clean(error),
        stored.update_time,
    )
