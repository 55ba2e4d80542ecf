"""Short words for the screen: a clause of the sentence that is being said, or a heading."""

from __future__ import annotations

import re

from shared.lesson.extractive.vocabulary import Weights, stems
from shared.lesson.extractive.wordlists import (
    BAD_END,
    BAD_START,
    BREAK_BEFORE,
    DETERMINERS,
    STOP,
    TURNS,
)

FEWEST, MOST = 3, 8
_FEWEST_LATER = 4  # behind a comma, three words are often the end of a list
_EDGE = re.compile(r"^[\"“\u2018(\[]+|[,;:.\"”\u2019)\]]+$")
_STOPS = (",", ";", ":", "—")


def clause(text: str, weights: Weights, about: frozenset[str]) -> str:
    """Cut the most telling short clause out of a sentence; empty when none is safe alone."""
    words = text.rstrip(".").split()
    if FEWEST <= len(words) <= MOST and _bare(words[0]) not in BAD_START:
        return _opened(" ".join(words))
    fitting = [
        (weights.overlap(about, stems(" ".join(found))), -number, found)
        for number, found in enumerate(_clauses(words))
        if _is_fit(found, words) and (number == 0 or _has_a_subject(found, about))
    ]
    return _opened(_EDGE.sub("", " ".join(max(fitting)[2]))) if fitting else ""


def sentence_case(title: str, text: str) -> str:
    """Write a heading in sentence case; `text` shows which words are names."""
    first, *rest = title.split() or [""]
    return " ".join([first[:1].upper() + first[1:], *(_cased(word, text) for word in rest)])


def opened(text: str) -> str:
    """Begin a text with a capital letter."""
    return _opened(text)


def _clauses(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        if _bare(word) in BREAK_BEFORE and found[-1]:
            found.append([])
        found[-1].append(word)
        if word.endswith(_STOPS):
            found.append([])
    return found


def _has_a_subject(found: list[str], about: frozenset[str]) -> bool:
    """Whether a clause inside a sentence begins anew, instead of going on with what was said."""
    first = _bare(found[0])
    return len(found) >= _FEWEST_LATER and (first in DETERMINERS or bool(stems(first) & about))


def _is_fit(found: list[str], sentence: list[str]) -> bool:
    if not FEWEST <= len(found) <= MOST:
        return False
    inside = {_bare(word) for word in found}
    outside = {_bare(word) for word in sentence} - inside
    return (
        _bare(found[0]) not in BAD_START
        and _bare(found[-1]) not in BAD_END
        and not outside & TURNS
        and not any(word.endswith(("n't", "n\u2019t")) for word in sentence)
        and len(inside - STOP) > 1
        and not re.search(r"[(){}\[\]“”\"]", " ".join(found))
    )


def _cased(word: str, text: str) -> str:
    bare = re.sub(r"\W+$", "", word)
    is_name = re.search(rf"(?<=[a-z,] ){re.escape(bare)}\b", text) is not None
    is_plain = re.search(rf"\b{re.escape(bare.lower())}\b", text) is not None
    keeps = len(bare) > 1 and (bare[1:].lower() != bare[1:] or (is_name and not is_plain))
    return word if keeps else word[:1].lower() + word[1:]


def _bare(word: str) -> str:
    return _EDGE.sub("", word).lower()


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
