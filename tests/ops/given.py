"""What the tests of the operator's commands begin with."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

from shared.ops.letters import Action
from shared.rows import DeadLetter

QUESTION = "Why is Zanzibar's sky violet?"
INTEREST = "falconry with grandma"
STUDENT = "amalia-ruiz-1997"
AT = datetime(2030, 1, 1, tzinfo=UTC)


def body(request_id: str = "", **changes: object) -> bytes:
    """Write a request as it came."""
    request = {
        "request_id": request_id or str(uuid.uuid4()),
        "student_id": STUDENT,
        "student_query": QUESTION,
        "interest": INTEREST,
        "grade_level": 9,
        "requested_modalities": ["text"],
    }
    return json.dumps(request | changes).encode()


def dead(message_id: str = "1", **changes: object) -> DeadLetter:
    """Make a dead letter of `ingest`, that gave up after five tries."""
    facts = {
        "stage": "ingest",
        "message_id": message_id,
        "reason": "attempts-used-up",
        "detail": f"ValueError: cannot parse {QUESTION}",
        "field": "",
        "body": body(),
        "attributes": {"event_id": "e-1", "CloudPubSubDeadLetterSourceDeliveryCount": "20"},
        "ends_request": False,
    }
    return DeadLetter(**(facts | changes))


def action(kind: str = "replay", operator: str = "ada", outcome: str = "sent") -> Action:
    """Make an entry of the journal."""
    return Action(AT, kind, operator, outcome, "because" if kind == "discard" else "")
