"""Attempts: how often which function was offered an event, and what becomes of it then.

    waiting -- begin --> in flight -- done --> gone
       ^                     |
       |                  failed -- too often --> the dead topic
       +--- after backoff ---+

The moves are on disk before anybody acts on them.  A delivery that was in flight when the cloud
died comes again, as the next attempt.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from local.cloud.arrows import topic_path
from local.cloud.cloud_event import StoredEvent, rfc3339
from local.cloud.post import Post, open_delivery
from local.cloud.store import Store, Transaction
from local.topology import Subscription

LOG = logging.getLogger(__name__)
DEAD_LETTER = "CloudPubSubDeadLetterSource"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand one event to one function; `attempt` counts from 1."""

    id: int
    event: StoredEvent
    subscription: Subscription
    attempt: int


class Attempts:
    """Counts; `wake` learns when a delivery comes again.  `time_scale` shortens all backoff."""

    def __init__(
        self, store: Store, post: Post, time_scale: float, wake: Callable[[str, int, float], None]
    ) -> None:
        self._store = store
        self._post = post
        self._time_scale = time_scale
        self._wake = wake

    def begin(self, delivery: int) -> Delivery:
        """Count an attempt, before it is made."""
        with self._store.transaction() as transaction:
            attempt, event, function = transaction.execute(
                "update deliveries set attempts = attempts + 1, due_s = null where id = ?"
                " returning attempts, event, function",
                (delivery,),
            ).fetchone()
            kind, source, data, attributes, published_us = transaction.execute(
                "select kind, source, data, attributes, published_us from events where id = ?",
                (event,),
            ).fetchone()
        stored = StoredEvent(str(event), kind, source, data, json.loads(attributes), published_us)
        subscription = self._post.arrows[function, kind, source]
        return Delivery(delivery, stored, subscription, attempt)

    def done(self, delivery: Delivery) -> None:
        """Forget an acknowledged delivery, and its event with the last one."""
        with self._store.transaction() as transaction:
            self._forget(transaction, delivery)

    def failed(self, delivery: Delivery, reason: str) -> None:
        """Try again after a while, or give the message up to the dead topic."""
        most = delivery.subscription.max_deliveries
        if most is not None and delivery.attempt >= most:
            self.give_up(delivery, reason)
        else:
            self._again(delivery)

    def give_up(self, delivery: Delivery, reason: str) -> None:
        """Publish the same data to the dead topic, with where it comes from.

        Without a dead topic it comes again: nobody else would take it.
        """
        subscription, event = delivery.subscription, delivery.event
        LOG.warning("%s gave up event %s: %s", subscription.function, event.id, reason)
        if subscription.dead_topic is None:
            self._again(delivery)
            return
        attributes = {
            **event.attributes,
            f"{DEAD_LETTER}DeliveryCount": str(delivery.attempt),
            f"{DEAD_LETTER}Subscription": subscription.name,
            f"{DEAD_LETTER}SubscriptionProject": self._post.project,
            f"{DEAD_LETTER}TopicPublishTime": rfc3339(event.published_us),
        }
        topic = topic_path(self._post.project, subscription.dead_topic)
        with self._store.transaction() as transaction:
            self._post.add(transaction, "topic", topic, event.data, attributes)
            self._forget(transaction, delivery)

    def put_off(self, delivery: Delivery, due_s: float) -> None:
        """Take an attempt back that was not made; who calls sees to it when it is due."""
        with self._store.transaction() as transaction:
            transaction.execute(
                "update deliveries set due_s = ?, attempts = attempts - 1 where id = ?",
                (due_s, delivery.id),
            )

    def repeat(self, delivery: Delivery, *, new_id: bool) -> int:
        """Add another delivery of the same event, or of one like it; who calls sees to it."""
        function, event = delivery.subscription.function, int(delivery.event.id)
        with self._store.transaction() as transaction:
            if new_id:
                (event,) = transaction.execute(
                    "insert into events (kind, source, data, attributes, published_us)"
                    " select kind, source, data, attributes, published_us from events where id = ?"
                    " returning id", (event,),
                ).fetchone()  # fmt: skip
            return open_delivery(transaction, event, function, time.time())

    def _again(self, delivery: Delivery) -> None:
        subscription = delivery.subscription
        due_s = time.time() + subscription.backoff_after(delivery.attempt) * self._time_scale
        with self._store.transaction() as transaction:
            transaction.execute(
                "update deliveries set due_s = ? where id = ?", (due_s, delivery.id)
            )
        self._wake(subscription.function, delivery.id, due_s)

    def _forget(self, transaction: Transaction, delivery: Delivery) -> None:
        event = int(delivery.event.id)
        transaction.execute("delete from deliveries where id = ?", (delivery.id,))
        transaction.execute(
            "delete from events where id = ?"
            " and not exists (select * from deliveries where event = ?)",
            (event, event),
        )
