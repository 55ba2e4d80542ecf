"""Carry one event to one function, over a connection of its own."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

KNOCK_S = 0.02


class Courier:
    """Posts to one URL, as many at a time as there are callers."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._address = (address.hostname or "", address.port or 80)
        self._target = address.path or "/"
        self._stopping = threading.Event()
        self._open: set[http.client.HTTPConnection] = set()

    @property
    def stopped(self) -> bool:
        """Whether connections were cut on purpose."""
        return self._stopping.is_set()

    def wait_for_door(self) -> bool:
        """Wait until the function's port accepts a connection; False when stopped before."""
        while not self._accepts():
            if self._stopping.wait(KNOCK_S):
                return False
        return True

    def send(self, headers: Mapping[str, str], body: bytes, deadline_s: float) -> str:
        """Post one event; the answer says what went wrong, and is empty when nothing did."""
        # A fresh connection that we close: a single-threaded gunicorn waits up to two seconds
        # for the client to close a connection that it wants to end.
        connection = http.client.HTTPConnection(*self._address, timeout=deadline_s)
        try:
            connection.connect()
            self._open.add(connection)
            if self.stopped:  # `stop` may have looked before this connection was there to be cut
                return "stopped"
            connection.request("POST", self._target, body, {**headers, "connection": "close"})
            status = connection.getresponse().status
        except TimeoutError:
            return f"no answer within {deadline_s} s"
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            self._open.discard(connection)
            connection.close()
        return "" if 200 <= status < 300 else f"status {status}"  # noqa: PLR2004

    def stop(self) -> None:
        """Cut every connection, so that nobody waits for an answer any more."""
        self._stopping.set()
        for connection in list(self._open):
            if connection.sock is not None:
                with contextlib.suppress(OSError):  # closed already
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def _accepts(self) -> bool:
        try:
            socket.create_connection(self._address, timeout=1).close()
        except OSError:
            return False
        return True
