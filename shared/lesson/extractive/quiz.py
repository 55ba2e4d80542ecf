"""The check: a definition, and the terms that it might belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shared.errors import Refused
from shared.lesson.extractive.meanings import Meaning, alike, from_glossary
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import (
    LEAD_AND_TAIL_S,
    MOST_SCENE_S,
    MOST_VISIBLE_WORDS,
    THINK_S,
    WORDS_A_MINUTE,
)

HOLD_S = 1.0
_TOO_ALIKE = 0.4
_FEWEST_WRONG, _MOST_WRONG = 2, 3
_LONG = 15  # words of a definition that is taken only when no shorter one is there
_FIXED_WORDS = 16  # what the check says around its stem, options and reasons
_ASKS = "Which term means this:"


@dataclass(frozen=True, slots=True)
class Quiz:
    """`options` in the order to show; `shown` is the stem on the screen, cut if it is long."""

    answer: Meaning
    options: tuple[Meaning, ...]
    stem: str
    shown: str

    @property
    def wrong(self) -> tuple[Meaning, ...]:
        """The options that are not the answer."""
        return tuple(one for one in self.options if one is not self.answer)


def quiz(subject: Subject, keywords: Sequence[Meaning], said: Collection[str]) -> Quiz:
    """Ask for a term that the lesson explained; raises Refused when too few terms differ."""
    for is_strict in (True, False):
        for answer in (*keywords, *subject.meanings, *_used_terms(subject)):
            if _gives_itself_away(answer, is_strict=is_strict):
                continue
            wrong = _distractors(subject, answer, said, is_strict=is_strict)
            if len(wrong) >= _FEWEST_WRONG:
                return _quiz(subject, answer, wrong)
    raise Refused(
        "too-little-material",
        "The textbook's section on this has too few definitions for a lesson.",
        (f"{subject.section.number} {subject.section.title}",),
    )


def _used_terms(subject: Subject) -> Iterator[Meaning]:
    """Give the neighbours' terms that the section uses."""
    text = f" {' '.join(passage.text for passage in subject.section.passages).lower()} "
    own = {term.term.lower() for term in subject.section.terms}
    for one in _candidates(subject):
        if one.term.lower() not in own and f" {one.term.lower()} " in text:
            yield one


def _gives_itself_away(answer: Meaning, *, is_strict: bool) -> bool:
    """Whether the definition holds the term: any word of it, or at least all of them."""
    name = stems(answer.term)
    return bool(name & answer.stems) if is_strict else name <= answer.stems


def _quiz(subject: Subject, answer: Meaning, wrong: Sequence[Meaning]) -> Quiz:
    def place(option: Meaning) -> str:
        return hashlib.sha256(f"{subject.lesson_id}{option.term}".encode()).hexdigest()

    options = tuple(sorted((answer, *wrong), key=place))
    room = MOST_VISIBLE_WORDS - sum(len(one.term.split()) for one in options)
    room -= len(answer.term.split()) + len(_ASKS.split())
    return Quiz(answer, options, f"{_ASKS} {answer.shown}?", f"{_ASKS} {_cut(answer.shown, room)}")


def _distractors(
    subject: Subject, answer: Meaning, said: Collection[str], *, is_strict: bool
) -> list[Meaning]:
    """Choose terms close to the answer; ones that were defined before only to have enough."""

    def rate(one: Meaning) -> tuple[bool, bool, float]:
        is_long = len(one.shown.split()) > _LONG
        return one.line in said, is_long, -alike(one.stems, answer.stems)

    taken: list[Meaning] = []
    room = _room(subject, answer)
    fitting = [one for one in _candidates(subject) if _differs(one, answer, is_strict=is_strict)]
    for one in sorted(fitting, key=rate):
        words = len(one.line.split()) + len(one.term.split())
        is_fair = all(_differs(one, other, is_strict=is_strict) for other in taken)
        most = _FEWEST_WRONG if one.line in said else _MOST_WRONG
        if len(taken) < most and words <= room and is_fair:
            taken.append(one)
            room -= words
    return taken


def _room(subject: Subject, answer: Meaning) -> int:
    """Count the words that the options and reasons may take, so that the scene stays short."""
    free_s = MOST_SCENE_S - LEAD_AND_TAIL_S - THINK_S - HOLD_S
    words = int(free_s * WORDS_A_MINUTE[subject.brief.grade_band] / 60)
    return (
        words - _FIXED_WORDS - len(f"{_ASKS} {answer.shown}".split()) - 2 * len(answer.term.split())
    )


def _candidates(subject: Subject) -> Iterator[Meaning]:
    for section in (subject.section, *subject.material.neighbours):
        for term in section.terms:
            meaning = from_glossary(section, term)
            if meaning:
                yield meaning


def _differs(one: Meaning, other: Meaning, *, is_strict: bool) -> bool:
    """Whether two terms are fair alternatives: no near-equal meaning, strictly no shared word."""
    if one.term.lower() == other.term.lower() or alike(one.stems, other.stems) >= _TOO_ALIKE:
        return False
    shares_a_word = stems(one.term) & stems(other.term) or stems(other.term) <= one.stems
    return not (is_strict and shares_a_word)


def _cut(definition: str, room: int) -> str:
    words = definition.split()
    if len(words) <= room:
        return f"{' '.join(words)}?"
    return f"{' '.join(words[: room - 1]).rstrip(',;:')} …?"
