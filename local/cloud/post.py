"""The post: every event, and how often which function was offered it.

    add -> waiting -- begin --> in flight -- done --> gone
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
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.cloud.cloud_event import StoredEvent, rfc3339
from local.cloud.store import Store, Transaction
from local.topology import Subscription, Topology, bucket_name
from shared.limits import SUBSCRIPTION_KEPT_DAYS

LOG = logging.getLogger(__name__)
DEAD_LETTER = "CloudPubSubDeadLetterSource"
MOST_DOUBLINGS = 16  # whatever its backoff, a message that never works is tried for ever


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand one event to one function; `attempt` counts from 1."""

    id: int
    event: StoredEvent
    subscription: Subscription
    attempt: int


class Post:
    """Remembers what is still to be delivered; `wake` learns of each delivery and when it is due.

    `time_scale` shortens all backoff.
    """

    def __init__(
        self,
        store: Store,
        topology: Topology,
        project: str,
        time_scale: float,
        wake: Callable[[str, int, float], None],
    ) -> None:
        self._store = store
        self._project = project
        self._time_scale = time_scale
        self._wake = wake
        # What a function gets from where: no two arrows have both ends in common.
        self._subscriptions = {
            (one.function, one.kind, self._full_source(one)): one for one in topology.subscriptions
        }

    def resume(self) -> None:
        """Take up what an earlier run left, and drop what nobody fetched for too long."""
        with self._store.transaction() as transaction:
            self._drop_old(transaction)
            transaction.execute("update deliveries set due_s = 0 where due_s is null")
            rows = transaction.execute(
                "select function, kind, source, deliveries.id, due_s"
                " from deliveries join events on events.id = event"
            ).fetchall()
        for function, kind, source, delivery, due_s in rows:
            if (function, kind, source) in self._subscriptions:  # an older run may have had others
                self._wake(function, delivery, due_s)

    def add(
        self,
        transaction: Transaction,
        kind: str,
        source: str,
        data: bytes,
        attributes: Mapping[str, str],
    ) -> str:
        """Store an event with its deliveries; the answer is its id, decimal and never reused."""
        (event,) = transaction.execute(
            "insert into events (kind, source, data, attributes, published_us)"
            " values (?, ?, ?, ?, ?) returning id",
            (kind, source, data, json.dumps(dict(attributes)), self._store.tick()),
        ).fetchone()
        for function, *end in self._subscriptions:
            if end == [kind, source]:
                self._add_delivery(transaction, event, function)
        return str(event)

    def remind(self, topic: str, data: bytes) -> None:
        """Publish a message unless an earlier one of its topic still waits to be delivered."""
        source = topic_path(self._project, topic)
        with self._store.transaction() as transaction:
            waits = transaction.execute(
                "select id from events where source = ? limit 1", (source,)
            ).fetchone()
            if waits is None:
                self.add(transaction, "topic", source, data, {})

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
        subscription = self._subscriptions[function, kind, source]
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
            f"{DEAD_LETTER}SubscriptionProject": self._project,
            f"{DEAD_LETTER}TopicPublishTime": rfc3339(event.published_us),
        }
        topic = topic_path(self._project, subscription.dead_topic)
        with self._store.transaction() as transaction:
            self.add(transaction, "topic", topic, event.data, attributes)
            self._forget(transaction, delivery)

    def _again(self, delivery: Delivery) -> None:
        subscription = delivery.subscription
        least_s, most_s = subscription.backoff_s
        doublings = min(delivery.attempt - 1, MOST_DOUBLINGS)
        due_s = time.time() + min(most_s, least_s * 2**doublings) * self._time_scale
        with self._store.transaction() as transaction:
            transaction.execute(
                "update deliveries set due_s = ? where id = ?", (due_s, delivery.id)
            )
        self._wake(subscription.function, delivery.id, due_s)

    def _add_delivery(self, transaction: Transaction, event: int, function: str) -> None:
        now_s = time.time()
        (delivery,) = transaction.execute(
            "insert into deliveries (event, function, due_s) values (?, ?, ?) returning id",
            (event, function, now_s),
        ).fetchone()
        transaction.afterwards.append(lambda: self._wake(function, delivery, now_s))

    def _forget(self, transaction: Transaction, delivery: Delivery) -> None:
        event = int(delivery.event.id)
        transaction.execute("delete from deliveries where id = ?", (delivery.id,))
        transaction.execute(
            "delete from events where id = ?"
            " and not exists (select * from deliveries where event = ?)",
            (event, event),
        )

    def _drop_old(self, transaction: Transaction) -> None:
        oldest_us = self._store.tick() - SUBSCRIPTION_KEPT_DAYS * 24 * 3600 * 1_000_000
        transaction.execute(
            "delete from deliveries where event in (select id from events where published_us < ?)",
            (oldest_us,),
        )
        dropped = transaction.execute(
            "delete from events where published_us < ?", (oldest_us,)
        ).rowcount
        if dropped:
            LOG.warning("Dropped %d events older than %d days", dropped, SUBSCRIPTION_KEPT_DAYS)

    def _full_source(self, subscription: Subscription) -> str:
        if subscription.kind == "topic":
            return topic_path(self._project, subscription.source)
        return bucket_name(self._project, subscription.source)


def topic_path(project: str, topic: str) -> str:
    """Name a topic in full."""
    return f"projects/{project}/topics/{topic}"
