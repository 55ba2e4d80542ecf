"""The facts of a request that are counted: it was accepted or asked back, it has its end."""

from __future__ import annotations

from shared.canary import is_canary
from shared.lesson.plan import Brief
from shared.log import log
from shared.rows import Lesson, Request, RequestStatus

RICHEST = ("video", "audio", "text")


def note_accepted(request: Request, lesson: Lesson) -> None:
    """Say that a request is on record, and whether it began a lesson or waits for another's."""
    begins = lesson.requested_by == request.request_id
    facts = {"lesson_id": lesson.lesson_id, "lesson": "new" if begins else "shared"}
    log.info("Request accepted", extra={**_labels(lesson.brief), **facts})


def note_asked_back(request: Request, inquiry_id: str) -> None:
    """Say that a request waits for its student's answer."""
    log.info("Request asked back", extra={**_labels(request.brief), "inquiry": inquiry_id})


def note_unanswered(request_id: str, correlation_id: str) -> None:
    """Say that a request ended because nobody answered what it was asked back."""
    facts = {"request_id": request_id, "correlation_id": correlation_id}
    log.info("Request expired", extra=facts)


def note_ended(
    lesson: Lesson, status: RequestStatus, seconds: float, request_id: str, correlation_id: str
) -> None:
    """Say how a request ended, and how many seconds after it was accepted."""
    facts = {
        "request_id": request_id,
        "correlation_id": correlation_id,
        "lesson_id": lesson.lesson_id,
        "outcome": status,
        "seconds": round(seconds, 3),
    }
    log.info("Request ended", extra={**_labels(lesson.brief), **facts})


def _labels(brief: Brief) -> dict[str, object]:
    modality = next(one for one in RICHEST if one in brief.modalities)
    return {"kind": "canary" if is_canary(brief) else "customer", "modality": modality}
