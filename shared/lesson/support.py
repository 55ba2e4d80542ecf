"""How far the cited sentences of a book carry what a line says: 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.library.words import stems

LEAST, LEAST_MEAN = 0.6, 0.8  # the default of Google's grounding check, and what a lesson reaches
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DENIES = re.compile(
    r"\b(?:not?|never|none|neither|nor|nobody|nothing|nowhere|cannot|without)\b|n['\u2019]t\b",
    re.IGNORECASE,
)


def support(text: str, sources: Sequence[str]) -> float:
    """Give the share of a line's meaningful words that its sources hold.

    0 when it states a number that no source states, or denies what they do not, or the other way
    round: such a line shares its words with the book and yet says something else.
    """
    source = " ".join(sources)
    asked = stems(text)
    numbers = set(_NUMBER.findall(text)) - set(_NUMBER.findall(source))
    turned = bool(_DENIES.search(text)) != bool(_DENIES.search(source))
    if not asked or numbers or turned:
        return 0.0
    return len(asked & stems(source)) / len(asked)
