"""Every event of the pipeline: what it carries, its topic, the work it names.

A request or a fact, readable by grammar.  An event decodes from an Eventarc delivery (Pub/Sub or
Cloud Storage) and encodes into a `Message`; decoding checks each field's type and raises
`Unreadable`, so that past this module nothing is a bare dictionary.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal, Protocol, Self

from shared import trace
from shared.errors import Superseded
from shared.messages import (
    SCHEMA,
    Arrived,
    Message,
    read_generation,
    read_internal,
    read_lesson_id,
    read_object,
    read_text,
    read_whole,
)
from shared.ports import Bucket

NAMESPACE = uuid.UUID("5f0c2f0e-6a53-5e0b-9d56-2c5c4f2b7a10")
SCENE_OBJECT = re.compile(r"lessons/([0-9a-f]{32})/scenes/(\d{2})/(scene|failed)\.json")
SCENE_NUDGE = re.compile(r"nudges/([0-9a-f]{32})/[^/]+\.json")
BOOK_OBJECT = re.compile(r"books/[a-z0-9-]{1,64}/[0-9a-f]{64}\.zip")
BOOK_NUDGE = re.compile(r"nudges/(books/[a-z0-9-]{1,64}/[0-9a-f]{64}\.zip)@(\d+)/[^/]+\.json")


Origin = tuple[Literal["topics"], str] | tuple[Literal["buckets"], Bucket]


class Decoded(Protocol):
    """What the spine needs to know of an event that arrives and needs no claim."""

    stage: ClassVar[str]

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable or Superseded."""


class Event(Decoded, Protocol):
    """What the spine needs to know of an event that asks for work under a claim."""

    source: ClassVar[Origin]

    @property
    def key(self) -> str:
        """The claim key of the work that this event asks for."""

    def business(self) -> Mapping[str, Any]:
        """Give the input that decides the result, without trace, time or message id."""

    @property
    def lesson_id(self) -> str:
        """The lesson concerned; empty while unknown."""

    @property
    def request_id(self) -> str:
        """The request concerned; empty where the work is for all that wait for a lesson."""

    @property
    def correlation_id(self) -> str:
        """What its sender calls the request that began it; empty while unknown."""


class Outgoing(Protocol):
    """What the spine needs to know of an event that leaves."""

    def message(self) -> Message:
        """Encode for the wire, with an id that every replay repeats."""


def canonical(business: Mapping[str, Any]) -> str:
    """Encode business input as canonical JSON: sorted keys, NFC text, no blanks."""
    encoded = json.dumps(business, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", encoded)


def digest(business: Mapping[str, Any]) -> str:
    """Hash business input; equal input has equal digests on every machine."""
    return hashlib.sha256(canonical(business).encode()).hexdigest()


def event_id(key: str, kind: str, unit: str = "") -> str:
    """Name an event by the work that emits it, so that a replay repeats the id."""
    return str(uuid.uuid5(NAMESPACE, f"{key}|{kind}|{unit}"))


@dataclass(frozen=True, slots=True)
class ScriptRequested:
    """Please write this lesson's plan."""

    topic: ClassVar[str] = "script-requested"
    source: ClassVar[Origin] = ("topics", topic)
    stage: ClassVar[str] = "script"
    request_id: ClassVar[str] = ""

    lesson_id: str
    correlation_id: str = ""

    @property
    def key(self) -> str:
        """Name the work."""
        return f"script/{self.lesson_id}"

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        return {"lesson_id": self.lesson_id}

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable or Superseded."""
        body = read_internal(arrived.body)
        return cls(read_lesson_id(body), read_text(body, "correlation_id", default=""))

    def message(self) -> Message:
        """Encode for the wire."""
        return _message(self.topic, event_id(f"ingest/{self.lesson_id}", self.topic), asdict(self))


@dataclass(frozen=True, slots=True)
class SceneRequested:
    """Please render one scene of this plan."""

    topic: ClassVar[str] = "scene-requested"
    source: ClassVar[Origin] = ("topics", topic)
    stage: ClassVar[str] = "render"
    request_id: ClassVar[str] = ""

    lesson_id: str
    scene: int
    plan_generation: int
    correlation_id: str = ""

    @property
    def key(self) -> str:
        """Name the work."""
        return f"render/{self.lesson_id}/{self.scene:02d}"

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        return {
            "lesson_id": self.lesson_id,
            "scene": self.scene,
            "plan_generation": self.plan_generation,
        }

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable or Superseded."""
        body = read_internal(arrived.body)
        return cls(
            read_lesson_id(body),
            read_whole(body, "scene"),
            read_whole(body, "plan_generation"),
            read_text(body, "correlation_id", default=""),
        )

    def message(self) -> Message:
        """Encode for the wire."""
        unit = str(self.scene)
        return _message(
            self.topic, event_id(f"script/{self.lesson_id}", self.topic, unit), asdict(self)
        )


@dataclass(frozen=True, slots=True)
class ContentCompleted:
    """One request has its answer: completed, refused or failed."""

    topic: ClassVar[str] = "content-completed"

    request_id: str
    lesson_id: str
    status: str
    correlation_id: str = ""
    reason: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def message(self) -> Message:
        """Encode for the wire."""
        unique = event_id(f"request/{self.request_id}", self.topic, self.status)
        return _message(self.topic, unique, {**asdict(self), "files": dict(self.files)})


@dataclass(frozen=True, slots=True)
class SceneStored:
    """A scene's committing object is there, or the note that it never will be.

    A nudge, an object that `repair` makes, stands for an event of this kind that got lost.
    """

    source: ClassVar[Origin] = ("buckets", "scenes")
    stage: ClassVar[str] = "finalize"
    request_id: ClassVar[str] = ""

    lesson_id: str
    correlation_id: str = ""

    @property
    def key(self) -> str:
        """Name the work."""
        return f"finalize/{self.lesson_id}"

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        # Each scene's event asks for the same work, so only the lesson may count.
        return {"lesson_id": self.lesson_id}

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable or Superseded."""
        name = read_text(read_object(arrived.body), "name")
        found = SCENE_OBJECT.fullmatch(name) or SCENE_NUDGE.fullmatch(name)
        if found is None:
            raise Superseded("only a scene's last-written object counts")
        return cls(found[1], trace.of_object(arrived.body).get(trace.CORRELATION, ""))


@dataclass(frozen=True, slots=True)
class BookStored:
    """A textbook lies in the OER bucket; a nudge stands for an event that got lost."""

    source: ClassVar[Origin] = ("buckets", "oer")
    stage: ClassVar[str] = "library"
    request_id: ClassVar[str] = ""
    correlation_id: ClassVar[str] = ""

    name: str
    generation: int

    @property
    def key(self) -> str:
        """Name the work."""
        return f"library/{self.name}@{self.generation}"

    @property
    def lesson_id(self) -> str:
        """Belong to no lesson."""
        return ""

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        return {"name": self.name, "generation": self.generation}

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable or Superseded."""
        body = read_object(arrived.body)
        name = read_text(body, "name")
        nudge = BOOK_NUDGE.fullmatch(name)
        if nudge is not None:
            return cls(nudge[1], int(nudge[2]))
        if BOOK_OBJECT.fullmatch(name) is None:
            raise Superseded("only books count")
        return cls(name, read_generation(body))


@dataclass(frozen=True, slots=True)
class DeadLettered:
    """A stage without records gives a delivery up; `repair` records it."""

    stage: str
    message_id: str
    reason: str
    detail: str
    field: str
    body: bytes

    def message(self) -> Message:
        """Encode for the wire: the body as it came, the reason beside it."""
        body = self.body.decode("utf-8", "backslashreplace")
        attributes = {"reason": self.reason, "detail": self.detail[:500], "field": self.field}
        unique = event_id(f"{self.stage}/{self.message_id}", "dead")
        named = {"event_id": unique, **attributes, **trace.carried()}
        return Message(f"{self.stage}-dead", unique, body, named)


def _message(topic: str, unique: str, data: Mapping[str, Any]) -> Message:
    body = json.dumps({"schema": SCHEMA, **data}, ensure_ascii=False, separators=(",", ":"))
    return Message(topic, unique, body, {"event_id": unique, **trace.carried()})
