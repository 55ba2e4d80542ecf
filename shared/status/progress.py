"""How far a request is: a stage, a percentage that never falls, and a timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from shared.status.rows import Seen

# What is reached, in percent; rendering fills the space between two of them scene by scene.
ACCEPTED, SCRIPTED, RENDERED, ANSWERED, COMPLETED = 10, 20, 90, 95, 100


def stage(seen: Seen) -> str:
    """Name the stage that works on it, or where it ended."""
    if seen.status in ("failed", "refused"):
        return seen.error_stage
    if seen.status != "accepted":
        return seen.status
    if seen.lesson_status == "requested":
        return "script"
    return "render" if seen.lesson_status == "scripted" and not _all_rendered(seen) else "finalize"


def percentage(seen: Seen) -> int:
    """Say how far it is; of a request that failed, how far it came."""
    if seen.status == "completed":
        return COMPLETED
    if seen.lesson_status == "completed":
        return ANSWERED
    if not seen.plan_object:
        return ACCEPTED
    share = seen.rendered / seen.scenes if seen.scenes else 0
    return SCRIPTED + int((RENDERED - SCRIPTED) * share)


def scenes(seen: Seen) -> tuple[int, int]:
    """Give how many scenes are rendered, and of how many; a text alone has none to render."""
    return (0, 0) if _is_text(seen) else (seen.rendered, seen.scenes)


def timeline(seen: Seen) -> list[tuple[str, datetime | None]]:
    """List the steps of its way with their times; None stands for what is not reached yet."""
    return list(_steps(seen))


def _steps(seen: Seen) -> Iterator[tuple[str, datetime | None]]:
    yield "accepted", seen.created_at
    if seen.status in ("accepted", "completed") or seen.scripted_at:
        yield "scripted", _after(seen.scripted_at, seen)
        if not _is_text(seen):
            yield "rendered", _after(seen.rendered_at, seen) if _all_rendered(seen) else None
    yield "completed" if seen.status == "accepted" else seen.status, seen.finished_at


def _after(at: datetime | None, seen: Seen) -> datetime | None:
    # A lesson may have been there before the request that attaches to it.
    return None if at is None else max(at, seen.created_at)


def _is_text(seen: Seen) -> bool:
    return seen.modalities == ("text",)


def _all_rendered(seen: Seen) -> bool:
    return 0 < seen.scenes <= seen.rendered
