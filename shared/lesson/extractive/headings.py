"""What a concept's scene is called."""

from __future__ import annotations

from collections.abc import Sequence

from shared.lesson.edits import without_brackets
from shared.lesson.extractive.asking import book_text, title
from shared.lesson.extractive.phrases import opened, sentence_case
from shared.lesson.extractive.sentences import Run
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems

_MOST_WORDS = 6
_NAMELESS = frozenset({"section summary", "key terms", "summary", "introduction"})


def heading(subject: Subject, run: Run, taken: Sequence[str]) -> str:
    """Name a run: the book's heading above it, else the term that it is about."""
    above = [sentence_case(one, book_text(subject)) for one in run.passage.headings[1:]]
    asked = [opened(without_brackets(one)) for one in subject.foci if stems(one) <= run.stems]
    fitting = [
        one
        for one in reversed(above)
        if one.lower() not in _NAMELESS and len(one.split()) <= _MOST_WORDS
    ]
    chapter = subject.section.chapter
    others = [opened(subject.name), title(subject), sentence_case(chapter, book_text(subject))]
    short = [one for one in others if len(one.split()) <= _MOST_WORDS]
    names = (*asked, *fitting, *_terms(subject, run), *short, opened(subject.name))
    return next((one for one in names if one not in taken), names[0])


def _terms(subject: Subject, run: Run) -> list[str]:
    """Give the section's terms in this run, the longest first."""
    text = run.text.lower()
    found = [term.term for term in subject.home(run.module).terms if term.term.lower() in text]
    marked = {mark.lower() for mark in run.passage.marks}
    return [
        opened(without_brackets(term))
        for term in sorted(found, key=lambda t: (t.lower() not in marked, -len(t)))
    ]
