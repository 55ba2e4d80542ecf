"""The post: every event, kept until each of its deliveries has come to its end."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping

from local.cloud.arrows import Arrows, topic_path
from local.cloud.store import Store, Transaction
from local.topology import Topology
from shared.limits import SUBSCRIPTION_KEPT_DAYS

LOG = logging.getLogger(__name__)


class Post:
    """Remembers what is to be delivered; `wake` learns of each delivery and when it is due."""

    def __init__(
        self,
        store: Store,
        topology: Topology,
        project: str,
        wake: Callable[[str, int, float], None],
    ) -> None:
        self._store = store
        self._wake = wake
        self.project = project
        self.arrows = Arrows(topology, project)

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
            if (function, kind, source) in self.arrows:  # an older run may have had others
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
        for function in self.arrows.takers(kind, source):
            self._add_delivery(transaction, event, function)
        return str(event)

    def remind(self, topic: str, data: bytes) -> None:
        """Publish a message unless an earlier one of its topic still waits to be delivered."""
        source = topic_path(self.project, topic)
        with self._store.transaction() as transaction:
            waits = transaction.execute(
                "select id from events where source = ? limit 1", (source,)
            ).fetchone()
            if waits is None:
                self.add(transaction, "topic", source, data, {})

    def _add_delivery(self, transaction: Transaction, event: int, function: str) -> None:
        now_s = time.time()
        delivery = open_delivery(transaction, event, function, now_s)
        transaction.afterwards.append(lambda: self._wake(function, delivery, now_s))

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


def open_delivery(transaction: Transaction, event: int, function: str, due_s: float) -> int:
    """Open a delivery of an event to a function; gives its id."""
    (delivery,) = transaction.execute(
        "insert into deliveries (event, function, due_s) values (?, ?, ?) returning id",
        (event, function, due_s),
    ).fetchone()
    return int(delivery)
