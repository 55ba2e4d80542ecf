"""The control port: faults over HTTP, as `local/cloud/faults.py` tells."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.cloud.fault_rules import BadFault
from local.cloud.faults import Faults

STOP_POLL_S = 0.05
MOST_BYTES = 64 * 1024


class ControlPort(ThreadingHTTPServer):
    """Serves the faults; port 0 takes a free one.  Raises OSError when it is taken."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, faults: Faults, host: str, port: int) -> None:
        self.faults = faults
        super().__init__((host, port), _Handler)

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(STOP_POLL_S,), daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ControlPort

    def do_GET(self) -> None:
        if self._is_faults():
            self._send(200, self.server.faults.listed())

    def do_DELETE(self) -> None:
        if self._is_faults():
            self._send(200, self.server.faults.clear())

    def do_POST(self) -> None:
        if not self._is_faults():
            return
        # A page in a browser may post text to any port of this machine, but no JSON.
        if self.headers.get_content_type() != "application/json":
            self._send(415, {"error": "content-type: must be application/json"})
            return
        try:
            rule = json.loads(self.rfile.read(int(self.headers["content-length"])))
            added = self.server.faults.add(**rule)
        except BadFault as error:
            self._send(400, {"error": str(error)})
        except (TypeError, ValueError):
            self._send(400, {"error": "the body must be a JSON object"})
        else:
            self._send(201, next(one for one in self.server.faults.listed() if one["id"] == added))

    def _is_faults(self) -> bool:
        if self.path != "/faults":
            self._send(404, {"error": "there is only /faults"})
        return self.path == "/faults"

    def _send(self, status: int, body: object) -> None:
        encoded = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""
