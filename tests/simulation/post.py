"""Pub/Sub and the buckets' events: what waits to be delivered, when, and in which envelope."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from cloudevents.http import CloudEvent

from local.topology import PIPELINE, TICK, TICK_TOPIC, Subscription
from shared.messages import Message
from shared.ports import StoredObject
from tests.simulation.faults import Fault, Nemesis

TYPES = {
    "topic": "google.cloud.pubsub.topic.v1.messagePublished",
    "bucket": "google.cloud.storage.object.v1.finalized",
}
SOURCES = {
    "topic": "//pubsub.googleapis.com/projects/demo/topics/",
    "bucket": "//storage.googleapis.com/projects/_/buckets/",
}
OUTSIDE = "content-requests"  # whoever sends there keeps the message until it is published
LATEST_S = 0.3  # between a message and its first delivery


@dataclass(slots=True)
class Delivery:
    """One copy of an event on its way to one function; `attempt` counts from 1."""

    subscription: Subscription
    id: str
    data: bytes
    due_s: float
    attributes: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1
    sent: int = 0

    @property
    def function(self) -> str:
        """Whom it is for."""
        return self.subscription.function

    @property
    def is_tick(self) -> bool:
        """Whether it asks for nothing in particular."""
        return self.subscription.source == TICK_TOPIC

    def event(self) -> CloudEvent:
        """Put it into the envelope that Eventarc makes."""
        kind = self.subscription.kind
        facts = {
            "id": self.id,
            "source": SOURCES[kind] + self.subscription.source,
            "type": TYPES[kind],
        }
        if kind == "bucket":
            return CloudEvent(facts, json.loads(self.data))
        message = {
            "data": base64.b64encode(self.data).decode(),
            "messageId": self.id,
            "attributes": dict(self.attributes),
        }
        return CloudEvent(facts, {"message": message})


class Post:
    """Everything that waits; `forwarded` names the message that a dead letter was before."""

    def __init__(self, random: Random, nemesis: Nemesis, *, repairs: bool) -> None:
        self.waiting: list[Delivery] = []
        self.forwarded: dict[str, str] = {}
        self._random = random
        self._nemesis = nemesis
        self._repairs = repairs
        self._most = random.choice((12, 20))
        self._ids = count(1)
        self._sent = count(1)

    def publish(self, message: Message, now_s: float) -> None:
        """Take a message to whoever listens to its topic."""
        self._take("topic", message.topic, message.data.encode(), now_s, message.attributes)

    def request(self, body: bytes, now_s: float) -> str:
        """Take what the product sends; gives its message id."""
        (first,) = self._take("topic", OUTSIDE, body, now_s)[:1]
        return first

    def finalized(self, stored: StoredObject, now_s: float) -> None:
        """Tell whoever listens to a bucket of a new object."""
        resource = {
            "name": stored.name,
            "bucket": stored.bucket,
            "generation": str(stored.generation),
            "size": str(stored.size),
        }
        self._take("bucket", stored.bucket, json.dumps(resource).encode(), now_s)

    def tick(self, now_s: float) -> None:
        """Remind `repair`, unless it has not seen the last reminder yet."""
        if not any(one.is_tick for one in self.waiting):
            self._take("topic", TICK_TOPIC, TICK, now_s)

    def repeat(self, delivery: Delivery, due_s: float) -> None:
        """Deliver an event once more, though nobody has given up on it."""
        self._nemesis.counts[Fault.DUPLICATED] += 1
        self.waiting.append(replace(delivery, attempt=1, due_s=due_s))

    def failed(self, delivery: Delivery, now_s: float) -> None:
        """Deliver again after a while, or give the message up."""
        subscription = delivery.subscription
        mortal = self._repairs and subscription.dead_topic is not None
        if mortal and delivery.attempt >= self._most:
            self._nemesis.counts[Fault.GIVEN_UP] += 1
            self._give_up(delivery, now_s)
            return
        if mortal and self._nemesis.gives_up(now_s):
            self._give_up(delivery, now_s)
            if self._random.random() < 0.5:
                return  # else it goes on all the same: dead-lettering is best effort
        delay_s = subscription.backoff_after(delivery.attempt)
        again = replace(delivery, attempt=delivery.attempt + 1, due_s=now_s + delay_s)
        self.waiting.append(again)

    def next(self, now_s: float) -> Delivery | None:
        """Take any delivery that is due, mostly the oldest one; None when there is none."""
        due = [one for one in self.waiting if one.due_s <= now_s]
        if not due:
            return None
        oldest = min(due, key=lambda one: one.sent)
        chosen = oldest if self._random.random() < 0.5 else self._random.choice(due)
        if chosen.sent > oldest.sent:
            self._nemesis.counts[Fault.REORDERED] += 1
        self.waiting.remove(chosen)
        return chosen

    def _take(
        self,
        kind: str,
        source: str,
        data: bytes,
        now_s: float,
        attributes: Mapping[str, str] | None = None,
    ) -> list[str]:
        takers = [s for s in PIPELINE.subscriptions if (s.kind, s.source) == (kind, source)]
        ids = []
        for taker in takers:
            unique = f"m{next(self._ids)}"
            inside = self._repairs and source != OUTSIDE and taker.function != "repair"
            for delay_s, is_new in self._nemesis.copies(now_s, may_be_lost=inside):
                copy = f"m{next(self._ids)}" if is_new else unique
                due_s = now_s + delay_s + self._random.uniform(0.0, LATEST_S)
                given = dict(attributes or {})
                sent = next(self._sent)
                self.waiting.append(Delivery(taker, copy, data, due_s, given, sent=sent))
                ids.append(copy)
        return ids

    def _give_up(self, delivery: Delivery, now_s: float) -> None:
        source = "CloudPubSubDeadLetterSource"
        attributes = {
            **delivery.attributes,
            f"{source}DeliveryCount": str(delivery.attempt),
            f"{source}Subscription": delivery.subscription.name,
            f"{source}SubscriptionProject": "demo",
        }
        topic = delivery.subscription.dead_topic or ""
        for copy in self._take("topic", topic, delivery.data, now_s, attributes):
            self.forwarded[copy] = self.forwarded.get(delivery.id, delivery.id)
