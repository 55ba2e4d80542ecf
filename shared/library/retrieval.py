"""Find what may be taught: a question's words, and the textbook's words for the same thing.

question -> its words OR the key terms that everyday words stand for -> passages -> one section.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.errors import Refused
from shared.library.book import Hit, Material
from shared.library.words import plain, stems, words
from shared.ports import Library

HITS = 200  # enough for three passages of every section that matters
PASSAGES = 3  # of a section, that speak for it
NEIGHBOURS = 2
NEAREST = 3
SHORT = 8  # words
FLOOR = 0.62  # tests/benchmarks/retrieval.py measures what it lets through and what it stops

_ALIASES = Path(__file__).with_name("aliases.json")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a question found: sections as (module, score), best first, and their passages."""

    sections: tuple[tuple[str, float], ...]
    hits: tuple[Hit, ...]
    titles: Mapping[str, str]


def find(question: str, library: Library) -> Material:
    """Choose the section that answers a question, with the next best ones of its book.

    Raises Refused("not-covered"), naming the nearest sections, when even the best scores low.
    """
    found = ranked(question, library)
    if not found.sections or found.sections[0][1] < FLOOR:
        raise _not_covered(tuple(found.titles[module] for module, _ in found.sections[:NEAREST]))
    return _material(library, [module for module, _ in found.sections], found.hits)


def ranked(question: str, library: Library) -> Ranked:
    """Rank the sections that teach something by the sum of their three best passages."""
    known = library.sections()
    # A chapter's introduction defines nothing: no lesson can be built on it alone.
    taught = {module: title for module, title, terms in known if terms}
    key_terms = frozenset(plain(term) for _, _, terms in known for term in terms)
    hits = library.search((*words(question), *everyday(question, key_terms)), HITS)
    scores = _scores(hits, frozenset(taught))
    best = sorted(scores.items(), key=lambda section: (-section[1], section[0]))
    return Ranked(tuple(best), hits, taught)


@cache
def aliases() -> dict[str, tuple[frozenset[str], ...]]:
    """Read the table of key terms and the stems of the everyday phrases that mean them."""
    table = json.loads(_ALIASES.read_text(encoding="utf-8"))
    return {term: tuple(map(stems, phrases)) for term, phrases in table.items()}


def everyday(question: str, key_terms: frozenset[str]) -> tuple[str, ...]:
    """Give the words of those key terms that a short question means in everyday words.

    A long one says what it means, and its many words meet too many phrases by chance.
    """
    if len(words(question)) > SHORT:
        return ()
    asked = stems(question)
    meant = (
        term
        for term, phrases in aliases().items()
        if term in key_terms and any(phrase <= asked for phrase in phrases)
    )
    return tuple(dict.fromkeys(word for term in meant for word in words(term)))


def _scores(hits: tuple[Hit, ...], taught: frozenset[str]) -> dict[str, float]:
    ranks = defaultdict(list)
    for hit in hits:
        if hit.module in taught:
            ranks[hit.module].append(hit.rank)
    return {module: sum(heapq.nlargest(PASSAGES, found)) for module, found in ranks.items()}


def _not_covered(nearest: tuple[str, ...]) -> Refused:
    text = "The books in this library do not answer that question."
    if nearest:
        text += f" The nearest topics are: {'; '.join(nearest)}."
    return Refused("not-covered", text, nearest)


def _material(library: Library, best: list[str], hits: tuple[Hit, ...]) -> Material:
    source, section = library.section(best[0])
    others = (library.section(module) for module in best[1 : 1 + 2 * NEIGHBOURS])
    neighbours = [other for book, other in others if book == source]
    return Material(source, section, tuple(neighbours[:NEIGHBOURS]), hits)
