"""What older clients send, upgraded to the shape of today; one small function for each shape.

Each takes the message as it is by then and gives what to change in it, None meaning to take a
field away.  A value that makes no sense stays as it is, for the schema to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
NUMBER = re.compile(r"[0-9]{1,2}")


def upgraded(message: Message) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Upgrade a message; gives it with a note for each shape that was met."""
    now = dict(message)
    notes = []
    for note, upgrade in UPGRADES.items():
        changes = upgrade(now)
        if changes:
            notes.append(note)
            now = {name: value for name, value in {**now, **changes}.items() if value is not None}
    return now, tuple(notes)


def _null_means_absent(message: Message) -> Message:
    return {name: None for name, value in message.items() if value is None}


def _grade_as_text(message: Message) -> Message:
    grade = message.get("grade_level")
    if isinstance(grade, str) and NUMBER.fullmatch(grade):
        return {"grade_level": int(grade)}
    return {}


def _topic(message: Message) -> Message:
    if "topic" not in message:
        return {}
    return {"student_query": message.get("student_query", message["topic"]), "topic": None}


def _text_only(message: Message) -> Message:
    chosen = message.get("text_only")
    if not isinstance(chosen, bool):
        return {}
    if chosen and "requested_modalities" not in message:
        return {"requested_modalities": ["text"], "text_only": None}
    return {"text_only": None}


def _duration(message: Message) -> Message:
    return {"duration_minutes": None} if "duration_minutes" in message else {}


UPGRADES: dict[str, Callable[[Message], Message]] = {
    "null taken as absent": _null_means_absent,
    "grade_level was text": _grade_as_text,
    "topic taken as student_query": _topic,
    "text_only taken as requested_modalities": _text_only,
    "duration_minutes ignored: the plan decides": _duration,
}
