"""The mark that stops `render`, which has no database: nothing more is made of this lesson.

Nobody waits for the lesson any more, or it has ended without a film.
"""

from __future__ import annotations

from shared.errors import Superseded
from shared.ports import Objects


def abandoned(lesson_id: str) -> str:
    """Name the mark, an object in the scenes bucket."""
    return f"lessons/{lesson_id}/abandoned.json"


def mark_abandoned(objects: Objects, lesson_id: str) -> None:
    """Let no scene of this lesson be rendered any more; a second mark changes nothing."""
    objects.create("scenes", abandoned(lesson_id), b"{}\n", content_type="application/json")


def stop_if_abandoned(objects: Objects, lesson_id: str) -> None:
    """Ask for the mark, before each paid or long step; raises Superseded when it is there."""
    if objects.find("scenes", abandoned(lesson_id)):
        raise Superseded("nothing more is made of this lesson")
