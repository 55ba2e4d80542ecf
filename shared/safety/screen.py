"""Whether a text may be part of a lesson for a minor; the answer is a category, never words."""

from __future__ import annotations

import unicodedata
from typing import Literal, get_args

from shared.safety.leaning import leaning
from shared.safety.normal import variants, words
from shared.safety.patterns import LINKS, OBSCURED
from shared.safety.personal import tells
from shared.safety.rules import phrases

Category = Literal[
    "crisis", "sexual", "hate", "weapons", "drugs", "personal", "injection", "link", "obscured"
]  # fmt: skip
CATEGORIES: tuple[Category, ...] = get_args(Category)  # the first one decides
PHRASED: tuple[Category, ...] = CATEGORIES[:-2]
MASK = " xx "  # no rule's word, so that no phrase reaches across what is allowed


def screened(text: str) -> Category | None:
    """Name the first category that a text falls into, None when it may pass."""
    if not text:
        return None
    readings = variants(text)
    softened = [phrases("allowed").usual.sub(MASK.lstrip(), reading) for reading in readings]
    written = unicodedata.normalize("NFKC", text)
    for category in PHRASED:
        found = phrases(category)
        if any(map(found.always.search, readings)) or any(map(found.usual.search, softened)):
            return category
        if category == "personal" and tells(written):
            return category
    if LINKS.search(written):
        return "link"
    return "obscured" if OBSCURED.search(written) else None


def screened_question(text: str) -> Category | None:
    """Screen what a student typed, where words alone may decide; a lesson's would be a book's."""
    softened = phrases("allowed").usual.sub(MASK.lstrip(), words(text))
    leans = leaning(softened)
    return screened(text) or next((one for one in PHRASED if one == leans), None)


def gives_orders(text: str) -> bool:
    """Tell whether a text speaks to a model instead of a reader."""
    found = phrases("injection")
    return any(found.usual.search(one) or found.always.search(one) for one in variants(text))
