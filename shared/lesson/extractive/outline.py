"""What each scene of a lesson will hold, chosen from the book but not yet staged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.edits import without_brackets
from shared.lesson.extractive import answers
from shared.lesson.extractive.choice import Lesson
from shared.lesson.extractive.headings import heading
from shared.lesson.extractive.meanings import Meaning, alike, from_glossary
from shared.lesson.extractive.mistakes import Mistake
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.pictures import Concept, illustrated
from shared.lesson.extractive.points import point
from shared.lesson.extractive.quiz import Quiz, quiz
from shared.lesson.extractive.sentences import Run, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.extractive.working import Working
from shared.lesson.interests import Comparison
from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.library.book import Sentence

_FEWEST_KEYWORDS = 2
_FEWEST_CONCEPTS = 2
_MOST_KEYWORD_WORDS = 62  # said in one scene
_SAME = 0.6
_SAME_POINT = 0.5
_ASKED_ENOUGH = 0.4  # the share of the question that a recap point without the focus must hold
_MOST_POINT_WORDS = 20


@dataclass(frozen=True, slots=True)
class Trim:
    """How much of everything a lesson may hold."""

    misconception: bool = True
    concepts: int = 3
    keywords: int = 4
    points: int = 2
    example: bool = True


@dataclass(frozen=True, slots=True)
class Outline:
    """A lesson before it is staged."""

    subject: Subject
    hook: Run | None
    keywords: tuple[Meaning, ...]
    concepts: tuple[Concept, ...]
    example: Working | None
    misconception: Mistake | None
    quiz: Quiz
    answer: Sentence
    points: tuple[Sentence, ...]


def outline(subject: Subject, lesson: Lesson, trim: Trim) -> Outline:
    """Fill every scene's place; raises Refused when the section cannot fill the check."""
    concepts = _concepts(subject, lesson, trim.concepts)
    keywords = _keywords(subject, concepts, trim.keywords)
    said = {sentence.text for one in concepts for sentence in one.run.sentences}
    said |= {meaning.line for meaning in keywords}
    taught = [one.run for one in concepts]
    answer = answers.answer(subject, taught, _named_law(subject, concepts), keywords)
    return Outline(
        subject=subject,
        hook=lesson.hook,
        keywords=keywords,
        concepts=concepts,
        example=lesson.example if trim.example else None,
        misconception=lesson.misconception if trim.misconception else None,
        quiz=quiz(subject, keywords, said),
        answer=answer,
        points=_points(subject, said, answer, taught)[: trim.points],
    )


def _concepts(subject: Subject, lesson: Lesson, most: int) -> tuple[Concept, ...]:
    kept = lesson.concepts[:most]
    headings: list[str] = []
    for number, run in enumerate(kept):
        law = lesson.law if number == 0 else ""
        headings.append(opened(law) or heading(subject, run, headings))
    bare = [
        Concept(run, name, None, lesson.law if number == 0 else "", _terms(subject, run))
        for number, (run, name) in enumerate(zip(kept, headings, strict=True))
    ]
    found = illustrated(subject, bare)
    shown = tuple(one for one in found if one is found[0] or one.law or one.is_shown)
    return shown if len(shown) >= _FEWEST_CONCEPTS else found[:_FEWEST_CONCEPTS]


def _terms(subject: Subject, run: Run) -> tuple[str, ...]:
    """Give what a run is about, most wanted first: foci, then key terms that it names."""
    text = run.text.lower()
    known = [term.term for term in subject.home(run.module).terms]
    named = [term for term in known if term.lower() in text]
    named = [one for one in named if not any(stems(one) < stems(other) for other in named)]
    foci = [one for one in subject.foci if stems(one) <= run.stems]
    return tuple(dict.fromkeys((*foci, *sorted(named, key=len, reverse=True))))


def _keywords(subject: Subject, concepts: Sequence[Concept], most: int) -> tuple[Meaning, ...]:
    """Choose terms that the concepts use, the focus first, so many as one scene can hold."""
    taught = " ".join(one.run.text for one in concepts).lower()
    compared = _compared(subject)
    own = f"{subject.section.module}#"
    foci = {one.lower() for one in subject.foci}

    def rate(meaning: Meaning) -> tuple[bool, bool, bool, float]:
        is_used = _is_used(meaning.term, taught)
        return (
            meaning.term.lower() in foci,
            meaning.cite.startswith(own) and (is_used or meaning.term.lower() in compared),
            is_used,
            subject.weights.overlap(subject.asked, meaning.stems | stems(meaning.term)),
        )

    taken: list[Meaning] = []
    fitting = [
        one
        for one in subject.meanings
        if one.cite.startswith(own) or one.term.lower() in foci or _is_used(one.term, taught)
    ]
    if len(fitting) < _FEWEST_KEYWORDS:
        fitting = [one for one in subject.meanings if one.stems & subject.about]
    ranked = sorted(fitting, key=rate, reverse=True)
    for meaning in ranked:
        said = sum(len(one.line.split()) for one in (*taken, meaning))
        is_new = all(alike(meaning.stems, one.stems) < _SAME for one in taken)
        is_short = said <= _MOST_KEYWORD_WORDS and meaning.words <= MOST_VISIBLE_WORDS
        if len(taken) < most and is_short and is_new:
            taken.append(meaning)
    left = [one for one in ranked if one not in taken and one.words <= MOST_VISIBLE_WORDS]
    taken += left[: max(0, _FEWEST_KEYWORDS - len(taken))]
    return tuple(_unsaid(subject, meaning, taught) for meaning in taken)


def _compared(subject: Subject) -> frozenset[str]:
    """Give the terms that the comparison with the interest names."""
    found = subject.comparison
    rows = found.rows if isinstance(found, Comparison) else ()
    return frozenset(row.term.lower() for row in rows)


def _is_used(term: str, taught: str) -> bool:
    return re.search(rf"\b{re.escape(term.lower())}(?:s|es)?\b", taught) is not None


def _unsaid(subject: Subject, meaning: Meaning, taught: str) -> Meaning:
    """Give the glossary's words for a term where a concept says the other sentence anyway."""
    if meaning.line.lower() not in taught:
        return meaning
    section = subject.home(meaning.cite.partition("#")[0])
    named = (term for term in section.terms if without_brackets(term.term) == meaning.term)
    found = next((from_glossary(section, term) for term in named), None)
    return found or meaning


def _named_law(subject: Subject, concepts: Sequence[Concept]) -> tuple[Sentence, ...]:
    """Give the sentences of the law that is taught where the question names it."""
    if not subject.asked & stems(subject.focus):
        return ()
    laws = [one.run.sentences for one in concepts if one.law.lower() == subject.focus.lower()]
    return laws[0] if laws else ()


def _points(
    subject: Subject, said: set[str], answer: Sentence, taught: Sequence[Run]
) -> tuple[Sentence, ...]:
    """Choose summary sentences about the question that nobody said yet, then taught ones."""
    found = [one for one in answers.summary(subject) if _is_point(subject, one, said)]
    best = sorted(found, key=lambda sentence: -answers.rate(subject, sentence))
    again = [one for run in taught for one in run.sentences if _is_point(subject, one, set())]
    best += sorted(again, key=lambda sentence: -answers.rate(subject, sentence))
    best = [*_of_other_foci(subject, answer), *best]
    fresh: list[Sentence] = []
    for sentence in best:
        others = (answer, *fresh)
        if all(alike(stems(sentence.text), stems(one.text)) < _SAME_POINT for one in others):
            fresh.append(sentence)
    return tuple(fresh)


def _of_other_foci(subject: Subject, answer: Sentence) -> list[Sentence]:
    """Give what those foci mean that the answer does not name."""
    others = [one.lower() for one in subject.foci if not stems(one) <= stems(answer.text)]
    meant = [one for one in subject.meanings if one.term.lower() in others]
    return [Sentence(one.cite, one.line) for one in meant if point(subject, one.line)]


def _is_point(subject: Subject, sentence: Sentence, said: set[str]) -> bool:
    return (
        sentence.text not in said
        and stands_alone(sentence.text)
        and subject.is_free(sentence)
        and len(sentence.text.split()) <= _MOST_POINT_WORDS
        and point(subject, sentence.text) != ""
        and _is_close(subject, stems(sentence.text))
    )


def _is_close(subject: Subject, found: frozenset[str]) -> bool:
    focus = stems(subject.focus)
    return focus <= found or subject.weights.overlap(subject.asked, found) >= _ASKED_ENOUGH
