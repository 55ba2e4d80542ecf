"""A request as the web page reads it: the field names that it has always polled, and ours."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.limits import INPUT_KEPT_S
from shared.status import progress
from shared.status.contents import Contents
from shared.status.rows import Seen

OURS = "Something went wrong on our side, not with the question. Ask it again in a while."
UNREADABLE = "The request could not be read; error_details says what to change."


def whole(seen: Seen, contents: Contents) -> dict[str, object]:
    """Tell everything of one request."""
    steps = progress.timeline(seen)
    return {
        **entry(seen),
        "script_text": contents.script,
        "video_url": contents.links.get("film"),
        "audio_url": contents.links.get("audio"),
        "thumbnail_url": contents.links.get("thumbnail"),
        "captions_url": contents.links.get("captions"),
        "transcript_url": contents.links.get("transcript"),
        "chapters_url": contents.links.get("chapters"),
        "sources": list(contents.sources),
        "error_details": _details(seen),
        "cost_micros": seen.cost_micros,
        "timeline": [{"step": step, "at": _time(at)} for step, at in steps],
        "timeline_position": sum(at is not None for _, at in steps),
        "questions": _questions(seen),
        "answer_until": _time(_answer_until(seen)),
    }


def entry(seen: Seen) -> dict[str, object]:
    """Tell what a list shows of a request."""
    done = seen.status == "completed"
    rendered, scenes = progress.scenes(seen)
    return {
        "request_id": seen.request_id,
        "correlation_id": seen.correlation_id,
        "status": seen.status,
        "progress_percentage": progress.percentage(seen),
        "current_stage": progress.stage(seen),
        "created_at": _time(seen.created_at),
        "started_at": _time(seen.started_at),
        "completed_at": _time(seen.finished_at) if done else None,
        "failed_at": _time(seen.failed_at),
        "error_stage": seen.error_stage or None,
        "error_message": _message(seen),
        "scenes_rendered": rendered,
        "scenes_total": scenes,
    }


def _questions(seen: Seen) -> list[dict[str, object]]:
    """Show what the student is asked back; what an option leads to is ours."""
    asked = [seen.inquiry] if seen.inquiry else []
    return [
        {
            "id": inquiry.id,
            "text": inquiry.text,
            "options": [{"id": option.id, "text": option.text} for option in inquiry.options],
        }
        for inquiry in asked
    ]


def _answer_until(seen: Seen) -> datetime | None:
    return seen.asked_at + timedelta(seconds=INPUT_KEPT_S) if seen.asked_at else None


def _message(seen: Seen) -> str | None:
    """Say to the student why; a refusal's reason is written for them, a fault's is not."""
    if seen.status == "failed":
        return OURS if seen.lesson_id else UNREADABLE
    return seen.error_reason or None


def _details(seen: Seen) -> dict[str, str] | None:
    if not seen.error_stage:
        return None
    return {"stage": seen.error_stage, "reason": seen.error_reason}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
