"""Short words for the screen: a clause of the sentence that is being said, or a heading."""

from __future__ import annotations

import re

from shared.lesson.extractive.clauses import parts
from shared.lesson.extractive.vocabulary import Weights, stems

MOST = 8  # words of a point
MOST_POINTS = 3


def clause(  # noqa: PLR0913, PLR0917  (what a point is chosen by, each by name)
    text: str,
    weights: Weights,
    about: frozenset[str],
    most: int = MOST,
    taken: str = "",
    least: int = 0,
) -> str:
    """Take the best short part out of a sentence; empty when none is safe alone.

    A clause with its subject is better than a predicate, and one that says more of `about` is
    better than one that says less; `most` counts words, `taken` is what the screen shows anyway,
    `least` is how much of a clause it must be.
    """
    fitting = [
        (part.worth + weights.overlap(about, stems(part.text)), len(part.text), -number, part.text)
        for number, part in enumerate(parts(text, most))
        if part.text.lower() not in taken and part.worth >= least
    ]
    return _opened(max(fitting)[-1]) if fitting else ""


def sentence_case(title: str, text: str) -> str:
    """Write a heading in sentence case; `text` shows which words are names."""
    first, *rest = title.split() or [""]
    return " ".join([first[:1].upper() + first[1:], *(_cased(word, text) for word in rest)])


def opened(text: str) -> str:
    """Begin a text with a capital letter."""
    return _opened(text)


def _cased(word: str, text: str) -> str:
    bare = re.sub(r"\W+$", "", word)
    is_name = re.search(rf"(?<=[a-z,] ){re.escape(bare)}\b", text) is not None
    is_plain = re.search(rf"\b{re.escape(bare.lower())}\b", text) is not None
    keeps = len(bare) > 1 and (bare[1:].lower() != bare[1:] or (is_name and not is_plain))
    return word if keeps else word[:1].lower() + word[1:]


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
