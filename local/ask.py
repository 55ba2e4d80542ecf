"""Put requests into the pipeline, as the API that stands before it does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.messages import Message
from shared.ports import Events

TOPIC = "content-requests"


@dataclass(frozen=True, slots=True)
class Question:
    """What a student asks on the command line."""

    text: str
    interest: str
    grade: str
    modalities: tuple[str, ...]


def ask(events: Events, question: Question) -> str:
    """Publish a question as a request; gives the request's id."""
    request_id = str(uuid.uuid4())
    message = {
        "request_id": request_id,
        "correlation_id": request_id,
        "student_id": "local",
        "student_query": question.text,
        "grade_level": question.grade,
        "interest": question.interest,
        "requested_modalities": list(question.modalities),
        "environment": "local",
    }
    send(events, [json.dumps(message)])
    return request_id


def send(events: Events, messages: Sequence[str]) -> None:
    """Publish messages exactly as they are, readable or not."""
    events.publish([Message(TOPIC, str(uuid.uuid4()), message) for message in messages])


def messages_in(argument: str, standard_input: Iterator[str]) -> list[str]:
    """Read what `send` was given: one JSON object, a file of JSON lines, or `-`.

    A file that is not there raises FileNotFoundError.
    """
    if argument == "-":
        return [line.strip() for line in standard_input if line.strip()]
    if argument.lstrip().startswith("{"):
        return [argument]
    lines = Path(argument).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return [line for line in lines if line.strip()]
