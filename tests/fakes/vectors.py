"""Vectors in a dictionary."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from shared.embedding.ports import NoVectors, Vector
from shared.embedding.texts import digest
from shared.library.book import Book


class MemoryVectors:
    """The port Vectors; without pgvector when it is told so."""

    def __init__(self, *, is_there: bool = True) -> None:
        self._is_there = is_there
        self.kept: dict[tuple[str, str], Vector] = {}
        self._modules: dict[str, list[str]] = {}

    def is_there(self) -> bool:
        """Whether vectors can be kept at all."""
        return self._is_there

    def missing(self, model: str, digests: Sequence[str]) -> frozenset[str]:
        """Tell which of these have no vector yet."""
        self._demand()
        return frozenset(one for one in digests if (model, one) not in self.kept)

    def keep(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Store vectors; those that are there stay."""
        self._demand()
        for name, vector in vectors.items():
            self.kept.setdefault((model, name), vector)

    def near(self, model: str, vector: Vector, limit: int) -> tuple[str, ...]:
        """Name the modules of the nearest passages."""
        self._demand()
        found = [
            (sum(a * b for a, b in zip(vector, kept, strict=True)) / math.hypot(*kept), name)
            for (of, name), kept in self.kept.items()
            if of == model
        ]
        nearest = [name for _, name in sorted(found, key=lambda one: -one[0])[:limit]]
        return tuple(dict.fromkeys(m for name in nearest for m in self._modules.get(name, ())))

    def added(self, book: Book) -> None:
        """Note where the passages of a book stand, as indexing does in the database."""
        for section in book.sections:
            for passage in section.passages:
                self._modules.setdefault(digest(passage), []).append(section.module)

    def _demand(self) -> None:
        if not self._is_there:
            raise NoVectors
