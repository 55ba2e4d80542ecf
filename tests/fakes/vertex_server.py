"""Vertex AI over real HTTP: generateContent and predict, with every fault that is known of them.

    python -m tests.fakes.vertex_server --port 8790 --behaviour good --delay 2
    python -m tests.fakes.vertex_server -- python -m local up     # with it as the author's model

`push` says what the next calls meet, `usual` what all others do; `POST /behaviour` with a name
sets the latter from outside.  Replies have the documented shapes, with content of our own.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from tests.fakes import vertex_replies

SLOW_S = 1.0
DRIPS = 200


class FakeVertex(ThreadingHTTPServer):
    """Answers at `url`; `seen` are the requests as (path, body), `calls` how many there were."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, usual="good", port=0, delay_s=0.0):
        super().__init__(("127.0.0.1", port), Handler)
        self.usual, self.delay_s = usual, delay_s
        self.next, self.seen, self.lock = deque(), [], Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def push(self, *behaviours):
        """Let the next calls meet these, in order: names, or (status, headers, body)."""
        self.next.extend(behaviours)

    @property
    def calls(self):
        return len(self.seen)

    def taken(self, path, body):
        """Note a call, and tell what it meets."""
        with self.lock:
            self.seen.append((path, body))
            return self.next.popleft() if self.next else self.usual

    def handle_error(self, request, client_address):
        """Say nothing of clients that stopped waiting."""


class Handler(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/behaviour":
            self.server.usual = body["behaviour"]
            self._send(200, {}, {})
            return
        meets = self.server.taken(self.path, body)
        time.sleep(self.server.delay_s)
        if not isinstance(meets, str):
            self._send(*meets)
        elif meets in ("slow", "reset", "drip"):
            getattr(self, f"_{meets}")(body)
        else:
            self._send(*vertex_replies.reply(meets, body))

    def _send(self, status, headers, content):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._head(status, headers, len(data))
        self.wfile.write(data)

    def _head(self, status, headers, length):
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()

    def _slow(self, body):
        time.sleep(SLOW_S)
        self._send(*vertex_replies.reply("good", body))

    def _reset(self, _):
        """Drop the connection without a word, as a broken balancer does."""
        self._head(200, {}, 1000)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _drip(self, _):
        """Give a byte now and then, each within any limit for a single read."""
        self._head(200, {}, DRIPS)
        self.close_connection = True
        for _ in range(DRIPS):
            try:
                self.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.05)


def main():
    """Serve until the process, or the command that runs beside it, ends."""
    words = argparse.ArgumentParser(description="A Vertex AI that answers as it is told to.")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--behaviour", default="good", choices=vertex_replies.NAMES)
    words.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    words.add_argument("command", nargs="*", help="to be run beside it, with AUTHOR=gemini")
    given = words.parse_args()
    server = FakeVertex(given.behaviour, given.port, given.delay)
    print(f"A fake Vertex AI answers at {server.url}", flush=True)  # noqa: T201
    if not given.command:
        server.serve_forever()
    with server:
        own = {"AUTHOR": "gemini", "VERTEX_EMULATOR_HOST": server.url}
        return subprocess.call(given.command, env={**os.environ, **own})


if __name__ == "__main__":
    sys.exit(main())
