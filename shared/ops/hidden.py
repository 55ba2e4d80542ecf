"""Keep the student's words off an operator's screen, unless they are asked for.

Shown is only what is known to be ours: fields that hold ids, numbers or names, with values that
look like it.  Everything else in a message may be what a student wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

NOTE = "(hidden: --show-text)"
OURS = frozenset(
    {
        *("schema", "request_id", "correlation_id", "organization_id", "environment"),
        *("grade_level", "requested_modalities", "preferred_modality"),
        *("lesson_id", "scene", "plan_generation"),
        *("name", "bucket", "generation", "metageneration", "size", "kind", "id", "md5Hash"),
        *("contentType", "timeCreated", "updated", "storageClass", "crc32c", "etag"),
        *("student_id", "student_query", "interest"),  # their names, never their values
        *("event_id", "redrive", "bucketId", "objectId", "objectGeneration", "eventType"),
    }
)
STUDENT = frozenset({"student_id", "student_query", "interest"})
PLAIN = re.compile(r"[A-Za-z0-9_./:@#+=-]{0,200}")
LEAST = 3  # characters; less is no word that anybody is known by


@dataclass(frozen=True, slots=True)
class Hiding:
    """What to hide in texts that somebody else wrote: error messages, snapshots."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, body: bytes, *further: str) -> Self:
        """Hide whatever of a body is not shown, and further texts, wherever they are quoted."""
        decoded = _object(body) or {}
        quoted = {text for name in decoded if name not in OURS for text in (name,)}
        quoted |= {text for name, value in decoded.items() for text in _hidden_texts(name, value)}
        wanted = {text for text in (*quoted, *further) if len(text) >= LEAST}
        return cls(tuple(sorted(wanted, key=len, reverse=True)))

    def clean(self, text: str) -> str:
        """Put the note in the place of each of them."""
        for word in self.words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: NOTE, text)
        return text

    def within(self, told: object) -> object:
        """Do so in every text of a decoded JSON value."""
        if isinstance(told, str):
            return self.clean(told)
        if isinstance(told, list):
            return [self.within(one) for one in told]
        if isinstance(told, dict):
            return {name: self.within(one) for name, one in told.items()}
        return told


def shown_body(body: bytes) -> str:
    """Write a message without what a student may have written."""
    decoded = _object(body)
    if decoded is None:
        return f"{len(body)} bytes {NOTE}"
    shown = {name: _shown(name, value) for name, value in decoded.items() if name in OURS}
    more = len(decoded) - len(shown)
    if more:
        shown["…"] = f"{more} more {'field' if more == 1 else 'fields'} {NOTE}"
    return json.dumps(shown, ensure_ascii=False, indent=1)


def whole_body(body: bytes) -> str:
    """Write a message as it came."""
    return body.decode("utf-8", "backslashreplace")


def shown_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """Keep the attributes that look like ours."""
    return {
        name: text if PLAIN.fullmatch(text) else NOTE
        for name, text in attributes.items()
        if name in OURS or name.startswith("CloudPubSubDeadLetter")
    }


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _shown(name: str, value: object) -> object:
    if name in STUDENT or not _plain(value):
        return NOTE
    return value


def _plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) and PLAIN.fullmatch(one) for one in value)
    if isinstance(value, str):
        return PLAIN.fullmatch(value) is not None
    return value is None or isinstance(value, int | float)


def _hidden_texts(name: str, value: object) -> Iterable[str]:
    if name in OURS and name not in STUDENT and _plain(value):
        return ()
    return _texts(value)


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
        yield " ".join(value.split())  # as a request is cleaned before it is used
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif not isinstance(value, bool) and value is not None:
        yield str(value)
