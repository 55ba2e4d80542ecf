"""Short parts of a sentence that are grammatical alone and say nothing that the whole does not.

A part is an unbroken row of the sentence's words.  What would turn it round or limit it (not, if,
some, may) must stand inside it, or in another main clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from shared.lesson.extractive.verbs import AUXILIARIES, BASE, COPULAS, THIRD, predicate_at
from shared.lesson.extractive.wordlists import (
    BAD_END,
    BAD_START,
    BREAK_BEFORE,
    COMPARATIVES,
    CONDITIONS,
    DETERMINERS,
    PREPOSITIONS,
    RELATIVES,
    STOP,
    TURNS,
)

FEWEST = 3
_EDGE = re.compile(r"^[\"“\u2018(\[]+|[,;:.\"”\u2019)\]]+$")
_STOPS = (",", ";", ":", "—")
_QUOTED = re.compile(r"[(){}\[\]“”\"]")
_GIVES_REASON = frozenset({"so", "because"})
# What opens something new behind a comma, where a list would simply go on.
_ANEW = BREAK_BEFORE | RELATIVES | {"it", "they", "far", "as", "such", "namely", "including"}
_POINTS_BACK = frozenset("this these those them him her".split())  # noqa: SIM905
_NO_PLAIN_SUBJECT = frozenset("i we you he she who nothing nobody".split())  # noqa: SIM905
_DESCRIBES = DETERMINERS | COMPARATIVES | {"any", "what", "how"}
_LONGEST_SUBJECT = 5
_THIN = 3  # "is the rate" says nothing yet
# How good a part is: a whole clause says who does what, a piece of its predicate says least.
CLAUSE, SHORTENED, PREDICATE, PIECE = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, and how much of a clause it is."""

    text: str
    worth: int


def bare(word: str) -> str:
    """Give a word in small letters without the marks around it."""
    return _EDGE.sub("", word).lower()


@cache
def parts(text: str, most: int) -> tuple[Part, ...]:
    """Give every part of a sentence that may stand alone, of 3 to `most` words."""
    return tuple(
        Part(_EDGE.sub("", " ".join(found)), worth)
        for main in _mains(text.rstrip(".").split())
        for found, worth in _of_main(main)
        if len(found) <= most and _is_whole(found, main)
    )


def _mains(words: list[str]) -> list[list[str]]:
    """Split at ", and" where a subject and its verb follow; each half is true without the other."""
    if any(bare(word) in CONDITIONS for word in words):
        return [words]
    for place, word in enumerate(words[1:], start=1):
        is_joint = words[place - 1].endswith(",") and word in {"and", "but"}
        tail = words[place + 1 :]
        if is_joint and 0 < _verb_at(tail) <= len(tail) and _verb_at(words[:place]) > 0:
            return [words[:place], *_mains(tail)]
    return [words]


def _of_main(main: list[str]) -> Iterator[tuple[list[str], int]]:
    """Give a main clause's own clauses, shortened ones and predicates."""
    pieces = _pieces(main)
    for number, opened in enumerate(pieces):
        piece = opened[1:] if bare(opened[0]) in _GIVES_REASON else opened
        verb = _verb_at(piece)
        is_list = opened[-1].endswith(",") and not _may_follow(pieces[number + 1 :])
        if verb <= 0 or is_list or (number > 0 and not _has_a_subject(piece)):
            continue
        for found in _shortened(piece, verb):
            worth = CLAUSE if len(found) == len(piece) else SHORTENED
            if bare(found[0]) not in BAD_START:
                yield found, worth
        if number == 0 and _is_plain(piece[:verb]):
            yield from _predicates(piece, verb)


def _may_follow(pieces: Sequence[Sequence[str]]) -> bool:
    """Whether what stands behind a comma goes on with something else, not with a list."""
    opening = [bare(word) for word in pieces[0][:2]] if pieces else []
    return not opening or opening[0] in _ANEW or opening[-1] in RELATIVES


def _pieces(words: list[str]) -> list[list[str]]:
    """Split a main clause at its commas and before the words that open another clause."""
    found: list[list[str]] = [[]]
    for word in words:
        if bare(word) in BREAK_BEFORE and found[-1]:
            found.append([])
        found[-1].append(word)
        if word.endswith(_STOPS):
            found.append([])
    return [piece for piece in found if piece]


def _is_plain(subject: Sequence[str]) -> bool:
    """Whether what a predicate is said of is short, and no comparison that it depends on."""
    compares = any(map(_compares, subject))
    tells = _NO_PLAIN_SUBJECT & set(map(bare, subject))
    return len(subject) <= _LONGEST_SUBJECT and not compares and not tells


def _predicates(piece: list[str], verb: int) -> Iterator[tuple[list[str], int]]:
    """Give what is said of the subject: from its verb, from behind "is", from behind "to"."""
    after = piece[verb + 1 :]
    starts = [] if bare(piece[verb]) in COPULAS | AUXILIARIES else [verb]
    if bare(piece[verb]) in COPULAS and after and _describes(after[0]):
        starts.append(verb + 1)
    starts += [
        place + 1
        for place in range(verb, len(piece) - 1)
        if bare(piece[place]) == "to" and bare(piece[place + 1]) in BASE
    ]
    for start in starts:
        for found in _shortened(piece[start:], 0):
            if "than" in found:  # what is compared would be gone
                continue
            is_full = start + len(found) == len(piece)
            yield found, PREDICATE if is_full else PIECE


def _describes(word: str) -> bool:
    return bare(word) in _DESCRIBES or bare(word).endswith("ed")


def _shortened(piece: list[str], verb: int) -> Iterator[list[str]]:
    """Give a clause whole, then without its last phrases."""
    yield piece
    for end in range(verb + 2, len(piece) - 1):
        kept, word, following = piece[:end], bare(piece[end]), bare(piece[end + 1])
        if word == "than":
            may_end = not any(map(_compares, kept[-2:]))
        elif word in PREPOSITIONS - {"into"} | {"as"}:
            may_end = _may_end(kept, verb) and following not in RELATIVES | BASE
            may_end = may_end and not (word == "to" and {"from", "is", "are"} & set(kept))
        else:
            may_end = word == "and" and following in THIRD | BASE and _may_end(kept, verb)
        if may_end:
            yield kept


def _compares(word: str) -> bool:
    return bare(word) in COMPARATIVES


def _may_end(kept: Sequence[str], verb: int) -> bool:
    said = [bare(word) for word in kept[verb:]]
    is_bound = said[-1] in THIRD | BASE or said[-1].endswith(("ed", "ing"))
    is_thin = said[0] in COPULAS and len(said) <= _THIN
    relative = max((place for place, word in enumerate(said) if word in RELATIVES), default=-9)
    return not is_bound and not is_thin and len(said) - relative > _THIN


def _verb_at(piece: Sequence[str]) -> int:
    return predicate_at([bare(word) for word in piece])


def _has_a_subject(piece: Sequence[str]) -> bool:
    """Whether a clause inside a sentence begins anew, instead of going on with what was said."""
    return bare(piece[0]) in DETERMINERS and len(piece) > FEWEST


def _is_whole(found: Sequence[str], main: Sequence[str]) -> bool:
    inside = set(map(bare, found))
    is_the_end = found[-1] == main[-1]
    outside = set(map(bare, main)) - inside
    return (
        len(found) >= FEWEST
        and (bare(found[-1]) not in BAD_END or (is_the_end and bare(found[-1]) in PREPOSITIONS))
        and not outside & TURNS
        and not any(word.endswith(("n't", "n\u2019t")) for word in main)
        and not inside & _POINTS_BACK
        and ("than" not in inside or any(map(_compares, found)))
        and len(inside - STOP) > 1
        and not _QUOTED.search(" ".join(found))
    )
