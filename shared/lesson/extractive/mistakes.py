"""What people get wrong about the topic: the book's own words for the mistake and the truth."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from shared.lesson.extractive.clauses import Part, parts
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.sentences import Run, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Sentence

MOST_SHOWN = 9  # words of a card
_MIXED_UP = re.compile(
    r"\b(?:may seem|might seem|often confuse[sd]?|not correct|incorrect|you might think|"
    r"you may think|common mistake|misconception|mistakenly|everyday language|be careful)\b",
    re.IGNORECASE,
)
_BELIEF = re.compile(r"^.*\b(?:think|thinks|believe|believes|seem|seems) that (?=.)", re.IGNORECASE)
# What only leads up to the truth says nothing on a card.
_LEADS_UP = re.compile(r"^(?:the truth is that|in fact,|actually,|in reality,)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two neighbouring sentences, the wrong idea and the truth, and a few words of each."""

    run: Run
    myth: str
    truth: str


def mistake(subject: Subject, said: Collection[str]) -> Mistake | None:
    """Find what people get wrong, in tips and body; None where cards cannot tell it briefly.

    `said` are the sentences that the lesson says anyway.
    """
    for run in _pairs(subject):
        if run.stems & subject.about and not {one.text for one in run.sentences} & set(said):
            myth, truth = (one.text for one in run.sentences)
            cards = _short(subject, _BELIEF.sub("", myth)), _short(subject, truth)
            if all(cards):
                return Mistake(run, *cards)
    return None


def _pairs(subject: Subject) -> Iterator[Run]:
    for order, passage in enumerate(subject.section.passages):
        if passage.kind in {"tip", "body"}:
            for one, other in pairwise(passage.sentences):
                myth, truth = sayable(one), sayable(other)
                if myth and truth and _is_mistake(myth):
                    yield Run((myth, truth), passage, order)


def _is_mistake(sentence: Sentence) -> bool:
    return bool(_MIXED_UP.search(sentence.text)) and stands_alone(sentence.text)


def _short(subject: Subject, text: str) -> str:
    """Give the sentence if it is short, else the part of it that says most of the topic."""
    whole = _LEADS_UP.sub("", text).rstrip(".")
    if len(whole.split()) <= MOST_SHOWN:
        return opened(whole)

    def rate(part: Part) -> tuple[float, int]:
        about = subject.weights.overlap(subject.about, stems(part.text))
        return part.worth + about, len(part.text)

    return opened(max(parts(whole, MOST_SHOWN), key=rate, default=Part("", 0)).text)
