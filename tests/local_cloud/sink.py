"""A tiny function: it remembers what was posted to it, and answers as it is told."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True)
class Posted:
    """One request; `headers` have lower-case names."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def decoded(self) -> dict[str, Any]:
        """The CloudEvent's data."""
        return json.loads(self.body)

    @property
    def attempt(self) -> int:
        """Which delivery of its message this is."""
        return self.decoded["deliveryAttempt"]

    @property
    def data(self) -> str:
        """The message's own data."""
        return base64.b64decode(self.decoded["message"]["data"]).decode()

    @property
    def attributes(self) -> dict[str, str]:
        """The message's own attributes."""
        return self.decoded["message"].get("attributes", {})


class Sink:
    """Answers each request with the status that `answer` gives; a handler may block there."""

    def __init__(self, answer: Callable[[Posted], int] = lambda _: 204, port: int = 0) -> None:
        self.answer = answer
        self._changed = threading.Condition()
        self._posted: list[Posted] = []
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.sink = self
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def wait_for(self, count: int) -> list[Posted]:
        """Give the first requests, once there are so many."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._posted) >= count, PATIENCE_S)
            assert arrived, f"{len(self._posted)} of {count} events arrived"
            return list(self._posted)

    def wait_until(self, enough: Callable[[list[Posted]], bool]) -> bool:
        """Wait until the requests so far are enough; False when they never were."""
        with self._changed:
            return self._changed.wait_for(lambda: enough(self._posted), PATIENCE_S)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, posted: Posted) -> int:
        """Remember a request, then answer it."""
        with self._changed:
            self._posted.append(posted)
            self._changed.notify_all()
        return self.answer(posted)


@contextmanager
def listening(answer: Callable[[Posted], int] = lambda _: 204, port: int = 0) -> Iterator[Sink]:
    """Open a sink for a block."""
    sink = Sink(answer, port)
    try:
        yield sink
    finally:
        sink.close()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False
    sink: Sink


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.send_response(self.server.sink.take(Posted(self.path, headers, body)))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
