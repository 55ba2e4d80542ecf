"""Put textbooks into the library: pack, upload, wait until they are indexed."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from local.services import Connected
from shared.errors import Permanent
from shared.events import BookStored
from shared.library.pack import PackedBook, pack
from shared.ports import StoredObject

SAMPLER = Path(__file__).parent / "sampler"
POLL_S = 0.05
ZIP = "application/zip"
SETTLED = ("completed", "failed", "parked")


def stock(connected: Connected, console: Console) -> None:
    """Load the sampler into an empty library, so that there is something true to teach from."""
    if not connected.books.sources():
        add(connected, SAMPLER, console)


def add(connected: Connected, path: Path, console: Console) -> str:
    """Add a book and wait for its index; gives one sentence about it.

    Raises Unreadable when it is no textbook, Refused when the index refused it.
    """
    with console.status(f"Packing {path.name} …"):
        book = pack(path)
    if _indexed(connected, book):
        return f"{book.title} is in the library already; nothing changed."
    with console.status(f"Indexing {book.title} …"):
        stored = connected.objects.create("oer", book.name, book.file, content_type=ZIP)
        while not _indexed(connected, book):
            _raise_fault(connected, stored)
            time.sleep(POLL_S)
    return f"{book.title} is in the library."


def _indexed(connected: Connected, book: PackedBook) -> bool:
    return any(source.sha256 == book.sha256 for source in connected.books.sources())


def _raise_fault(connected: Connected, stored: StoredObject) -> None:
    """Raise what the index said of a book that it will not take."""
    found = connected.claims.read(BookStored(stored.name, stored.generation).key)
    if found and found.claim.state in SETTLED and found.claim.last_error:
        raise Permanent(found.claim.last_error["message"])
