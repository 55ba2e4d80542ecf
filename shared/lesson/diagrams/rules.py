"""What every diagram's data must keep: few short labels, finite numbers that can be drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shared.lesson.typed import Unsound

MOST_LABELS = 8
MOST_WORDS = 3
MOST_CHARACTERS = 26


def label(field: str, text: str, *, may_be_empty: bool = False) -> None:
    """Let a label be at most three words on one line."""
    if not text and may_be_empty:
        return
    if not text.strip() or text != " ".join(text.split()):
        raise Unsound(field, "must be words with single blanks between them")
    if len(text.split()) > MOST_WORDS or len(text) > MOST_CHARACTERS:
        raise Unsound(field, f"must be at most {MOST_WORDS} words, {MOST_CHARACTERS} characters")


def labels(field: str, texts: Sequence[str]) -> None:
    """Check each of several labels, and that they differ."""
    for place, text in enumerate(texts):
        label(f"{field}[{place}]", text)
    if len(set(texts)) < len(texts):
        raise Unsound(field, "must differ from each other")


def count(field: str, values: Sequence[object], least: int, most: int) -> None:
    """Let a list have a length that fits the picture."""
    if not least <= len(values) <= most:
        raise Unsound(field, f"must be {least} to {most} of them")


def number(field: str, value: float, least: float, most: float) -> None:
    """Let a number be finite and within its limits."""
    if not math.isfinite(value) or not least <= value <= most:
        raise Unsound(field, f"must be from {least:g} to {most:g}")


def holds(field: str, rule: str, *, true: bool) -> None:
    """Let a law hold; `rule` says it."""
    if not true:
        raise Unsound(field, rule)


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def a(noun: str) -> str:
    """Put the indefinite article before a noun."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
