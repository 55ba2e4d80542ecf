"""What a student says on content-requests: a question, or an answer to ours.

A message with `answers` is an answer; it names the request, who asked it, and our question's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from shared.errors import Unreadable
from shared.events import Origin, digest
from shared.messages import Arrived, read_object
from shared.request import ContentRequested, clean, follow_schema, readable_request_id
from shared.request_shapes import upgraded
from shared.safety.personal import scrubbed

SCHEMA_FILE = Path(__file__).with_name("answer.schema.json")
NAMED = 16  # hexadecimal digits that tell one answer from another


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to one inquiry of a request."""

    request_id: str
    student_id: str
    inquiry_id: str
    answer: str
    correlation_id: str = ""

    @property
    def key(self) -> str:
        """Name the work: another answer, or somebody else's, is other work."""
        return f"ingest/{self.request_id}/{digest(self.business())[:NAMED]}"

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        return {
            "request_id": self.request_id,
            "student_id": self.student_id,
            "inquiry_id": self.inquiry_id,
            "answer": self.answer,
        }

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read an answer; raises Unreadable, which never ends the request that it is about."""
        try:
            message, _ = upgraded(read_object(body))
            follow_schema(message, SCHEMA_FILE)
            inquiry_id, answer = _latest(message["answers"])
            return cls(
                *(message["request_id"].lower(), message["student_id"], inquiry_id, answer),
                correlation_id=message.get("correlation_id", ""),
            )
        except Unreadable as fault:
            fault.request_id = readable_request_id(body)
            fault.ends_request = False
            raise


@dataclass(frozen=True, slots=True)
class StudentSaid:
    """A question or an answer."""

    topic: ClassVar[str] = ContentRequested.topic
    source: ClassVar[Origin] = ContentRequested.source
    stage: ClassVar[str] = ContentRequested.stage
    lesson_id: ClassVar[str] = ""  # it belongs to no lesson yet

    said: ContentRequested | Answered

    @property
    def key(self) -> str:
        """Name the work."""
        return self.said.key

    @property
    def request_id(self) -> str:
        """Tell whose work it is."""
        return self.said.request_id

    @property
    def correlation_id(self) -> str:
        """Tell what its sender calls it."""
        return self.said.correlation_id

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        return self.said.business()

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable, with the request id where that can be read."""
        if _is_answer(arrived.body):
            return cls(Answered.decode(arrived.body))
        return cls(ContentRequested.decode(arrived))


def _latest(answers: Mapping[str, str]) -> tuple[str, str]:
    inquiry_id = max(answers)
    answer = clean(answers, inquiry_id)
    if not answer:
        raise Unreadable("blank", "answers: must hold a word", "answers")
    return inquiry_id, scrubbed(answer)  # from here on nothing knows what a student told of whom


def _is_answer(body: bytes) -> bool:
    try:
        return read_object(body).get("answers") is not None
    except Unreadable:
        return False  # whatever it is, it is read as a question, and refused as one
