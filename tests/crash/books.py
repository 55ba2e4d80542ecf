"""Small books to crash: each is stored once, and `library` is hit while it reads it.

Adding a book changes what lessons are made from, so books are played when no lesson is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from local.failpoints import Action, Strike
from shared.events import BookStored
from shared.gcp.dial import connect
from shared.ports import StoredClaim
from tests.crash.play import PATIENCE_S, POLL_S, NeverAtRest, unfinished
from tests.crash.points import BOOK, Case, points
from tests.crash.stand import Stand
from tests.library.books import archive, collection, module, repository

ACTIONS: Sequence[Action] = ("kill-after", "answer-lost")
HOLD_S = 1.0  # a book's event waits, until what is to happen to it is known
BOOK_POINTS = points("library", BOOK)
BOOK_CASES = tuple(Case("book", point, action) for point in BOOK_POINTS for action in ACTIONS)


@dataclass(frozen=True)
class Shelved:
    """What is left of a book when nothing moves any more."""

    claim: StoredClaim
    indexed: int
    attempts: Sequence[tuple[int, str]]


def shelve(stand: Stand, n: int, case: Case | None = None) -> Shelved:
    """Store a book of its own, let that happen to it, and wait until it is at rest."""
    content = _archive(n)
    digest = hashlib.sha256(content).hexdigest()
    name = f"books/little-{n}/{digest}.zip"
    stand.cloud.faults.add("deliver.library", action="delay", seconds=HOLD_S, name=f"*{digest}*")
    stored = stand.connected.objects.create("oer", name, content, content_type="application/zip")
    event = BookStored(name, stored.generation)
    strike = Strike(event.key, case.point, case.action) if case else None
    if strike is not None:
        stand.failpoints.arm(strike)
    _rest(stand, digest, strike)
    return _shelved(stand, digest, event.key)


def _rest(stand: Stand, digest: str, strike: Strike | None) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while unfinished(stand, digest) or (strike and not stand.failpoints.struck(strike)):
        if time.monotonic() > give_up:
            raise NeverAtRest(f"{digest}: {strike}")
        time.sleep(POLL_S)


def _shelved(stand: Stand, digest: str, key: str) -> Shelved:
    claim = stand.connected.claims.read(key)
    assert claim is not None
    with closing(connect(stand.environment["DATABASE_URL"], PATIENCE_S)) as connection:
        cursor = connection.cursor()
        cursor.execute("select count(*) from oer_sources where sha256 = %s", (digest,))
        ((indexed,),) = cursor.fetchall()
        cursor.execute(
            "select fence, coalesce(outcome::text, '') from attempts where key = %s order by fence",
            (key,),
        )
        return Shelved(claim, indexed, [tuple(row) for row in cursor.fetchall()])


def _archive(n: int) -> bytes:
    """Pack a book that no other equals."""
    files = repository(**{f"m{n}": module('<para id="p1">Ice melts.</para>')})
    listed = collection(f"m{n}", slug=f"little-{n}")
    return archive({**files, "collections/little.collection.xml": listed}).read()
