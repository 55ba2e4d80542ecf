"""Find what may be taught: a question's words, and the textbook's words for the same thing.

question -> its words OR the key terms that everyday words stand for -> passages -> one section.
Whether a question is answered at all its words decide alone; which section answers it, words and
meaning together, where meaning is looked for.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import mul
from pathlib import Path

from shared.embedding.fusion import fused
from shared.errors import Refused
from shared.library.book import Hit, Material
from shared.library.spelling import nearest
from shared.library.words import plain, stem, stems, words
from shared.ports import Library

HITS = 200  # enough for three passages of every section that matters
SHARES = (1.0, 0.5, 0.25)  # what a section's best passages add to its score
NEIGHBOURS = 2
NEAREST = 3
SHORT = 8  # words
FRAMES = frozenset({"cause", "causes", "happen", "happens"})  # ask, but are not asked about
LONG = 6  # letters of a stem that nothing else is close to by chance

# What a question must reach to be answered, and what is sure or doubtful about it; calibrated on
# one half of tests/benchmarks/off_book.txt, measured on the other.
FLOOR = 7.8
NAMED = 3.5  # it names a key term as a whole, or means one
FOREIGN = 4.5  # a word of another subject
FOREIGN_WORDS = 2  # that count, at most

_ALIASES = Path(__file__).with_name("aliases.json")
_SUBJECTS = Path(__file__).with_name("subjects.json")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a question found: sections as (module, score), best first, and their passages."""

    sections: tuple[tuple[str, float], ...]
    hits: tuple[Hit, ...]
    titles: Mapping[str, str]
    sure: float  # how likely it is that the best section answers; below FLOOR it does not


def nothing_near(question: str) -> tuple[str, ...]:
    """Find nothing by meaning."""
    return ()


def find(
    question: str, library: Library, nearest: Callable[[str], Sequence[str]] = nothing_near
) -> Material:
    """Choose the section that answers a question, with the next best ones of its book.

    `nearest` names the modules that are closest in meaning, closest first; it may be paid for.
    Raises Refused("not-covered"), naming the nearest sections, when even the best scores low.
    """
    found = ranked(question, library)
    if found.sure < FLOOR:
        raise _not_covered(tuple(found.titles[module] for module, _ in found.sections[:NEAREST]))
    return _material(library, with_meaning(found, nearest(question)))


def with_meaning(found: Ranked, near: Sequence[str]) -> Ranked:
    """Rank sections by their places in both orders: by words, and by meaning."""
    if not near:
        return found
    by_words = [module for module, _ in found.sections]
    return replace(found, sections=fused(by_words, [one for one in near if one in found.titles]))


def ranked(question: str, library: Library) -> Ranked:
    """Rank by words the sections that teach something by their three best passages."""
    known = library.sections()
    # A chapter's introduction defines nothing: no lesson can be built on it alone.
    taught = {module: title for module, title, terms in known if terms}
    key_terms = frozenset(plain(term) for _, _, terms in known for term in terms)
    meant = everyday(question, key_terms)
    asked = (word for word in words(question) if word not in FRAMES)
    hits = library.search((*asked, *meant), HITS)
    scores = _scores(hits, frozenset(taught))
    best = sorted(scores.items(), key=lambda section: (-section[1], section[0]))
    return Ranked(tuple(best), hits, taught, _sure(question, best[:1], hits, known))


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


@cache
def foreign() -> frozenset[str]:
    """Read the stems of words that belong to other school subjects."""
    table = json.loads(_SUBJECTS.read_text(encoding="utf-8"))
    return frozenset(stem(word) for listed in table.values() for word in listed)


def _scores(hits: tuple[Hit, ...], taught: frozenset[str]) -> dict[str, float]:
    ranks = defaultdict(list)
    for hit in hits:
        if hit.module in taught:
            ranks[hit.module].append(hit.rank)
    return {
        module: sum(map(mul, SHARES, sorted(found, reverse=True)))
        for module, found in ranks.items()
    }


def _sure(
    question: str,
    best: list[tuple[str, float]],
    hits: tuple[Hit, ...],
    known: tuple[tuple[str, str, tuple[str, ...]], ...],
) -> float:
    """Weigh the best section's score by what the question says beside it."""
    if not best:
        return 0.0
    [(module, score)] = best
    covered = max(hit.covered for hit in hits if hit.module == module)
    key_terms = {plain(term) for _, _, terms in known for term in terms}
    terms = [stems(term) for term in key_terms]
    named = frozenset[str]().union(*terms, *(stems(title) for _, title, _ in known))
    asked = _spelled(question, named)
    is_named = any(term and term <= asked for term in terms)
    sure = score * math.sqrt(covered)
    if is_named or everyday(question, frozenset(key_terms)):
        sure *= NAMED
    return sure / FOREIGN ** min(FOREIGN_WORDS, len(asked & foreign() - named))


def _spelled(question: str, names: frozenset[str]) -> frozenset[str]:
    """Give a question's stems, a long misspelt one as the key term's that it is close to."""
    return frozenset(
        nearest(one, names) if len(one) >= LONG and one not in names else one
        for one in stems(question)
    )


def _not_covered(nearest: tuple[str, ...]) -> Refused:
    text = "The books in this library do not answer that question."
    if nearest:
        text += f" The nearest topics are: {'; '.join(nearest)}."
    return Refused("not-covered", text, nearest)


def _material(library: Library, found: Ranked) -> Material:
    """Fetch the best section, the next best of its book, and the ones beside it in its chapter."""
    best, order = [module for module, _ in found.sections], list(found.titles)
    source, section = library.section(best[0])
    others = (library.section(module) for module in best[1 : 1 + 2 * NEIGHBOURS])
    next_best = [other for book, other in others if book == source][:NEIGHBOURS]
    at = order.index(best[0])
    beside = map(library.section, (*order[max(0, at - 1) : at], *order[at + 1 : at + 2]))
    chapter = [
        other
        for book, other in beside
        if book == source and other.chapter == section.chapter and other not in next_best
    ]
    return Material(source, section, (*next_best, *chapter), found.hits)
