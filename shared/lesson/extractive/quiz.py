"""The check: a definition, and the terms that it might belong to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shared.errors import Refused
from shared.lesson.entries import is_many
from shared.lesson.extractive.meanings import Meaning, alike, from_glossary
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import (
    GAP_S,
    LEAD_AND_TAIL_S,
    MOST_SCENE_S,
    MOST_VISIBLE_WORDS,
    QUICKER,
    THINK_S,
    WORDS_A_MINUTE,
    said_s,
)

HOLD_S = 0.5
_TOO_ALIKE = 0.4
_FEWEST_WRONG, _MOST_WRONG = 2, 3
_LONG = 15  # words of a definition that is taken only when no shorter one is there
_SAME_SECTION, _SAME_CHAPTER, _SAME_THING = 1.0, 1.0, 1.5
_OTHER_LENGTH, _SAID, _NEAR_ENOUGH = 0.4, 3.0, 0.5
_ASKS_FOR_A_LAW = "Which law says this:"
_LAW = re.compile(r"\b(?:laws?|principle|theorem|theory|equations?|rule)\b", re.IGNORECASE)
_ENDS_A_NAME = frozenset(
    "of that which in at by for to from with on between per whose through caused divided "  # noqa: SIM905
    "multiplied acting where".split()
)
_FIXED = ("Choose one:",)
_SPARE_S = 2.0  # for what the estimate of a scene's length misses
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
    foci = {one.lower() for one in subject.foci}
    first = [one for one in keywords if one.term.lower() in foci]
    for is_strict in (True, False):
        for answer in (*first, *keywords, *subject.meanings, *_used_terms(subject)):
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

    asks = _asks(answer)
    options = tuple(sorted((answer, *wrong), key=place))
    room = MOST_VISIBLE_WORDS - sum(len(one.term.split()) for one in options)
    room -= len(answer.term.split()) + len(asks.split())
    return Quiz(answer, options, f"{asks} {answer.shown}?", f"{asks} {_cut(answer.shown, room)}")


def _asks(answer: Meaning) -> str:
    is_law = re.search(r" (?:says|states) that ", answer.line) is not None
    return _ASKS_FOR_A_LAW if is_law else _ASKS


def _distractors(
    subject: Subject, answer: Meaning, said: Collection[str], *, is_strict: bool
) -> list[Meaning]:
    """Choose terms of the answer's kind, close to it; ones defined before only to have enough."""
    fitting = [one for one in _candidates(subject) if _differs(one, answer, is_strict=is_strict)]
    kin = [one for one in fitting if _kind(one) == _kind(answer)]
    near = sorted(kin, key=lambda one: -_nearness(subject, one, answer, said))
    short = sorted(kin, key=lambda one: len(one.line))
    any_kind = sorted(fitting, key=lambda one: len(one.line))
    rankings = (near, short) if is_strict else (near, short, any_kind)
    found = (_taken(subject, answer, one, said, is_strict=is_strict) for one in rankings)
    return next((taken for taken in found if len(taken) >= _FEWEST_WRONG), [])


def _taken(
    subject: Subject,
    answer: Meaning,
    ranked: Sequence[Meaning],
    said: Collection[str],
    *,
    is_strict: bool,
) -> list[Meaning]:
    """Take wrong options in order, as many as the scene has time for."""
    taken: list[Meaning] = []
    room_s = _room_s(subject, answer)
    for one in ranked:
        takes_s = _said_s(subject, one.line) + _said_s(subject, f", {one.term}")
        is_fair = all(_differs(one, other, is_strict=is_strict) for other in taken)
        is_far = _nearness(subject, one, answer, said) < _NEAR_ENOUGH
        most = _FEWEST_WRONG if one.line in said or is_far else _MOST_WRONG
        if len(taken) < most and takes_s <= room_s and is_fair:
            taken.append(one)
            room_s -= takes_s
    return taken


def _kind(one: Meaning) -> tuple[bool, bool]:
    """Tell apart laws from things, and one from many: a wrong option must not show by its form."""
    return _LAW.search(one.term) is not None, is_many(one.term)


def _nearness(subject: Subject, one: Meaning, answer: Meaning, said: Collection[str]) -> float:
    """Rate how easily two terms are mixed up: same chapter, same kind of thing, as long."""
    module = one.cite.partition("#")[0]
    section = subject.home(module)
    near = _SAME_SECTION * (section == subject.section)
    near += _SAME_CHAPTER * (1 if section.chapter == subject.section.chapter else -1)
    near += _SAME_THING * (_thing(one) == _thing(answer)) + 2 * alike(one.stems, answer.stems)
    words = abs(len(one.term.split()) - len(answer.term.split()))
    is_long = len(one.shown.split()) > _LONG
    is_named = one.term[:1].isupper() != answer.term[:1].isupper()
    return near - _OTHER_LENGTH * words - is_long - is_named - _SAID * (one.line in said)


def _thing(one: Meaning) -> str:
    """Give the word for what a term is: a force, a wave, a unit, the rate."""
    words = one.shown.split()
    stops = (place for place, word in enumerate(words) if word in _ENDS_A_NAME or word[-1:] == ",")
    end = next(stops, len(words))
    return words[max(0, end - 1)].strip(",").lower() if words else ""


def _room_s(subject: Subject, answer: Meaning) -> float:
    """Give the seconds that options and reasons may take, so that the scene stays short."""
    said = (*_FIXED, f"{_asks(answer)} {answer.shown}?", answer.term, f"The answer: {answer.term}.")
    fixed_s = sum(_said_s(subject, text) for text in said)
    return MOST_SCENE_S - LEAD_AND_TAIL_S - THINK_S - HOLD_S - _SPARE_S - fixed_s


def _said_s(subject: Subject, text: str) -> float:
    """Estimate how long a sentence takes, with the gap behind it."""
    return said_s(text, WORDS_A_MINUTE[subject.brief.grade_band] * QUICKER) + GAP_S


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
