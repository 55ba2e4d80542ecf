"""Short words for the screen: a clause of the sentence that is being said, or a heading."""

from __future__ import annotations

import re

from shared.lesson.extractive.vocabulary import Weights, stems
from shared.lesson.extractive.wordlists import (
    BAD_END,
    BAD_START,
    BREAK_BEFORE,
    STOP,
    TURNS,
    VERBS,
)

FEWEST, MOST = 3, 6  # more than six words in a row are read and heard at once
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
        if _is_fit(found, words)
    ]
    return _opened(_EDGE.sub("", " ".join(max(fitting)[2]))) if fitting else ""


def topic(text: str, weights: Weights) -> str:
    """Cut the most telling noun phrase out of a sentence: it names something and claims nothing."""
    pieces: list[list[str]] = [[]]
    for word in text.rstrip(".").split():
        if _bare(word) in VERBS or _bare(word) in BREAK_BEFORE or _bare(word) in BAD_START:
            pieces.append([])
            continue
        pieces[-1].append(word)
        if word.endswith(_STOPS):
            pieces.append([])
    named = [piece for piece in map(_noun_phrase, pieces) if 1 < len(piece) <= MOST]
    telling = [
        (sum(weights.weight(one) for one in stems(" ".join(piece))), -number, piece)
        for number, piece in enumerate(named)
    ]
    return _opened(_EDGE.sub("", " ".join(max(telling)[2]))) if telling else ""


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


def _noun_phrase(piece: list[str]) -> list[str]:
    while piece and (_bare(piece[0]) in STOP or _bare(piece[0]).endswith("ly")):
        piece = piece[1:]
    while piece and (_bare(piece[-1]) in BAD_END or _bare(piece[-1]) in STOP):
        piece = piece[:-1]
    return piece


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
