"""One HTTP request to storage and its answer, as plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import IO

COPY_BYTES = 1024 * 1024
IGNORED = {"alt", "prettyPrint", "projection", "fields"}


class NotImplementedHere(Exception):
    """The local cloud does not do this: HTTP 501."""


class Body:
    """What a request carries, up to its declared length."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream = stream
        self._ahead = b""
        self.left = length

    def preview(self, most: int) -> bytes:
        """Look at the beginning, which `read` gives all the same."""
        missing = min(most, self.left) - len(self._ahead)
        self._ahead += self._stream.read(max(missing, 0))
        return self._ahead[:most]

    def read(self, most: int) -> bytes:
        """Read up to `most` bytes; fewer only at the end, or when the line is cut."""
        most = min(most, self.left)
        content, self._ahead = self._ahead[:most], self._ahead[most:]
        content += self._stream.read(most - len(content))
        self.left = self.left - len(content) if content else 0
        return content

    def skip(self) -> None:
        """Leave nothing that the connection's next request would begin with."""
        while self.read(COPY_BYTES):
            pass


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `path` holds the parts that its route captured, decoded."""

    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Message
    body: Body

    def only(self, *names: str) -> None:
        """Refuse every parameter but these and those that change nothing here."""
        unknown = sorted(set(self.query) - set(names) - IGNORED)
        if unknown:
            raise NotImplementedHere(f"the parameter {unknown[0]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `file` is sent from `start`, `length` bytes of it, when there is one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: Path | None = None
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """What a request is called, what its path names, decoded, and who answers it."""

    call: str
    path: tuple[str, ...]
    answer: Callable[[Asked], Answer]


def failure(status: int, reason: str, text: str) -> Answer:
    """Answer with an error as the JSON API words it."""
    error = {"code": status, "message": text, "errors": [{"domain": "global", "reason": reason}]}
    return as_json({"error": error}, status)


def as_json(body: object, status: int = 200) -> Answer:
    """Answer with a JSON body."""
    return Answer(status, {"content-type": "application/json"}, json.dumps(body).encode())
