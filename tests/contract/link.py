"""A wire to a server, on which the answer to one chosen call gets lost.

The server has done what it was asked before the answer is swallowed, whatever it speaks: the wire
looks for bytes of the request, which gRPC carries in clear, and for the end of the answer.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

BLOCK = 65_536
HEADERS, END_STREAM = 0x1, 0x1  # of HTTP/2: an answer of gRPC ends with trailers
FRAME_HEAD = 9
MARK = 100  # no mark is longer

Loss = Literal["cut", "muted"]
Answered = Callable[[bytes], bool]


def begins(data: bytes) -> bool:
    """Tell whether an answer of HTTP/1.1 came: it begins when its request is done."""
    return bool(data)


class Trailers:
    """Tells whether an answer of gRPC came to its end in the bytes of a server."""

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, data: bytes) -> bool:
        """Read on, frame by frame."""
        self._rest += data
        ended = False
        while len(self._rest) >= FRAME_HEAD:
            end = FRAME_HEAD + int.from_bytes(self._rest[:3])
            if len(self._rest) < end:
                break
            kind, flags = self._rest[3], self._rest[4]
            ended = ended or (kind == HEADERS and bool(flags & END_STREAM))
            self._rest = self._rest[end:]
        return ended


class Link:
    """Forwards everything, until told to lose something; `host` is "address:port".

    `cut` ends the connection instead of the answer; `muted` leaves it open and says no more.
    Requests arrive as `heard` by the server.
    """

    def __init__(
        self,
        host: str,
        answered: Callable[[], Answered] = Trailers,
        heard: Callable[[bytes], bytes] = bytes,
    ) -> None:
        name, _, port = host.rpartition(":")
        self._server = (name, int(port))
        self._answered = answered
        self.heard = heard
        self._armed: tuple[bytes, Loss] | None = None
        self._turn = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.lost = 0
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in (self._listener, *self._sockets):
            _shut(one)
        for thread in self._threads:
            thread.join()
        for one in (self._listener, *self._sockets):
            one.close()

    def lose(self, mark: bytes, loss: Loss) -> None:
        """Lose the answer to the next request that holds these bytes."""
        self._armed = (mark, loss)

    def strikes(self, data: bytes) -> Loss | None:
        """Tell, once, what becomes of the request that these bytes belong to."""
        with self._turn:
            if self._armed is None or self._armed[0] not in data:
                return None
            (_, loss), self._armed = self._armed, None
            self.lost += 1
            return loss

    def _start(self, work: Callable[..., None], *values: object) -> None:
        self._threads.append(threading.Thread(target=work, args=values, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                wire = _Wire(self, client, server, self._answered())
                self._start(wire.carry_requests)
                self._start(wire.carry_answers)


class _Wire:
    """One connection."""

    def __init__(
        self, link: Link, client: socket.socket, server: socket.socket, answered: Answered
    ) -> None:
        self._link, self._client, self._server = link, client, server
        self._answered = answered
        self._loss: Loss | None = None

    def carry_requests(self) -> None:
        """Forward what the client says."""
        latest = b""
        with suppress(OSError):
            while data := self._client.recv(BLOCK):
                latest = latest[-MARK:] + data  # what is looked for may come in two parts
                # Before it is forwarded: the answer may be quick.
                self._loss = self._loss or self._link.strikes(latest)
                self._server.sendall(self._link.heard(data))
        self._hang_up()

    def carry_answers(self) -> None:
        """Forward what the server says, as long as the wire is whole."""
        with suppress(OSError):
            while data := self._server.recv(BLOCK):
                ended = self._answered(data)
                if self._loss is None:
                    self._client.sendall(data)
                elif self._loss == "cut" and ended:
                    break
        self._hang_up()

    def _hang_up(self) -> None:
        if self._loss != "muted":
            _shut(self._client)
        _shut(self._server)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
