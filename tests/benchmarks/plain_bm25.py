"""The same questions over the same passages with plain BM25 and stemming, to stand beside ours."""

from __future__ import annotations

from collections import defaultdict

import bm25s
import Stemmer

from shared.library.book import Book

HITS = 200


class PlainBm25:
    """bm25s as its manual uses it; a section counts as its best passage."""

    def __init__(self, book: Book) -> None:
        """Index a book's passages with the headings above them."""
        taught = [section for section in book.sections if section.terms]
        self._stemmer = Stemmer.Stemmer("english")
        self._modules = [section.module for section in taught for _ in section.passages]
        texts = [" ".join((*p.headings, p.text)) for section in taught for p in section.passages]
        self._index = bm25s.BM25()
        self._index.index(self._tokens(texts), show_progress=False)

    def sections(self, question: str) -> list[tuple[str, float]]:
        """Rank the sections that a question finds, best first."""
        found, scores = self._index.retrieve(
            self._tokens([question]), k=min(HITS, len(self._modules)), show_progress=False
        )
        best: dict[str, float] = defaultdict(float)
        for place, score in zip(found[0], scores[0], strict=True):
            module = self._modules[int(place)]
            best[module] = max(best[module], float(score))
        return sorted(best.items(), key=lambda one: -one[1])

    def _tokens(self, texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)
