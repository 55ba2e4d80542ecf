"""Deliver events to the functions, so many at a time, each over a connection of its own."""

from __future__ import annotations

import heapq
import http.client
import logging
import socket
import threading
import time
from urllib.parse import urlsplit

from local.cloud import cloud_event
from local.cloud.post import Delivery, Post
from local.topology import Subscription
from shared.limits import EVENT_BYTES

LOG = logging.getLogger(__name__)
KNOCK_S = 0.02


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
    """Delivers one subscription's events to a URL with `in_flight` threads.

    Until the function's port accepts its first connection, deliveries wait and no attempt counts:
    a function may still be starting.  From then on a refused connection is a failed attempt.
    """

    def __init__(self, subscription: Subscription, url: str, project: str) -> None:
        self._subscription = subscription
        self._path = f"projects/{project}/subscriptions/{subscription.function}"
        address = urlsplit(url)
        self._address = (address.hostname or "", address.port or 80)
        self._target = address.path or "/"
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._open: set[http.client.HTTPConnection] = set()
        self.line = Line()

    def start(self, post: Post) -> None:
        """Begin to deliver."""
        doorman = threading.Thread(target=self._open_doors, args=(post,), daemon=True)
        self._threads.append(doorman)
        doorman.start()

    def stop(self) -> None:
        """Cut what is in flight (it will come again as the next attempt) and end all threads."""
        self._stopping.set()
        self.line.close()
        for connection in list(self._open):
            _cut(connection)
        for thread in list(self._threads):
            thread.join()

    def _open_doors(self, post: Post) -> None:
        if not self.line.wait_for_first():
            return
        while not self._accepts():
            if self._stopping.wait(KNOCK_S):
                return
        for _ in range(self._subscription.in_flight):
            thread = threading.Thread(target=self._deliver_all, args=(post,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _accepts(self) -> bool:
        try:
            socket.create_connection(self._address, timeout=1).close()
        except OSError:
            return False
        return True

    def _deliver_all(self, post: Post) -> None:
        while (waiting := self.line.take()) is not None:
            self._deliver(post, post.begin(waiting, self._subscription))

    def _deliver(self, post: Post, delivery: Delivery) -> None:
        body = cloud_event.body(delivery.event, self._path, delivery.attempt)
        if len(body) > EVENT_BYTES:
            post.give_up(delivery, f"{len(body)} bytes are too many for Eventarc")
            return
        failure = self._send(cloud_event.headers(delivery.event), body)
        if self._stopping.is_set() and failure:
            return
        if failure:
            LOG.info("%s answered %s", self._subscription.function, failure)
            post.failed(delivery, failure)
        else:
            post.done(delivery)

    def _send(self, headers: dict[str, str], body: bytes) -> str:
        """Post one event; the answer says what went wrong, and is empty when nothing did."""
        # A fresh connection that we close: a single-threaded gunicorn waits up to two seconds
        # for the client to close a connection that it wants to end.
        connection = http.client.HTTPConnection(
            *self._address, timeout=self._subscription.deadline_s
        )
        self._open.add(connection)
        try:
            connection.request("POST", self._target, body, headers | {"connection": "close"})
            status = connection.getresponse().status
        except TimeoutError:
            return f"no answer within {self._subscription.deadline_s} s"
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            self._open.discard(connection)
            connection.close()
        return "" if 200 <= status < 300 else f"status {status}"  # noqa: PLR2004


def _cut(connection: http.client.HTTPConnection) -> None:
    """Wake the thread that waits for an answer on this connection."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            LOG.debug("The connection was closed already")
