"""Answer every request of a lesson that has come to its end.

The order carries the promise: the lesson's end is committed first, its requests are listed after
that.  A request that attaches in between sees the end itself (`ingest` reads the lesson after its
own commit), so one of the two answers it, and equal event ids make one of both.
"""

from __future__ import annotations

from shared.counted import note_ended
from shared.errors import Missing
from shared.events import ContentCompleted
from shared.ports import Records
from shared.rows import Lesson, RequestStatus

ENDS: dict[str, RequestStatus] = {
    "completed": "completed",
    "refused": "refused",
    "failed": "failed",
}


def answer_all(records: Records, lesson_id: str, stage: str) -> list[ContentCompleted]:
    """Answer all requests of an ended lesson; repeating it repeats the same completions."""
    lesson = records.lesson(lesson_id)
    if lesson is None:
        raise Missing("no such lesson")
    if lesson.status == "abandoned":
        return []  # everybody who waited has cancelled
    return [
        answer(records, lesson, request.request_id, request.correlation_id, stage)
        for request in records.attached(lesson_id)
    ]


def answer(
    records: Records, lesson: Lesson, request_id: str, correlation_id: str, stage: str
) -> ContentCompleted:
    """Move one request to its lesson's end and say so."""
    status = ENDS[lesson.status]
    seconds = records.answered(request_id, status, lesson.reason, stage)
    if seconds is not None:  # whoever moves the row tells it, so that it is counted once
        note_ended(lesson, status, seconds, request_id, correlation_id)
    return ContentCompleted(
        request_id=request_id,
        lesson_id=lesson.lesson_id,
        status=status,
        correlation_id=correlation_id,
        reason=lesson.reason,
        files=dict(lesson.files),
    )
