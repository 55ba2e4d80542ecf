"""A storage server that takes its time: each request gets the next answer of a list, or none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.topology import BUCKETS, bucket_name
from shared.gcp.storage import StorageObjects


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said after a while."""

    body: bytes = b"{}"
    status: int = 200
    after_s: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


UNAVAILABLE = Answer(status=503)
HANGS = None
Answers = Sequence[Answer | None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    answers: Iterator[Answer | None]
    closing: threading.Event

    def handle_error(self, *_: object) -> None:
        """Expect clients that give up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = next(self.server.answers, HANGS)
        if answer is HANGS:
            self.server.closing.wait()
            self.close_connection = True
            return
        time.sleep(answer.after_s)
        self.send_response(answer.status)
        for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815  # the names that http.server looks for

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def slow_storage(answers: Answers) -> Iterator[StorageObjects]:
    """Give the adapter on a server that gives these answers, and then none any more."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.answers, server.closing = iter(answers), threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    try:
        yield StorageObjects("demo", f"http://127.0.0.1:{server.server_port}", buckets)
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
