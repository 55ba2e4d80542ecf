"""What each key term means, in the book's words, as a sentence to say and a text to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from shared.lesson.edits import to_semicolon, without_brackets
from shared.lesson.entries import is_many, meaning_of, sentence_of_entry
from shared.lesson.extractive.formulary import can_be_spoken
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.sentences import MOST_WORDS, sayable
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Section, Sentence, Term

# How much a sentence "Term is a …" must share with the glossary to count as a definition.
_SOURCES = (("summary", 0.1), ("body", 0.25))
_REACH = 12  # characters before a term, in which its article stands
_MOST_SHOWN = 21  # leaves room for the words of the question around it
_NO_SINGLE_THING = re.compile(
    r"(?:tion|sion|ment|ity|ing|ness|ance|ence|ism|ics|ology|energy|force|light|power|spin|motion|"
    r"matter|heat|mass|[A-Z]\w+)$"
)
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
    def is_sentence(self) -> bool:
        """Whether it can be said outside a list of words."""
        return ": " not in self.line.split(self.shown)[0]

    @property
    def title(self) -> str:
        """The term as a heading."""
        return opened(self.term)


def meanings(*sections: Section) -> tuple[Meaning, ...]:
    """Give the terms that can be defined in at most 25 words, each once, in the book's order."""
    found = (_meaning(section, term) for section in sections for term in section.terms)
    taken: dict[str, Meaning] = {}
    for one in found:
        if one:
            taken.setdefault(one.term.lower(), one)
    return tuple(taken.values())


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
    if term.term.lower() not in sentence.text.lower():
        return None
    said = sayable(sentence)
    if said is None:
        return None
    name = re.escape(without_brackets(term.term))
    pattern = rf"(?:An?\s|The\s)?{name}\s(?:is|are)\s(?P<tail>(?:an?|the|any)\s.+)\."
    found = re.fullmatch(pattern, said.text, re.IGNORECASE)
    if found is None or len(found["tail"].split()) > _MOST_SHOWN:
        return None
    return Meaning(without_brackets(term.term), said.text, found["tail"], sentence.id)


def from_glossary(section: Section, term: Term) -> Meaning | None:
    """Give a term as the glossary has it, as a sentence; None when it cannot be said or shown."""
    entry = _entry(section, term)
    name = without_brackets(term.term)
    if entry is None or entry.refers or not _SAYABLE_NAME.fullmatch(name):
        return None
    text = to_semicolon(without_brackets(entry.text))
    line = _sentence(section, text, name)
    shown = meaning_of(line, name) if line else ""
    too_long = len(line.split()) > MOST_WORDS or len(shown.split()) > _MOST_SHOWN
    if not shown or too_long or ". " in shown or not can_be_spoken(line):
        return None
    return Meaning(name, line, shown, term.sentence)


def _sentence(section: Section, text: str, name: str) -> str:
    """Write the entry as a sentence, with the article that the book or the meaning asks for."""
    article = _article(section, name)
    plain = sentence_of_entry(text, name)
    is_one = re.search(r" is an? ", plain) is not None and not _NO_SINGLE_THING.search(name)
    return sentence_of_entry(text, name, "a " if is_one and article == "" else article or "")


def _entry(section: Section, term: Term) -> Sentence | None:
    entries = (one for p in section.passages for one in p.sentences if one.id == term.sentence)
    return next(entries, None)


def _article(section: Section, name: str) -> str | None:
    """Find what the book writes before a term: "a ", "the ", None for nothing, "" unknown."""
    if is_many(name) or "\u2019s " in name or "'s " in name:
        return None
    told = " ".join(
        one.text
        for one in section.passages
        if one.kind in {"body", "list", "summary", "tip", "caption"}
    )
    pattern = re.compile(rf"\b{re.escape(name)}(?!\w|\u2019s|'s)", re.IGNORECASE)
    places = [found.start() for found in pattern.finditer(told)]
    before = [
        (told[max(0, place - _REACH) : place].split() or [""])[-1].lower() for place in places
    ]
    counted = sum(one in {"a", "an", "each", "every", "one", "another"} for one in before)
    the = sum(one == "the" for one in before)
    bare = len(before) - counted - the
    if counted and counted >= bare / 3 and not _NO_SINGLE_THING.search(name):
        return "a "
    if the > 2 * bare:
        return "the "
    return None if bare > 1 else ""
