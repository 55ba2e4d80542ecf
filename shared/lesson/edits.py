"""The only changes that a book's sentence may undergo on its way into a lesson.

White space is joined, a bracket may go unless it limits what the sentence says, and a glossary
entry may end at its first semicolon and become a sentence.  A long sentence may lose what it can
do without, or be said as several (`splits`).  Nothing else: no dropped hedge, no other word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from shared.lesson.entries import sentences_of_entry
from shared.lesson.extractive.wordlists import BAD_END
from shared.lesson.splits import halves, leans, shortened

Way = tuple[str, ...]

_BRACKET = re.compile(r"\s*\([^()]*\)")
_LIMITS = re.compile(r"\b(?:ignoring|assuming|unless|except|only|not|if)\b", re.IGNORECASE)
_UNSTOPPED = re.compile(r"[\w)]$")
# What ends a sentence whose equation stands on a line of its own.
_LEADS_ON = frozenset(
    "equation formula written obtain obtains get gives give yields yield follows becomes "  # noqa: SIM905
    "expression relationship equals equivalently find therefore where".split()
)
_MOST_HALVINGS = 3
_MOST_FORMS = 24


def joined(text: str) -> str:
    """Join white space."""
    return " ".join(text.split())


def without_brackets(text: str) -> str:
    """Remove each bracket that limits nothing."""
    kept = _BRACKET.sub(lambda found: found[0] if _LIMITS.search(found[0]) else "", text)
    return joined(kept)


def to_semicolon(text: str) -> str:
    """End a glossary entry at its first semicolon."""
    head, semicolon, _ = text.partition(";")
    return f"{joined(head)}." if semicolon else joined(text)


@cache
def ways(text: str) -> tuple[Way, ...]:
    """Give every way to say a sentence, as one or more sentences, the plainest first."""
    found = dict.fromkeys(_ways(text, _MOST_HALVINGS))
    return tuple(sorted(found, key=len))


@cache
def allowed(text: str) -> Mapping[str, frozenset[str]]:
    """Give every sentence into which a lesson may turn this one.

    Each comes with the sentences of which one must be said right before it; none where it stands
    alone.
    """
    found: dict[str, frozenset[str]] = {}
    free: set[str] = set()
    for way in (*ways(text), *((one,) for one in _entry(text))):
        free.add(way[0])
        for before, one in pairwise(way):
            if not leans(before, one):
                free.add(one)
            found[one] = found.get(one, frozenset()) | {before}
    return found | dict.fromkeys(free, frozenset())


def _entry(text: str) -> Iterator[str]:
    for whole in (joined(text), without_brackets(text)):
        for one in (whole, to_semicolon(whole)):
            yield one
            yield from sentences_of_entry(one)


def _ways(text: str, halvings: int) -> Iterator[Way]:
    forms = _forms(text)
    yield from ((one,) for one in forms)
    if halvings:
        for form in forms:
            for first, second in halves(form):
                for before in _ways(first, halvings - 1):
                    yield from ((*before, *behind) for behind in _ways(second, halvings - 1))


def _forms(text: str) -> tuple[str, ...]:
    """Give a sentence, and what is left of it when one thing after the other goes."""
    whole = joined(text)
    if _UNSTOPPED.search(whole) and whole.split()[-1].lower() not in BAD_END | _LEADS_ON:
        whole += "."  # an item of a list
    found = {whole: None, without_brackets(whole): None}
    for one in found.copy():
        waiting = [one]
        while waiting and len(found) < _MOST_FORMS:
            for shorter in shortened(waiting.pop(0)):
                if shorter not in found:
                    found[shorter] = None
                    waiting.append(shorter)
    return tuple(found)
