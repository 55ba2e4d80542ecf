"""Put textbooks into the library: pack, upload, wait until they are indexed."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console

from local.services import Connected
from local.sessions import readable, running
from local.state_folder import stored_something
from shared.claim import Claim
from shared.errors import Permanent, Unreadable
from shared.events import BookStored
from shared.ports import StoredObject

if TYPE_CHECKING:
    from shared.library.pack import PackedBook

SAMPLER = Path(__file__).parent / "sampler"
POLL_S = 0.05
ZIP = "application/zip"
SETTLED = ("completed", "failed", "parked")


@contextmanager
def opened(options: Namespace, console: Console) -> Iterator[Connected]:
    """Give a library with at least one book; the functions start only where there is none yet."""
    if stored_something(options.state) and not options.fresh:
        with readable(options.state) as connected:
            if connected.books.sources():
                yield connected
                return
    with running(options, console) as connected:
        stock(connected, console)
        yield connected


def stock(connected: Connected, console: Console, check: Callable[[], None] = lambda: None) -> None:
    """Load the sampler into an empty library, so that there is something true to teach from."""
    if not connected.books.sources():
        add(connected, SAMPLER, console, check)


def add(connected: Connected, path: Path, console: Console, check: Callable[[], None]) -> str:
    """Add a book and wait for its index; gives one sentence about it.

    Raises Permanent when it is no textbook, or none that may be used, or when EMBEDDINGS asks for
    what the database cannot keep; `check` raises when waiting is no use.
    """
    connected.demand_vectors()
    from shared.library.pack import pack  # noqa: PLC0415  # an XML parser: only for new books

    with console.status(f"Packing {path.name} …"), TemporaryDirectory(prefix="book-") as folder:
        try:
            book = pack(path, Path(folder))
        except Unreadable as fault:
            raise Permanent(f"{path}: {str(fault).removeprefix(f'{path}: ')}") from fault
        if _indexed(connected, book):
            return f"{book.title} is in the library already; nothing changed."
        console.print(f"Adding {book.title} …", markup=False, highlight=False)
        stored = connected.objects.create("oer", book.name, book.file, content_type=ZIP)
    with console.status(f"Indexing {book.title} …"):
        claim = _settled(connected, stored, check)
    if _indexed(connected, book):
        return "\n".join(_told(book.title, connected.books.faults(book.sha256)))
    if claim.last_error:
        raise Permanent(f"{path}: {claim.last_error['message']}")
    return f"{book.title}: a newer version of this book has replaced this one; nothing changed."


def _settled(connected: Connected, stored: StoredObject, check: Callable[[], None]) -> Claim:
    key = BookStored(stored.name, stored.generation).key
    while True:
        found = connected.claims.read(key)
        if found and found.claim.state in SETTLED:
            return found.claim
        check()
        time.sleep(POLL_S)


def _told(title: str, faults: Sequence[str]) -> Iterator[str]:
    yield f"{title} is in the library."
    if faults:
        yield "Left out, because it could not be read:"
        yield from (f"  {fault}" for fault in faults)


def _indexed(connected: Connected, book: PackedBook) -> bool:
    return any(source.sha256 == book.sha256 for source in connected.books.sources())
