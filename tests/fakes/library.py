"""The library in dictionaries."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

from shared.errors import Missing
from shared.library.book import Book, Hit, Passage, Section, Source
from shared.library.words import stem, words

DAMPED = 0.6  # each further occurrence of a word adds this much less


class MemoryLibrary:
    """The port Library, with stems of our own instead of PostgreSQL's."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._current: dict[str, Book] = {}

    def corpus(self) -> str:
        """Hash what is indexed now."""
        digests = sorted(book.source.sha256 for book in self._current.values())
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def add(self, book: Book) -> bool:
        """Index a book; False when this very archive was indexed before."""
        if book.source.sha256 in self._known:
            return False
        self._known.add(book.source.sha256)
        current = self._current.get(book.source.slug)
        if current is None or current.source.generation <= book.source.generation:
            self._current[book.source.slug] = book
        return True

    def search(self, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Rank passages that hold any of these words, best first."""
        texts = {
            passage.id: (section.module, _counted(passage))
            for _, section in self._sections()
            for passage in section.passages
        }
        asked = Counter(stem(word) for term in terms for word in words(term))
        rare = math.log(2 + 2 * len(texts))
        weights = {word: times * _weight(word, texts) for word, times in asked.items()}
        whole = min(sum(weights.values()), 2 * rare)
        hits = [
            Hit(passage, module, sum(w * (1 - DAMPED ** n[x]) for x, w in weights.items()) / whole)
            for passage, (module, n) in texts.items()
            if any(n[word] for word in weights)
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.rank, hit.passage))[:limit])

    def section(self, module: str) -> tuple[Source, Section]:
        """Fetch one section."""
        for source, section in self._sections():
            if section.module == module:
                return source, section
        raise Missing(f"section {module} is not in the library")

    def sources(self) -> tuple[Source, ...]:
        """List the books, each with its current archive."""
        return tuple(self._current[slug].source for slug in sorted(self._current))

    def sections(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """List every section, book by book."""
        return tuple(
            (section.module, section.title, tuple(term.term for term in section.terms))
            for _, section in self._sections()
        )

    def _sections(self) -> list[tuple[Source, Section]]:
        books = (self._current[slug] for slug in sorted(self._current))
        return [(book.source, section) for book in books for section in book.sections]


def _counted(passage: Passage) -> Counter[str]:
    """Count a passage's stems; what it defines or stands under counts as well."""
    parts = (passage.text, *passage.headings, *passage.marks, *passage.marks)
    return Counter(stem(word) for part in parts for word in words(part))


def _weight(word: str, texts: dict[str, tuple[str, Counter[str]]]) -> float:
    found = sum(1 for _, counted in texts.values() if counted[word])
    return math.log(1 + (len(texts) - found + 0.5) / (found + 0.5))
