"""Record a delivery that no redelivery can help, so that it may be acknowledged."""

from __future__ import annotations

from shared.errors import Unreadable
from shared.events import DeadLettered, Event
from shared.limits import FUNCTIONS
from shared.log import log
from shared.messages import Arrived
from shared.ports import Services
from shared.rows import DeadLetter
from shared.safety.letters import scrubbed_body


def bury(
    delivery: Arrived,
    stage: str,
    fault: Unreadable,
    services: Services,
    event: Event | None = None,
) -> None:
    """Record a dead letter; a stage without a database sends it to `repair`, which has one."""
    facts = {"of": stage, "reason": fault.reason, "field": fault.field}
    # Nobody has bound the ids of what could not be read whole.
    named = {"request_id": fault.request_id} if fault.request_id else {}
    log.warning("Dead letter", extra=facts | named)
    if not FUNCTIONS[stage].keeps_records:
        dead = DeadLettered(
            stage, delivery.id, fault.reason, str(fault), fault.field, scrubbed_body(delivery.body)
        )
        services.events.publish([dead.message()])
        return
    services.records.dead_letter(
        DeadLetter(
            stage=stage,
            message_id=delivery.id,
            reason=fault.reason,
            detail=str(fault),
            field=fault.field,
            body=scrubbed_body(delivery.body),
            attributes=delivery.attributes,
            request_id=fault.request_id or (event.request_id if event else ""),
            lesson_id=event.lesson_id if event else "",
            claim_key=event.key if event else "",
            ends_request=fault.ends_request,
        )
    )
