"""A paid answer as an object: stored before anybody looks into it, found again by a redelivery."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from shared.errors import Transient
from shared.hold import adopted, signature
from shared.ports import Objects
from shared.spending.ledger import Call

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """Who answered which prompt, at which price, and the whole reply."""

    model: str
    location: str
    prompt: str
    call: Call
    reply: dict[str, Any]

    @property
    def raw(self) -> bytes:
        """The reply as it came."""
        return json.dumps(self.reply).encode()


def find(objects: Objects, lesson_id: str, number: int) -> Stored | None:
    """Look for an answer that was paid for before."""
    name = _name(lesson_id, number)
    found = objects.find("generated", name)
    if found is None:
        return None
    adopted(found)
    return _read(objects.read("generated", name, found.generation))


def store(objects: Objects, lesson_id: str, number: int, answer: Stored) -> Stored:
    """Keep an answer; of two runs that raced, both go on with the first one's."""
    body = json.dumps({"schema": SCHEMA, **asdict(answer)}, sort_keys=True).encode()
    name = _name(lesson_id, number)
    kept = objects.create(
        "generated", name, body, content_type="application/json", metadata=signature()
    )
    adopted(kept)
    return _read(objects.read("generated", name, kept.generation))


def _read(content: bytes) -> Stored:
    told = json.loads(content)
    if told["schema"] > SCHEMA:
        raise Transient(f"a newer release stored this answer, in schema {told['schema']}")
    return Stored(
        model=told["model"],
        location=told["location"],
        prompt=told["prompt"],
        call=Call(**told["call"]),
        reply=told["reply"],
    )


def _name(lesson_id: str, number: int) -> str:
    return f"lessons/{lesson_id}/draft-{number}.json"
