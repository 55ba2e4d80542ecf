"""The mark that tells `render`, which has no database, that nobody waits for a lesson any more."""

from __future__ import annotations

from shared.ports import Objects


def abandoned(lesson_id: str) -> str:
    """Name the mark, an object in the scenes bucket."""
    return f"lessons/{lesson_id}/abandoned.json"


def mark_abandoned(objects: Objects, lesson_id: str) -> None:
    """Let no scene of this lesson be rendered any more; a second mark changes nothing."""
    objects.create("scenes", abandoned(lesson_id), b"{}\n", content_type="application/json")
