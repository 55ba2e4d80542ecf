"""One request, asked for every three seconds by everybody who waits for it.

  asked |--- known for a second ---| asked again: one statement | ...

Within a second a process asks the database once for a request, however many ask; and whoever has
the newest answer is told so in a few bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from shared.status import body
from shared.status.callers import Caller
from shared.status.contents import Storage
from shared.status.http import JSON, Answer, Problem, encoded
from shared.status.kept import Kept
from shared.status.rows import Requests, Seen

KNOWN_S = 1.0
KEPT_ROWS, KEPT_BODIES = 10_000, 500
LOCKS = 64
NOT_THEIRS = (
    "No request of yours has this id.",
    "One that was sent a moment ago may take some seconds to appear: ask again.",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A row as it was read, or that there is none; equal rows have equal digests."""

    read_s: float
    seen: Seen | None
    digest: str


class Polls:
    """Answers for single requests."""

    def __init__(
        self,
        requests: Requests,
        storage: Storage,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = requests
        self._storage = storage
        self._monotonic = monotonic
        self._rows: Kept[str, Known] = Kept(KEPT_ROWS)
        self._bodies: Kept[str, bytes] = Kept(KEPT_BODIES)
        self._locks = tuple(Lock() for _ in range(LOCKS))

    def answer(self, request_id: str, caller: Caller, if_none_match: str) -> Answer:
        """Tell how far a request is; raises Problem when there is none, or not of this caller."""
        known = self._known(request_id)
        if known.seen is None or not caller.may_see(known.seen):
            raise Problem(HTTPStatus.NOT_FOUND, *NOT_THEIRS, Retry_After="3")
        window = self._storage.window()
        tag = f'"{known.digest}-{window:x}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if _names(if_none_match, tag):
            return Answer(HTTPStatus.NOT_MODIFIED.value, b"", headers)
        told = self._bodies.get(tag)
        if told is None:
            contents = self._storage.contents(known.seen, window)
            told = encoded(body.whole(known.seen, contents))
            if not contents.complete:  # the next poll asks storage again
                return Answer(200, told, {"Content-Type": JSON, "Cache-Control": "no-store"})
            self._bodies.put(tag, told)
        return Answer(200, told, headers | {"Content-Type": JSON})

    def _known(self, request_id: str) -> Known:
        known = self._fresh(request_id)
        if known is not None:
            return known
        with self._locks[hash(request_id) % LOCKS]:
            known = self._fresh(request_id)  # somebody asked while this one waited
            if known is None:
                seen = self._requests.one(request_id)
                known = Known(self._monotonic(), seen, _digest(seen))
                self._rows.put(request_id, known)
            return known

    def _fresh(self, request_id: str) -> Known | None:
        known = self._rows.get(request_id)
        fresh = known is not None and self._monotonic() - known.read_s < KNOWN_S
        return known if fresh else None


def _digest(seen: Seen | None) -> str:
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:20]


def _names(if_none_match: str, tag: str) -> bool:
    """Tell whether a header names this tag; a proxy may have made it a weak one."""
    named = (one.strip().removeprefix("W/") for one in if_none_match.split(","))
    return if_none_match.strip() == "*" or tag in named
