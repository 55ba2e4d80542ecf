"""Which sentence of the book answers the question."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from shared.errors import Refused
from shared.lesson.extractive.asking import question
from shared.lesson.extractive.meanings import Meaning
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.sentences import Run, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Sentence

_WHY = re.compile(r"why\b|what (?:causes|makes)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|so|therefore|causes?|due to|since|reason|happens? when)\b")
_INSTANCE = re.compile(r"\b(?:an example|consider|imagine|suppose|think of)\b", re.IGNORECASE)
_ORIGIN = re.compile(r"\b(?:made of|from)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:An?|The) ")
_HEDGES = frozenset({"only", "some", "may", "might", "could", "sometimes"})
_OPENING = 40  # characters in which a sentence names what it is about
_ASKED, _FOCUS, _OPENS, _ORIGINATES = 3.0, 2.0, 0.5, 2.5
_SAID_BEFORE, _NO_SENTENCE, _STATES, _SHOWS_ONE = 0.3, 2.0, 4.0, 2.0
_DIRECT = 0.6  # the share of the question that a sentence holds which was not taught


def answer(
    subject: Subject,
    taught: Sequence[Run],
    law: Collection[Sentence],
    keywords: Sequence[Meaning],
) -> Sentence:
    """Choose the sentence that answers the question best, of what was taught or summed up.

    `law` are the sentences of the law that the question names, if it names one.
    Raises Refused when no sentence has anything to do with the question.
    """
    meaning = _meaning(subject)
    if meaning:
        return meaning
    said = [sentence for run in taught for sentence in run.sentences]
    defined = [Sentence(one.cite, one.line) for one in keywords]
    choices = [*said, *summary(subject), *defined, *_direct(subject)]
    alone = [sentence for sentence in choices if stands_alone(sentence.text)]

    def worth(sentence: Sentence) -> float:
        # "Term: meaning" is no sentence, and a definition is asked for in the check as well.
        repeats = _SAID_BEFORE * (sentence in defined or sentence not in said)
        states = _STATES * (sentence in law)
        return rate(subject, sentence) + states - repeats - _NO_SENTENCE * (": " in sentence.text)

    best = max(alone or said, key=worth)
    if worth(best) <= 0:
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
    named += _FOCUS * subject.weights.overlap(stems(subject.focus), found)
    opens = opened(subject.focus) in opened(_ARTICLE.sub("", text))[:_OPENING]
    hedged = bool(_HEDGES & set(text.lower().split()))
    return named + _OPENS * opens + _suits(asked, text) - hedged


def summary(subject: Subject) -> list[Sentence]:
    """Give the sayable sentences of the section's summary."""
    return [
        kept
        for passage in subject.section.passages
        if passage.kind == "summary"
        for sentence in passage.sentences
        if (kept := sayable(sentence))
    ]


def _direct(subject: Subject) -> list[Sentence]:
    """Give the sentences of the body that hold most of the question, taught or not."""
    return [
        kept
        for passage in subject.section.passages
        if passage.kind == "body"
        for sentence in passage.sentences
        if (kept := sayable(sentence))
        and subject.weights.overlap(subject.asked, stems(kept.text)) >= _DIRECT
    ]


def _suits(asked: str, text: str) -> float:
    """Rate whether a sentence answers this kind of question: a reason, what it is made of."""
    origins = set(_ORIGIN.findall(asked.lower())) & set(_ORIGIN.findall(text.lower()))
    is_why = _WHY.match(asked) is not None
    explains = is_why and _BECAUSE.search(text) is not None
    return _ORIGINATES * bool(origins) + explains - _SHOWS_ONE * bool(_INSTANCE.search(text))


def _meaning(subject: Subject) -> Sentence | None:
    """Give the meaning of the focus where the question asks for nothing else."""
    if not stems(question(subject)) <= stems(subject.focus):
        return None
    found = (one for one in subject.meanings if one.term == subject.focus)
    return next((Sentence(one.cite, one.line) for one in found), None)
