"""Words that carry meaning, and how much: stems and their weight in the material."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from shared.lesson.extractive.wordlists import STOP
from shared.library.book import Material

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_ENDINGS = (
    ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("ization", "ize"), ("ations", ""),
    ("ation", ""), ("ically", "ic"), ("ings", ""), ("ies", "y"), ("ied", "y"), ("ing", ""),
    ("edly", ""), ("ions", ""), ("ion", ""), ("sses", "ss"), ("ed", ""), ("ly", ""), ("es", ""),
    ("al", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 3
_IRREGULAR = {
    "motion": "mov", "motions": "mov", "fell": "fall", "fallen": "fall", "threw": "throw",
    "thrown": "throw", "heard": "hear", "spun": "spin", "froze": "freez", "frozen": "freez",
    "grew": "grow", "grown": "grow", "height": "high", "strength": "strong", "felt": "feel",
    "tendency": "tend", "life": "liv", "lives": "liv", "alive": "liv", "leaves": "leaf",
    "children": "child", "lost": "lose", "kept": "keep", "bent": "bend",
}  # fmt: skip


@cache
def stem(word: str) -> str:
    """Cut a word's ending, so that "moving", "moves" and "moved" are one."""
    word = _POSSESSIVE.sub("", word.lower())
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, instead in _ENDINGS:
        left = word.removesuffix(ending)
        if left != word and not left.endswith("s") and len(left) >= _SHORTEST_STEM:
            return _undouble(left + instead)
    return word


def stems(text: str) -> frozenset[str]:
    """Give the stems of a text's meaningful words."""
    found = (word.lower() for word in _WORD.findall(text))
    return frozenset(stem(word) for word in found if word not in STOP and len(word) > 1)


class Weights:
    """How telling each stem is among these texts: rare ones count more."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = [stems(text) for text in texts]
        self._holding = Counter(one for found in counted for one in found)
        self._texts = len(counted)

    def weight(self, stem_: str) -> float:
        """Weigh one stem: the logarithm of one over the share of texts that hold it."""
        return math.log((1 + self._texts) / (1 + self._holding[stem_])) + 1

    def overlap(self, asked: frozenset[str], found: frozenset[str]) -> float:
        """Tell which share of the asked weight is found, 0 to 1."""
        total = sum(self.weight(one) for one in asked)
        return sum(self.weight(one) for one in asked & found) / total if total else 0.0


def weights(material: Material) -> Weights:
    """Weigh the stems of the anchor section and its neighbours by passage."""
    sections = (material.section, *material.neighbours)
    return Weights(passage.text for section in sections for passage in section.passages)


def _undouble(left: str) -> str:
    is_doubled = len(left) > _SHORTEST_STEM and left[-1] == left[-2] and left[-1] not in "lsz"
    return left[:-1] if is_doubled else left
