"""What is embedded of a book: each passage's words below its headings, in batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from shared.library.book import Passage, Section

LETTERS = 50_000  # a call takes 20,000 tokens; three letters a token is more than English has
TEXTS = 100  # so little is lost with a run that dies


def text(passage: Passage) -> str:
    """Give the words of a passage as they are embedded."""
    return f"{' '.join(passage.headings)}\n{passage.text}"


def digest(passage: Passage) -> str:
    """Name what is embedded of a passage."""
    return hashlib.sha256(text(passage).encode()).hexdigest()


def texts(sections: Sequence[Section]) -> dict[str, str]:
    """Give the texts of some sections by their digests, each once, in the book's order."""
    return {digest(one): text(one) for section in sections for one in section.passages}


def batches(wanted: Mapping[str, str], most: int) -> Iterator[dict[str, str]]:
    """Part texts into what one call takes: `most` of them, and not too many letters."""
    batch: dict[str, str] = {}
    letters = 0
    for name, one in wanted.items():
        if batch and (len(batch) == min(most, TEXTS) or letters + len(one) > LETTERS):
            yield batch
            batch, letters = {}, 0
        batch[name] = one
        letters += len(one)
    if batch:
        yield batch
