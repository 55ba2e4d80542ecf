"""A dead letter as it arrives, in one of three shapes.

our own             a stage without records gave a delivery up: attributes reason, detail, field
forwarded           Pub/Sub gave it up: its own body and attributes, CloudPubSubDeadLetter… added
forwarded, storage  the same; the body is the object resource, the attributes its transport form
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from shared.errors import Transient, Unreadable
from shared.events import (
    BookStored,
    Event,
    SceneRequested,
    SceneStored,
    ScriptRequested,
)
from shared.messages import Arrived, Message
from shared.question.message import StudentSaid

KINDS: Mapping[str, type[Event]] = {
    kind.stage: kind
    for kind in (StudentSaid, ScriptRequested, SceneRequested, SceneStored, BookStored)
}
REDRIVE = "redrive"
REDRIVEN_OBJECT = re.compile(r'"nudges/[^"]*/redrive-(\d)\.json"')
# What Pub/Sub added to the original message; a publisher may not set what begins with "goog".
ADDED = ("CloudPubSubDeadLetter", "goog")
SOURCE_SUBSCRIPTION = "CloudPubSubDeadLetterSourceSubscription"
DELIVERIES = "CloudPubSubDeadLetterSourceDeliveryCount"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of a stage's dead-letter topic; (stage, id) names it once."""

    stage: str
    id: str
    delivery: Arrived

    @classmethod
    def arrived(cls, topic: str, delivery: Arrived) -> Self:
        """Find the stage by the topic; a stage that publishes its letter again gives the same."""
        letter = cls(topic.removesuffix("-dead"), delivery.id, delivery)
        return replace(letter, id=delivery.attributes.get("event_id", "")) if letter.own else letter

    @property
    def own(self) -> bool:
        """Whether a stage gave it up on purpose, and told why."""
        attributes = self.delivery.attributes
        told = attributes.get("reason") and attributes.get("event_id")
        return bool(told) and SOURCE_SUBSCRIPTION not in attributes

    @property
    def reason(self) -> str:
        """Say in a word why it came here."""
        return self.delivery.attributes["reason"] if self.own else "too-many-deliveries"

    @property
    def detail(self) -> str:
        """Say more, without any word of a student."""
        attributes = self.delivery.attributes
        times = attributes.get(DELIVERIES, "an unknown number of")
        return attributes.get("detail", "") if self.own else f"given up after {times} deliveries"

    @property
    def field(self) -> str:
        """Name the field at fault."""
        return self.delivery.attributes.get("field", "") if self.own else ""

    @property
    def redrives(self) -> int:
        """Count how often `repair` has sent it again already."""
        told = self.delivery.attributes.get(REDRIVE, "")
        named = REDRIVEN_OBJECT.search(self.delivery.body.decode("utf-8", "replace"))
        return int(named[1]) if named else int(told) if told.isdecimal() else 0

    def event(self) -> Event:
        """Read the original event; raises Unreadable or Superseded."""
        kind = KINDS.get(self.stage)
        if kind is None:
            raise Unreadable("not-ours", f"no stage is called {self.stage[:40]!r}")
        try:
            return kind.decode(self.delivery)
        except Transient as fault:
            raise Unreadable("newer-schema", str(fault)) from fault

    def again(self, topic: str) -> Message:
        """Write the original message once more, with the count of it."""
        kept = {
            name: text
            for name, text in self.delivery.attributes.items()
            if not name.startswith(ADDED)
        }
        attributes = {**kept, REDRIVE: str(self.redrives + 1)}
        body = self.delivery.body.decode()
        return Message(topic, attributes.get("event_id", self.id), body, attributes)
