"""What a sentence leaves on the screen: itself, a safe clause, or a key term."""

from __future__ import annotations

from collections.abc import Collection

from shared.lesson.extractive.phrases import MOST, clause, opened
from shared.lesson.extractive.sentences import stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.wordlists import BAD_START


def point(subject: Subject, text: str, shown: Collection[str] = ()) -> str:
    """Give a few words of a sentence that are not shown yet; empty when none are worth it."""
    taken = " / ".join(shown).lower()
    is_short = len(text.split()) <= MOST and text.split(maxsplit=1)[0].lower() not in BAD_START
    whole = text.rstrip(".") if is_short and stands_alone(text) else ""
    choices = (whole, clause(text, subject.weights, subject.about))
    return next((one for one in choices if one and one.lower() not in taken), "")


def term_in(subject: Subject, text: str, shown: Collection[str] = ()) -> str:
    """Give a key term that stands in a sentence and is not shown yet; empty when there is none."""
    taken = " / ".join(shown).lower()
    return next((one for one in _terms(subject, text) if one.lower() not in taken), "")


def _terms(subject: Subject, text: str) -> list[str]:
    """Give the section's key terms that stand in a sentence, the longest first."""
    found = [term.term for term in subject.section.terms if _holds(text, term.term)]
    return [opened(term) for term in sorted(found, key=len, reverse=True)]


def _holds(text: str, term: str) -> bool:
    return f" {term.lower()} " in f" {' '.join(text.lower().rstrip('.').replace(',', '').split())} "
