"""Which sentence of the book answers the question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from shared.errors import Refused
from shared.lesson.extractive.focus import core
from shared.lesson.extractive.meanings import Meaning
from shared.lesson.extractive.questions import kind, states, suits
from shared.lesson.extractive.scoring import is_aside
from shared.lesson.extractive.sentences import Run, said_first, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Passage, Sentence

_INSTANCE = re.compile(
    r"\b(?:an example|consider|imagine|suppose|think of|for example|for instance)\b", re.IGNORECASE
)
_ORIGINS = (
    (
        re.compile(r"\bmade (?:of|from)\b", re.IGNORECASE),
        re.compile(r"\bmade (?:of|from|up of)\b", re.IGNORECASE),
    ),
    (
        re.compile(r"\bcom(?:e|es|ing) from\b", re.IGNORECASE),
        re.compile(r"\bfrom\b", re.IGNORECASE),
    ),
)
_HEDGES = frozenset({"only", "some", "may", "might", "could", "sometimes"})
_ASKED, _FOCUS, _STATED, _SUITS, _ORIGINATES = 3.0, 2.5, 2.0, 1.5, 7.0
_TAUGHT, _LAW, _SHOWS_ONE, _ASIDE, _ADDRESSED = 0.8, 4.0, 2.0, 1.5, 0.8
_SUMMED_UP, _MORE = 0.6, 0.5
_MOSTLY, _HALF = 0.6, 0.4  # of the question's weight: with that, a sentence need not name the focus


def answer(
    subject: Subject,
    taught: Sequence[Run],
    law: Collection[Sentence],
    keywords: Sequence[Meaning],
) -> Sentence:
    """Choose the sentence that answers the question best, of all that the section says.

    `law` are the sentences of the law that the question names, if it names one.
    Raises Refused when no sentence has anything to do with the question.
    """
    said = [sentence for run in taught for sentence in run.sentences]
    defined = [
        Sentence(one.cite, one.line) for one in (*keywords, *_of_foci(subject)) if one.is_sentence
    ]
    summed = summary(subject)
    choices = [*said, *summed, *defined, *_body(subject)]
    alone = [one for one in choices if stands_alone(one.text) and subject.is_free(one)]

    def worth(sentence: Sentence) -> float:
        known = _TAUGHT * (sentence in said) + _SUMMED_UP * (sentence in summed)
        return rate(subject, sentence) + _LAW * (sentence in law) + known

    fitting = _about(subject, alone or said)
    best = max(fitting, key=worth, default=None)
    if best is None or rate(subject, best) <= 0:
        raise Refused(
            "too-little-material",
            "The textbook's section on this has no sentence that answers the question.",
            (f"{subject.section.number} {subject.section.title}",),
        )
    return best


def rate(subject: Subject, sentence: Sentence) -> float:
    """Rate how well a sentence answers: what was asked, the focus, the kind of question."""
    asked, text, found = subject.brief.question, sentence.text, stems(sentence.text)
    named = _ASKED * subject.weights.overlap(subject.asked, found)
    overlaps = [subject.weights.overlap(core(one), found) for one in subject.foci]
    focus = max(overlaps) + _MORE * (sum(overlaps) - max(overlaps))
    stated = any(states(one, text) for one in subject.foci)
    hedged = bool(_HEDGES & set(text.lower().split()))
    suited = _SUITS * suits(kind(asked), text) + _STATED * stated + _origin(asked, text)
    losses = _SHOWS_ONE * bool(_INSTANCE.search(text)) + _ASIDE * is_aside(text) + hedged
    losses += _ADDRESSED * bool(re.match(r"(?:You|We|Your|Our)\b", text))
    return named + _FOCUS * focus + suited - losses


def summary(subject: Subject) -> list[Sentence]:
    """Give the sayable sentences of the section's summary."""
    return [
        kept
        for passage in subject.section.passages
        if passage.kind == "summary"
        for sentence in passage.sentences
        if (kept := sayable(sentence))
    ]


def _about(subject: Subject, choices: Sequence[Sentence]) -> list[Sentence]:
    """Give the sentences that name what was asked about, else those with a word of the question."""

    def held(one: Sentence) -> float:
        found = stems(one.text)
        asked = subject.weights.overlap(subject.asked, found)
        named = max(subject.weights.overlap(core(focus), found) for focus in subject.foci)
        return max(named, asked, _origin(subject.brief.question, one.text))

    for least in (_MOSTLY, _HALF):
        naming = [one for one in choices if held(one) >= least]
        if naming:
            return naming
    return [one for one in choices if subject.asked & stems(one.text)]


def _of_foci(subject: Subject) -> Iterator[Meaning]:
    foci = {one.lower() for one in subject.foci}
    return (one for one in subject.meanings if one.term.lower() in foci)


def _body(subject: Subject) -> Iterator[Sentence]:
    """Give the sentences of the body and of lists that can be said alone."""
    sections = (subject.section, *subject.material.neighbours)
    for section in sections:
        for passage in section.passages:
            if passage.kind in {"body", "list"}:
                yield from _alone(passage)


def _alone(passage: Passage) -> Iterator[Sentence]:
    for sentence in passage.sentences:
        parts = said_first(sentence)
        if len(parts) == 1:
            yield parts[0]


def _origin(asked: str, text: str) -> float:
    """Rate whether a sentence says what something is made of, where that is asked."""
    return _ORIGINATES * any(
        wanted.search(asked) and told.search(text) for wanted, told in _ORIGINS
    )
