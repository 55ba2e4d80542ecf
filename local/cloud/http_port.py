"""The HTTP port: threads, connections that stay open, and errors as storage words them."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

from local.cloud.exchange import Answer, Asked, Body, NotImplementedHere, failure
from local.cloud.http_faults import HttpFaults
from local.cloud.objects import Corrupt, NotThere, PreconditionFailed
from local.cloud.storage import Storage
from local.cloud.store import Full

STOP_POLL_S = 0.05
LOG = logging.getLogger(__name__)
_Socket = socket.socket | tuple[bytes, socket.socket]

NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class HttpPort(ThreadingHTTPServer):
    """Serves storage; port 0 takes a free one.  Raises OSError when it is taken."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # with the usual 5, sixteen clients wait a second to connect

    def __init__(self, storage: Storage, faults: HttpFaults, host: str, port: int) -> None:
        self.storage = storage
        self.faults = faults
        self._open: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(STOP_POLL_S,), daemon=True).start()

    def stop(self) -> None:
        """Close the port and every connection."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)

    def finish_request(self, request: _Socket, client_address: object) -> None:
        """Serve one connection, known to `stop` while it lasts."""
        connection = cast("socket.socket", request)
        self._open.add(connection)
        try:
            super().finish_request(request, client_address)
        except OSError as error:
            LOG.debug("A connection broke: %s", error)
        finally:
            self._open.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for the head and a short body
    server: HttpPort

    def _answer(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        body = Body(cast("BinaryIO", self.rfile), 0)
        try:
            body.left = self._declared_length()
            upload_type = query.get("uploadType", "")
            route = self.server.storage.route(self.command, url.path, upload_type)
            asked = Asked(route.path, query, self.headers, body)
            answered = self.server.faults.answered(route, asked, self.connection)
        except NotImplementedHere as error:
            answered = failure(501, "notImplemented", f"the local cloud does not do {error}")
        except (NotThere, FileNotFoundError) as error:
            answered = failure(404, "notFound", str(error))
        except Full as error:
            answered = failure(503, "backendError", str(error))
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            answered = failure(503, "backendError", "there is no room for it")
        except PreconditionFailed as error:
            answered = failure(412, "conditionNotMet", str(error))
        except (Corrupt, ValueError, KeyError) as error:
            answered = failure(400, "invalid", str(error))
        body.skip()
        self._send(answered)

    def _declared_length(self) -> int:
        if "transfer-encoding" in self.headers:
            self.close_connection = True  # nobody reads on to where the next request begins
            raise NotImplementedHere("a chunked request")
        return int(self.headers.get("content-length", 0))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, text in answer.headers.items():
            self.send_header(name, text)
        self.send_header("content-length", str(answer.length if answer.file else len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
        if answer.file and answer.length:
            with answer.file.open("rb") as file:
                self.connection.sendfile(file, answer.start, answer.length)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the events tell what happened."""
        LOG.debug(format, *args)
