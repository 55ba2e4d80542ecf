"""What each scene of a lesson will hold, chosen from the book but not yet staged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.extractive.asking import question
from shared.lesson.extractive.choice import Lesson
from shared.lesson.extractive.figures import figure_for
from shared.lesson.extractive.headings import heading
from shared.lesson.extractive.meanings import Meaning, alike, from_glossary
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.quiz import Quiz, quiz
from shared.lesson.extractive.sentences import Run, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.library.book import Figure, Sentence

_MOST_KEYWORD_WORDS = 62  # said in one scene
_SAME = 0.6
_SAME_POINT = 0.5
_ASKED_ENOUGH = 0.4  # the share of the question that a recap point without the focus must hold
_WHY = re.compile(r"why\b|what (?:causes|makes)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:An?|The) ")
_OPENING = 40  # characters in which a sentence names what it is about
_BECAUSE = re.compile(r"\b(?:because|so|therefore|causes?|due to|since|reason|happens? when)\b")
_MOST_POINT_WORDS = 20
_SAID_BEFORE, _NO_SENTENCE, _STATES = 0.3, 2.0, 4.0


@dataclass(frozen=True, slots=True)
class Trim:
    """How much of everything a lesson may hold."""

    misconception: bool = True
    concepts: int = 3
    keywords: int = 4
    points: int = 2


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea: its sentences, its heading and the picture that shows it."""

    run: Run
    heading: str
    figure: Figure | None
    law: str  # the law that the run states; empty otherwise


@dataclass(frozen=True, slots=True)
class Outline:
    """A lesson before it is staged."""

    subject: Subject
    hook: Run | None
    keywords: tuple[Meaning, ...]
    concepts: tuple[Concept, ...]
    misconception: Run | None
    quiz: Quiz
    answer: Sentence
    points: tuple[Sentence, ...]


def outline(subject: Subject, lesson: Lesson, trim: Trim) -> Outline:
    """Fill every scene's place; raises Refused when the section cannot fill the check."""
    concepts = _concepts(subject, lesson, trim.concepts)
    keywords = _keywords(subject, concepts, trim.keywords)
    said = {sentence.text for one in concepts for sentence in one.run.sentences}
    said |= {meaning.line for meaning in keywords}
    answer = _definition(subject) or _answer(subject, concepts, keywords)
    return Outline(
        subject=subject,
        hook=lesson.hook,
        keywords=keywords,
        concepts=concepts,
        misconception=lesson.misconception if trim.misconception else None,
        quiz=quiz(subject, keywords, said),
        answer=answer,
        points=_points(subject, said, answer)[: trim.points],
    )


def _concepts(subject: Subject, lesson: Lesson, most: int) -> tuple[Concept, ...]:
    worst_first = sorted(lesson.concepts[1:], key=subject.score)
    dropped = worst_first[: max(0, len(lesson.concepts) - most)]
    headings: list[str] = []
    figures: list[Figure] = []
    found = []
    for run in lesson.concepts:
        if run in dropped:
            continue
        headings.append(heading(subject, run, headings))
        picture = figure_for(subject.section, run, figures)
        figures += [picture] if picture else []
        law = lesson.law if run is lesson.concepts[0] else ""
        found.append(Concept(run, headings[-1], picture, law))
    return tuple(found)


def _keywords(subject: Subject, concepts: Sequence[Concept], most: int) -> tuple[Meaning, ...]:
    """Choose terms that the concepts use, the focus first, so many as one scene can hold."""
    taught = " ".join(one.run.text for one in concepts).lower()

    def rate(meaning: Meaning) -> tuple[bool, bool, float]:
        return (
            meaning.term == subject.focus,
            meaning.term.lower() in taught,
            subject.weights.overlap(subject.asked, meaning.stems | stems(meaning.term)),
        )

    taken: list[Meaning] = []
    for meaning in sorted(subject.meanings, key=rate, reverse=True):
        said = sum(len(one.line.split()) for one in (*taken, meaning))
        is_new = all(alike(meaning.stems, one.stems) < _SAME for one in taken)
        is_short = said <= _MOST_KEYWORD_WORDS and meaning.words <= MOST_VISIBLE_WORDS
        if len(taken) < most and is_short and is_new:
            taken.append(meaning)
    return tuple(_unsaid(subject, meaning, taught) for meaning in taken)


def _unsaid(subject: Subject, meaning: Meaning, taught: str) -> Meaning:
    """Give the glossary's words for a term where a concept says the other sentence anyway."""
    if meaning.line.lower() not in taught:
        return meaning
    term = next(term for term in subject.section.terms if term.term == meaning.term)
    return from_glossary(subject.section, term) or meaning


def _definition(subject: Subject) -> Sentence | None:
    """Give the meaning of the focus where the question asks for nothing else."""
    if not stems(question(subject)) <= stems(subject.focus):
        return None
    found = (one for one in subject.meanings if one.term == subject.focus)
    return next((Sentence(one.cite, one.line) for one in found), None)


def _answer(subject: Subject, concepts: Sequence[Concept], keywords: Sequence[Meaning]) -> Sentence:
    """Choose the sentence that answers the question best, of what was taught or summed up."""
    taught = [sentence for one in concepts for sentence in one.run.sentences]
    defined = [Sentence(meaning.cite, meaning.line) for meaning in keywords]
    choices = [*taught, *_summary(subject), *defined]
    alone = [sentence for sentence in choices if stands_alone(sentence.text)]

    is_asked = any(one.law.lower() == subject.focus.lower() for one in concepts)
    law = [one for part in concepts if part.law and is_asked for one in part.run.sentences]

    def rate(sentence: Sentence) -> float:
        # "Term: meaning" is no sentence, and a definition is asked for in the check as well.
        repeats = _SAID_BEFORE * (sentence in defined)
        states = _STATES * (sentence in law)
        return _rate(subject, sentence) + states - repeats - _NO_SENTENCE * (": " in sentence.text)

    return max(alone or taught, key=rate)


def _rate(subject: Subject, sentence: Sentence) -> float:
    found = stems(sentence.text)
    asked = subject.weights.overlap(subject.asked, found)
    focus = subject.weights.overlap(stems(subject.focus), found)
    explains = _WHY.match(subject.brief.question) and _BECAUSE.search(sentence.text)
    opens = opened(subject.focus) in opened(_ARTICLE.sub("", sentence.text))[:_OPENING]
    return 3 * asked + 2 * focus + (1 if explains else 0) + (0.5 if opens else 0)


def _points(subject: Subject, said: set[str], answer: Sentence) -> tuple[Sentence, ...]:
    """Choose summary sentences about the focus or the question that nobody said yet."""
    found = [one for one in _summary(subject) if _is_point(subject, one, said)]
    best = sorted(found, key=lambda sentence: -_rate(subject, sentence))
    fresh: list[Sentence] = []
    for sentence in best:
        others = (answer, *fresh)
        if all(alike(stems(sentence.text), stems(one.text)) < _SAME_POINT for one in others):
            fresh.append(sentence)
    return tuple(fresh)


def _summary(subject: Subject) -> list[Sentence]:
    return [
        kept
        for passage in subject.section.passages
        if passage.kind == "summary"
        for sentence in passage.sentences
        if (kept := sayable(sentence))
    ]


def _is_point(subject: Subject, sentence: Sentence, said: set[str]) -> bool:
    return (
        sentence.text not in said
        and stands_alone(sentence.text)
        and len(sentence.text.split()) <= _MOST_POINT_WORDS
        and _is_close(subject, stems(sentence.text))
    )


def _is_close(subject: Subject, found: frozenset[str]) -> bool:
    focus = stems(subject.focus)
    return focus <= found or subject.weights.overlap(subject.asked, found) >= _ASKED_ENOUGH
