"""Add a book that was read: first its vectors, where meaning is looked for, then the book itself.

In this order a book is searched by meaning as soon as it is searched at all, and a run that died
between two batches left vectors that the next one finds.
"""

from __future__ import annotations

from shared.library.book import Book
from shared.log import log
from shared.ports import Services


def add(book: Book, services: Services) -> None:
    """Index a book, and say what was left out of it.

    Raises NoVectors, SetUp or Transient where its passages cannot be embedded.
    """
    for fault in book.faults:
        log.warning("Left a broken file out", extra={"fault": fault})
    embedder = services.embedder
    if embedder is not None:
        embedder.embed(book.sections)
    is_new = services.library.add(book)
    log.info("Indexed a book" if is_new else "Knew the book", extra={"book": book.source.slug})
