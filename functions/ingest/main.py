"""Accept a request.  content-requests -> script-requested (new lesson) or content-completed."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import identity, stage
from shared.answers import ENDS, answer
from shared.counted import note_accepted
from shared.errors import Missing
from shared.events import Outgoing, ScriptRequested
from shared.ports import Services
from shared.request import ContentRequested


@functions_framework.cloud_event
def ingest(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, ContentRequested, accept_request)


def accept_request(asked: ContentRequested, services: Services) -> Sequence[Outgoing]:
    """Attach a request to its lesson, which it creates when it is the first to ask."""
    request = asked.request
    corpus = services.library.corpus()
    fitting = identity.lesson_id(request.brief, services.versions(request.brief), corpus)
    lesson_id = services.records.accept(request, fitting)
    # Read after the commit: a lesson that ends in between has not seen this request yet.
    lesson = services.records.lesson(lesson_id)
    if lesson is None:
        raise Missing("the lesson that was just accepted")
    note_accepted(request, lesson)
    if lesson.status in ENDS:
        mine = (request.request_id, request.correlation_id)
        return [answer(services.records, lesson, *mine, "ingest")]
    if lesson.requested_by == request.request_id and lesson.status != "abandoned":
        return [ScriptRequested(lesson_id, request.correlation_id)]
    return []
