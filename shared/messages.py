"""Messages as they travel, and how one is read field by field.

What is read is typed or refused: `Unreadable` names the field and the rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Transient, Unreadable

SCHEMA = 1
LESSON_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Message:
    """One event as it travels: `data` is JSON text, `id` is the same at every replay."""

    topic: str
    id: str
    data: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery as Eventarc makes it: `body` is the message's data or the object resource.

    `body` is raw bytes for Pub/Sub and the decoded object resource's JSON for storage;
    `attributes` are the Pub/Sub attributes, empty for storage.
    """

    id: str
    source: str
    body: bytes
    attributes: Mapping[str, str]


def read_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object from a delivery's body; raises Unreadable."""
    try:
        decoded = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("not-utf-8", "the message is not UTF-8") from error
    except (ValueError, RecursionError) as error:  # the latter: ten thousand open brackets
        raise Unreadable("not-json", "the message is not JSON") from error
    if not isinstance(decoded, dict):
        raise Unreadable("not-an-object", "the message is not a JSON object")
    return decoded


def read_internal(body: bytes) -> dict[str, Any]:
    """Read a message that the pipeline wrote to itself.

    Raises Unreadable, and Transient for a later schema: the release that can read it is on its
    way.
    """
    decoded = read_object(body)
    schema = decoded.get("schema", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise Transient(f"a newer release wrote this message, in schema {schema}")
    return decoded


def read_text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Read one text field."""
    found = body.get(name, default)
    if not isinstance(found, str):
        raise Unreadable("wrong-type", f"{name}: must be text", name)
    return found


def read_whole(body: Mapping[str, Any], name: str) -> int:
    """Read one whole number; `true` and "7" are none."""
    found = body.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Unreadable("wrong-type", f"{name}: must be a whole number", name)
    return found


def read_generation(body: Mapping[str, Any]) -> int:
    """Read an object's generation; Google's own samples show it as text and as a number."""
    found = str(body.get("generation", ""))
    if not found.isdecimal():
        raise Unreadable("wrong-type", "generation: must be a whole number", "generation")
    return int(found)


def read_lesson_id(body: Mapping[str, Any]) -> str:
    """Read the lesson's id: 32 hexadecimal digits."""
    found = read_text(body, "lesson_id")
    if LESSON_ID.fullmatch(found) is None:
        raise Unreadable("bad-id", "lesson_id: must be 32 hexadecimal digits", "lesson_id")
    return found
