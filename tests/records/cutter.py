"""A wire to PostgreSQL that is cut once, when the answer to a chosen message is due."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

BLOCK = 65_536


class Cutter:
    """Forward everything; swallow the answer to the first message that holds `cut_after`."""

    def __init__(self, url: str, cut_after: bytes) -> None:
        parts = urlsplit(url)
        self._server = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._mark = cut_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{port}{parts.path}"
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[..., None], *values: object) -> None:
        self._threads.append(threading.Thread(target=work, args=values))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._start(self._forward, client, server)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on one connection, request by request, as the protocol alternates anyway."""
        with client, server:
            while request := client.recv(BLOCK):
                server.sendall(request)
                if request.startswith(b"X"):  # the client says goodbye
                    return
                answer = server.recv(BLOCK)
                if self._mark in request:
                    self._mark = b"never again"
                    return
                client.sendall(answer)
