"""Words that carry meaning, and how much: stems and their weight in the material."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from shared.lesson.extractive.wordlists import STOP
from shared.library.book import Material
from shared.library.words import stem

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


@lru_cache(maxsize=30_000)
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
