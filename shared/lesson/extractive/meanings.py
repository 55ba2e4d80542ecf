"""What each key term means, in the book's words, as a sentence to say and a text to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from shared.lesson.edits import to_semicolon, without_brackets
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.sentences import MOST_WORDS, sayable
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Section, Sentence, Term

# How much a sentence "Term is a …" must share with the glossary to count as a definition.
_SOURCES = (("summary", 0.1), ("body", 0.25))
_MOST_SHOWN = 21  # leaves room for the words of the question around it
_SAYABLE_NAME = re.compile(r"[\w\s\u2019'–-]+")  # noqa: RUF001  (no bracket, no formula)


@dataclass(frozen=True)
class Meaning:
    """A term and its definition: `line` is said, `shown` stands on the screen."""

    term: str
    line: str
    shown: str
    cite: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the definition."""
        return stems(self.shown)

    @property
    def words(self) -> int:
        """How many words its card takes."""
        return len(self.term.split()) + len(self.shown.split())

    @property
    def title(self) -> str:
        """The term as a heading."""
        return opened(self.term)


def meanings(section: Section) -> tuple[Meaning, ...]:
    """Give the section's terms that can be defined in at most 25 words, in the book's order."""
    found = (_meaning(section, term) for term in section.terms)
    return tuple(meaning for meaning in found if meaning)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Compare two sets of stems: shared over all."""
    return len(one & other) / len(one | other) if one | other else 0.0


def _meaning(section: Section, term: Term) -> Meaning | None:
    meant = stems(term.definition)
    for kind, enough in _SOURCES:
        for passage in section.passages:
            if passage.kind == kind:
                for sentence in passage.sentences:
                    found = _from_sentence(term, sentence)
                    if found and alike(found.stems, meant) >= enough:
                        return found
    return from_glossary(section, term)


def _from_sentence(term: Term, sentence: Sentence) -> Meaning | None:
    said = sayable(sentence)
    if said is None:
        return None
    name = re.escape(term.term)
    pattern = rf"(?:An?\s|The\s)?{name}\s(?:is|are)\s(?P<tail>(?:an?|the|any)\s.+)\."
    found = re.fullmatch(pattern, said.text, re.IGNORECASE)
    if found is None or len(found["tail"].split()) > _MOST_SHOWN:
        return None
    return Meaning(term.term, said.text, found["tail"], sentence.id)


def from_glossary(section: Section, term: Term) -> Meaning | None:
    """Give a term as the glossary has it; None when that cannot be said or shown."""
    entries = (one for p in section.passages for one in p.sentences if one.id == term.sentence)
    entry = next(entries, None)
    if not _SAYABLE_NAME.fullmatch(term.term):
        return None
    if term.mathematics or entry is None or entry.mathematics or entry.refers:
        return None
    line = to_semicolon(without_brackets(entry.text))
    name, colon, shown = line.rstrip(".").partition(": ")
    too_long = len(line.split()) > MOST_WORDS or len(shown.split()) > _MOST_SHOWN
    if not colon or name.lower() != term.term.lower() or too_long or ". " in shown:
        return None
    return Meaning(term.term, line, shown, term.sentence)
