"""End requests whose student did not answer in time; a part of `repair`'s sweep.

The row moves first, since an answer may come at the same moment and only the row can say which of
the two was first.  So the end is remembered as untold until it has been published: a sweep that
dies in between leaves it to the next one, under the same event id.
"""

from __future__ import annotations

from functools import partial

from shared.counted import note_unanswered
from shared.events import ContentCompleted
from shared.limits import INPUT_KEPT_S
from shared.ports import Services
from shared.repair.steps import take_all
from shared.rows import Attached

EXPIRED = (
    "We asked what you meant and waited a day for your answer. That is over now, but you can ask"
    " your question again at any time."
)


def end_expired(services: Services) -> None:
    """Refuse who has not answered for a day, and tell everybody who was not told yet."""
    services.records.expire(INPUT_KEPT_S, EXPIRED)
    take_all(partial(_tell, one, services) for one in services.records.untold())


def _tell(expired: Attached, services: Services) -> None:
    end = ContentCompleted(expired.request_id, "", "refused", expired.correlation_id, EXPIRED)
    services.events.publish([end.message()])
    services.records.told(expired.request_id)
    note_unanswered(expired.request_id, expired.correlation_id)
