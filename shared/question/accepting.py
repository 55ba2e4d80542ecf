"""Accept what a student says: attach a request to its lesson, or ask the student first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from shared import identity
from shared.answers import ENDS, answer
from shared.counted import note_accepted, note_asked_back
from shared.errors import Missing
from shared.events import ContentCompleted, Outgoing, ScriptRequested
from shared.ports import Services
from shared.question.inquiry import Inquiry
from shared.question.message import Answered, StudentSaid
from shared.question.resuming import resumed
from shared.question.understanding import understood
from shared.rows import Request

STAGE = "ingest"


def accept_request(said: StudentSaid, services: Services) -> Sequence[Outgoing]:
    """Attach a request to its lesson, which it creates when it is the first to ask.

    A request that only its student can make clear waits for an answer, and emits nothing.
    """
    if isinstance(said.said, Answered):
        return _accept_answer(said.said, services)
    request = said.said.request
    meant = understood(
        request.brief.question, services.library, partial(services.records.previous, request)
    )
    if isinstance(meant, Inquiry):
        lesson_id = services.records.ask(request, meant)
        if not lesson_id:
            note_asked_back(request, meant.id)
    else:
        known = replace(request, understood="" if meant == request.brief.question else meant)
        lesson_id = services.records.accept(known, _identity(known, services))
    return _attached(request, lesson_id, services) if lesson_id else []


def _accept_answer(said: Answered, services: Services) -> Sequence[Outgoing]:
    waiting = resumed(said, services, lambda request: _identity(request, services))
    request = waiting.request
    if waiting.lesson_id:
        return _attached(request, waiting.lesson_id, services)
    if waiting.status != "refused":
        return []  # asked again, or cancelled
    return [
        ContentCompleted(request.request_id, "", "refused", request.correlation_id, waiting.reason)
    ]


def _identity(request: Request, services: Services) -> str:
    corpus = services.library.corpus()
    return identity.lesson_id(request.meant, services.versions(request.meant), corpus)


def _attached(request: Request, lesson_id: str, services: Services) -> Sequence[Outgoing]:
    # Read after the commit: a lesson that ends in between has not seen this request yet.
    lesson = services.records.lesson(lesson_id)
    if lesson is None:
        raise Missing("the lesson that was just accepted")
    note_accepted(request, lesson)
    if lesson.status in ENDS:
        mine = (request.request_id, request.correlation_id)
        return [answer(services.records, lesson, *mine, STAGE)]
    if lesson.requested_by == request.request_id and lesson.status != "abandoned":
        return [ScriptRequested(lesson_id, request.correlation_id)]
    return []
