"""Spelling mistakes: which words may stand for each other."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 5  # letters: a shorter word has too many neighbours


def spellings(word: str) -> frozenset[str]:
    """Give the word and what is left of it without one letter.

    Two words that differ by one letter, or by two neighbours that changed places, share one.
    """
    return frozenset({word, *(word[:n] + word[n + 1 :] for n in range(len(word)))})


def nearest(word: str, names: Iterable[str]) -> str:
    """Choose what a misspelt word means: the name that begins alike and is as long, else itself."""
    alike = (name for name in names if name[0] == word[0] and spellings(name) & spellings(word))
    return min(alike, key=lambda name: (abs(len(name) - len(word)), name), default=word)
