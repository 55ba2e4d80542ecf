"""Answer requests late: say it first, then move the rows.

A stage moves its rows first and publishes under its claim, so that a crash in between is made good
by the next delivery.  `repair` holds no claim and finds what it has to do by the rows: moved first,
a row would hide an answer that never left.  Published twice, equal event ids make one of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.abandoned import mark_abandoned
from shared.answers import ENDS, answer
from shared.errors import Missing
from shared.events import ContentCompleted
from shared.ports import Services
from shared.rows import Attached, Lesson

STAGE = "repair"
LEFT_ALONE = (
    "the lesson was given up when an earlier request for it was cancelled: please ask again"
)


def fail_and_answer(lesson_id: str, reason: str, stage: str, services: Services) -> None:
    """Fail a lesson that is still open, and tell everybody who waits for it."""
    try:
        # First, since nobody looks again at a lesson that has ended; its scenes may be under way.
        mark_abandoned(services.objects, lesson_id)
    finally:  # storage that is away holds no answer up
        services.records.ended(lesson_id, "failed", reason, stage)
        answer_everybody(lesson_id, services)


def answer_everybody(lesson_id: str, services: Services) -> None:
    """Say to all requests of an ended lesson how it ended, also to those that know."""
    # Listed after the end was committed: who attaches later sees the end itself.
    answer_these(lesson_id, services.records.attached(lesson_id), services)


def answer_these(lesson_id: str, waiting: Sequence[Attached], services: Services) -> None:
    """Say to some requests how their lesson ended, then move them there; open ones stay."""
    lesson = services.records.lesson(lesson_id)
    if lesson is None:
        raise Missing("no such lesson")
    if lesson.status == "abandoned":
        # Nobody attaches to such a lesson; should a request wait for it, nothing else would end it.
        lesson = replace(lesson, status="failed", reason=LEFT_ALONE)
    if lesson.status not in ENDS:
        return
    services.events.publish([_completion(lesson, one).message() for one in waiting])
    for one in waiting:
        answer(services.records, lesson, one.request_id, one.correlation_id, STAGE)


def _completion(lesson: Lesson, waiting: Attached) -> ContentCompleted:
    return ContentCompleted(
        request_id=waiting.request_id,
        lesson_id=lesson.lesson_id,
        status=ENDS[lesson.status],
        correlation_id=waiting.correlation_id,
        reason=lesson.reason,
        files=dict(lesson.files),
    )
