"""How hard a text is to read: Flesch-Kincaid grade with one fixed syllable rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[aeiouy]le|[^aeiouytd]ed|[^aeiouysxzcgh]es)$")


def words(text: str) -> list[str]:
    """Split a text into its words; a number is one word, so is a hyphenated pair."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Count a word's syllables: its groups of vowels, less a silent ending, at least one.

    Hyphenated parts count on their own; a number counts one for each digit.
    """
    return (
        sum(_syllables(part) for part in re.split(r"[-\u2019']", word.lower()) if len(part) > 1)
        or 1
    )


def grade(sentences: Sequence[str]) -> float:
    """Rate sentences by the school grade that reads them; 0 for none.

    Source: Kincaid et al. 1975, 0.39 words a sentence + 11.8 syllables a word - 15.59.
    """
    counted = [word for sentence in sentences for word in words(sentence)]
    if not counted:
        return 0.0
    sounds = sum(syllables(word) for word in counted)
    return 0.39 * len(counted) / len(sentences) + 11.8 * sounds / len(counted) - 15.59


def _syllables(part: str) -> int:
    if part[0].isdigit():
        return sum(character.isdigit() for character in part)
    return max(1, len(_VOWELS.findall(part)) - bool(_SILENT_END.search(part)))
