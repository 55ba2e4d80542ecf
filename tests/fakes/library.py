"""The library in dictionaries."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

from shared.errors import Missing
from shared.library.book import Book, Hit, Passage, Section, Source
from shared.library.spelling import SHORTEST, nearest
from shared.library.words import stem, words
from shared.question.ports import Place

RARE_WORDS = 1.2  # at most, that a question asks for


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
        """Rank passages that hold any of these words, best first; the scale is PostgreSQL's."""
        texts = {
            passage.id: (section.module, _counted(passage))
            for _, section in self._sections()
            for passage in section.passages
        }
        known = {word for _, held in texts.values() for word in held}
        asked = {stem(self._spelled(word, known)) for term in terms for word in words(term)}
        topics = {word: _Topic(word, texts) for word in asked}
        rare = math.log(2 + 2 * len(texts))
        whole = sum(topic.weight for topic in topics.values())
        hits = []
        for passage, (module, held) in texts.items():
            if not any(held[word] for word in asked):
                continue
            here = [topic for topic in topics.values() if module in topic.modules]
            score = sum(topics[word].weight * _often(held[word]) for word in asked)
            score += 0.3 * sum(topic.spread * _often(topic.modules[module]) for topic in here)
            dwelt = sum(sorted((topic.dwelt for topic in here), reverse=True)[:2])
            rank = score / min(whole, RARE_WORDS * rare) * math.exp(0.4 * dwelt)
            hits.append(Hit(passage, module, rank, sum(topic.weight for topic in here) / whole))
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

    def outline(self) -> tuple[Place, ...]:
        """List every section that defines a term, book by book."""
        return tuple(
            Place(source.title, section.chapter, section.number, section.module, section.title)
            for source, section in self._sections()
            if section.terms
        )

    def _spelled(self, word: str, known: set[str]) -> str:
        if len(word) < SHORTEST or stem(word) in known:
            return word
        named = (text for _, one in self._sections() for text in (one.title, *_terms(one)))
        return nearest(word, sorted({name for text in named for name in words(text)}))

    def _sections(self) -> list[tuple[Source, Section]]:
        books = (self._current[slug] for slug in sorted(self._current))
        return [(book.source, section) for book in books for section in book.sections]


def _counted(passage: Passage) -> Counter[str]:
    """Count a passage's stems; what it defines or stands under counts as well."""
    parts = (passage.text, *passage.headings, *passage.marks, *passage.marks)
    return Counter(stem(word) for part in parts for word in words(part))


def _terms(section: Section) -> tuple[str, ...]:
    return tuple(term.term for term in section.terms)


class _Topic:
    """A word: how rare it is, where it comes, and how much is made of it there."""

    def __init__(self, word: str, texts: dict[str, tuple[str, Counter[str]]]) -> None:
        modules = {module for module, _ in texts.values()}
        found = [module for module, held in texts.values() if held[word]]
        self.modules = Counter(found)
        self.weight = _rare(len(found), len(texts))
        self.spread = _rare(len(self.modules), len(modules))
        self.dwelt = math.log((len(found) + 1) / (len(self.modules) + 1))


def _often(times: int) -> float:
    return 2 * times / (times + 1)


def _rare(found: int, of: int) -> float:
    return math.log(1 + (of - found + 0.5) / (found + 0.5))
