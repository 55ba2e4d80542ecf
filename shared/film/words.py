"""Give the words of a caption the times of the words that were spoken.

A line is written "50 N" and spoken "fifty newtons": words that are equal in both anchor the others,
which share the time between their anchors in proportion to their letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from shared.errors import Permanent
from shared.film.narration import SpokenLine


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One blank-separated word as it is written, in seconds from the scene's start."""

    text: str
    start_s: float
    end_s: float


def timed_words(text: str, spoken: str, heard: SpokenLine) -> tuple[TimedWord, ...]:
    """Time each word of `text` by the times of the words of `spoken`."""
    written, said = text.split(), spoken.split()
    if len(said) != len(heard.words):
        raise Permanent(f"{len(heard.words)} word times for {len(said)} words")
    matcher = SequenceMatcher(None, bare_words(text), bare_words(spoken), autojunk=False)
    timed: list[TimedWord] = []
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            times = heard.words[b_from:b_to]
            pairs = zip(written[a_from:a_to], times, strict=True)
            timed += [TimedWord(word, start, end) for word, (start, end) in pairs]
        elif a_to > a_from:
            start = heard.words[b_from][0] if b_from < len(said) else heard.end_s
            end = heard.words[b_to - 1][1] if b_to > b_from else start
            timed += _shared_out(written[a_from:a_to], start, end)
    return tuple(timed)


def bare_words(text: str) -> list[str]:
    """Reduce each word to its letters and digits, so that case and punctuation do not matter."""
    return [re.sub(r"[^\w]", "", word).casefold() or word for word in text.split()]


def _shared_out(words: list[str], start_s: float, end_s: float) -> list[TimedWord]:
    total = sum(len(word) for word in words)
    timed, done = [], 0
    for word in words:
        begin = start_s + (end_s - start_s) * done / total
        done += len(word)
        timed.append(TimedWord(word, begin, start_s + (end_s - start_s) * done / total))
    return timed
