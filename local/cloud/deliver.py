"""Deliver events to the functions, so many at a time, each over a connection of its own."""

from __future__ import annotations

import heapq
import logging
import threading
import time

from local.cloud import cloud_event
from local.cloud.attempts import Attempts, Delivery
from local.cloud.courier import Courier
from local.cloud.delivery_faults import DeliveryFaults
from local.cloud.faults import Faults
from local.cloud.store import Full
from shared.limits import EVENT_BYTES

LOG = logging.getLogger(__name__)
FULL_S = 1.0  # until a full disk is tried again


class Line:
    """The deliveries of one function, by the time they are due."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int]] = []
        self._closed = False

    def put(self, delivery: int, due_s: float) -> None:
        """Hand in a delivery."""
        with self._changed:
            heapq.heappush(self._heap, (due_s, delivery))
            self._changed.notify()

    def take(self) -> int | None:
        """Wait for a delivery that is due; None once the line is closed."""
        with self._changed:
            while not self._closed:
                wait_s = self._heap[0][0] - time.time() if self._heap else None
                if wait_s is not None and wait_s <= 0:
                    delivery = heapq.heappop(self._heap)[1]
                    self._changed.notify()  # somebody else waits for the next one now
                    return delivery
                self._changed.wait(wait_s)
        return None

    def wait_for_first(self) -> bool:
        """Wait until there is anything at all; False once the line is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._heap or self._closed)
            return not self._closed

    def close(self) -> None:
        """Send everybody who waits away."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Deliverer:
    """Delivers all events of one function to its URL, so many at a time.

    Until the function's port accepts its first connection, deliveries wait and no attempt counts:
    a function may still be starting.  From then on a refused connection is a failed attempt.
    """

    def __init__(self, in_flight: int, url: str, project: str, faults: Faults) -> None:
        self._in_flight = in_flight
        self._faults = faults
        self._project = project
        self._courier = Courier(url)
        self._threads: list[threading.Thread] = []
        self.line = Line()

    def start(self, attempts: Attempts) -> None:
        """Begin to deliver."""
        doorman = threading.Thread(target=self._open_doors, args=(attempts,), daemon=True)
        self._threads.append(doorman)
        doorman.start()

    def stop(self) -> None:
        """Cut what is in flight (it will come again as the next attempt) and end all threads."""
        self.line.close()
        self._courier.stop()
        for thread in self._threads:  # the doorman is the first, and may still add others
            thread.join()

    def _open_doors(self, attempts: Attempts) -> None:
        if not (self.line.wait_for_first() and self._courier.wait_for_door()):
            return
        faults = DeliveryFaults(self._faults, attempts, self.line)
        for _ in range(self._in_flight):
            thread = threading.Thread(
                target=self._deliver_all, args=(attempts, faults), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _deliver_all(self, attempts: Attempts, faults: DeliveryFaults) -> None:
        while (waiting := self.line.take()) is not None:
            try:
                delivery = attempts.begin(waiting)
                if not faults.took(delivery):
                    self._deliver(attempts, delivery)
            except Full as full:
                # Its attempt, or its end, could not be stored: it comes again.
                LOG.error("A delivery has to wait: %s", full)  # noqa: TRY400  # no fault of ours
                self.line.put(waiting, time.time() + FULL_S)

    def _deliver(self, attempts: Attempts, delivery: Delivery) -> None:
        body = self._body(delivery)
        if len(body) > EVENT_BYTES:
            attempts.give_up(delivery, f"{len(body)} bytes are too many for Eventarc")
            return
        subscription = delivery.subscription
        headers = cloud_event.headers(delivery.event)
        failure = self._courier.send(headers, body, subscription.deadline_s)
        if failure and self._courier.stopped:
            return
        if failure:
            LOG.info("%s answered %s", subscription.function, failure)
            attempts.failed(delivery, failure)
        else:
            attempts.done(delivery)

    def _body(self, delivery: Delivery) -> bytes:
        subscription = delivery.subscription
        path = f"projects/{self._project}/subscriptions/{subscription.name}"
        # As Pub/Sub does: without a dead-letter policy nothing counts the attempts.
        counted = subscription.dead_topic is not None
        return cloud_event.body(delivery.event, path, delivery.attempt if counted else None)
