"""What a question is after: key terms, or topics that a title or heading of the book names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from shared.lesson.extractive.phrases import sentence_case
from shared.lesson.extractive.vocabulary import Weights, stems
from shared.library.book import Material, Section, Term
from shared.library.retrieval import everyday
from shared.library.words import plain, stem, words

_NAMED, _MEANT, _TITLED = 2.0, 0.5, 1.0
_MOST = 3
_LONG = 14  # words of a question that tells a story: it names much that it is not after
_MOST_OF_LONG = 2
_MOST_TOPIC_WORDS = 4
# "What is Newton's third law?" names "Newton's third law of motion".
_TAKEN_FOR_GRANTED = stems("law laws principle theorem effect rule motion equation formula linear")
_WORD = re.compile(r"[a-z]+")
_REACH = 2  # words that may stand between those of a name
_JOINS = re.compile(r"\b(?:and|vs|or)\b|[,:]", re.IGNORECASE)
_NO_TOPIC = frozenset(
    {"section summary", "summary", "introduction", "key terms", "conclusion", "applications"}
)


def asked_stems(question: str) -> frozenset[str]:
    """Give the stems of what a question asks about; "How does it work?" is not about work."""
    return stems(" ".join(words(question)))


def foci(question: str, material: Material, weighed: Weights) -> tuple[str, ...]:
    """Give what a question is after, in its own order.

    The section's terms that it names count first, then those that it means in everyday words, then
    topics of the section; a neighbour's only beside one of the section's own.
    """
    section = material.section
    terms = _named(_terms(section), asked_stems(question))
    meant = [one.term for one in section.terms if _is_meant(question, one)]
    topics = _named(_topics(section), asked_stems(question))
    own = [*terms, *topics] if terms or not meant else []
    if not own:
        return tuple(_once(meant)[:_MOST]) or (_nearest(question, section, weighed),)
    others = [
        name
        for one in material.neighbours
        for name in _named((*_terms(one), *_topics(one)), asked_stems(question))
    ]
    most = _MOST if len(question.split()) <= _LONG else _MOST_OF_LONG
    rarest = sorted(_distinct([*own, *others], question), key=lambda one: -_weight(one, weighed))
    kept = [one for one in rarest if one in own or set(own) & set(rarest[:most])]
    ordered = sorted(kept[:most], key=lambda name: _place(name, question))
    known = {name for one in (section, *material.neighbours) for name in _terms(one)}
    return tuple(name if name in known else _as_asked(name, question) for name in ordered)


def _terms(section: Section) -> list[str]:
    return [term.term for term in section.terms]


def _topics(section: Section) -> Iterator[str]:
    headings = [heading for passage in section.passages for heading in passage.headings[1:]]
    for topic in dict.fromkeys((section.title, *headings)):
        is_one = not _JOINS.search(topic) and topic.lower() not in _NO_TOPIC
        is_telling = bool(stems(topic) - _TAKEN_FOR_GRANTED)
        if is_one and is_telling and len(topic.split()) <= _MOST_TOPIC_WORDS:
            yield _as_said(topic, section)


def _as_said(topic: str, section: Section) -> str:
    """Write a title as it stands inside a sentence."""
    cased = sentence_case(topic, " ".join(passage.text for passage in section.passages))
    first, _, rest = cased.partition(" ")
    is_name = "'" in first or "\u2019" in first or first[1:2].isupper()
    return cased if is_name else f"{first.lower()} {rest}".strip()


def _named(names: Iterable[str], asked: frozenset[str]) -> list[str]:
    return [name for name in names if core(name) and core(name) <= asked]


def core(name: str) -> frozenset[str]:
    """Give the stems of a name, without those that many names have."""
    return stems(name) - _TAKEN_FOR_GRANTED or stems(name)


def _distinct(names: Sequence[str], asked: str) -> list[str]:
    """Leave out what a longer name holds where that is said in a row, and the same name again."""
    kept: list[str] = []
    for name in names:
        holds = [other for other in names if core(name) < core(other) and _is_said(other, asked)]
        if not holds and all(core(name) != core(one) for one in kept):
            kept.append(name)
    return kept


def _once(names: Sequence[str]) -> list[str]:
    """Leave out names that say the same: "law of inertia" beside "inertia"."""
    kept: list[str] = []
    for name in names:
        if all(core(name) != core(one) for one in kept):
            kept.append(name)
    return kept


def _is_said(name: str, question: str) -> bool:
    """Whether a question says the words of a name close together, others between them."""
    said = [stem(word) for word in _WORD.findall(plain(question))]
    whole = core(name)
    reach = len(whole) + _REACH
    return any(whole <= frozenset(said[start : start + reach]) for start in range(len(said)))


def _as_asked(name: str, question: str) -> str:
    """Write a topic of one word as the question does: its title may be in the plural."""
    found = [word for word in words(question) if stem(word) in stems(name)]
    return found[0] if len(found) == 1 and name.isalpha() and name.islower() else name


def _weight(name: str, weighed: Weights) -> float:
    return sum(weighed.weight(one) for one in core(name))


def _place(name: str, question: str) -> int:
    """Find where a question first says a word that only this name has."""
    said = [stem(word) for word in words(question)]
    found = [place for place, one in enumerate(said) if one in core(name)]
    return min(found, default=len(said))


def _is_meant(question: str, term: Term) -> bool:
    return bool(everyday(question, frozenset({plain(term.term)})))


def _nearest(question: str, section: Section, weighed: Weights) -> str:
    """Choose the key term whose name, meaning or place in the title holds most of the question."""
    asked = asked_stems(question)
    title = stems(section.title)

    def rate(term: Term) -> float:
        name = stems(term.term)
        named = weighed.overlap(name, asked) ** 2  # one word of a long name says little
        titled = _TITLED * bool(name and name <= title)
        return titled + _NAMED * named + weighed.overlap(asked, name | stems(term.definition))

    return max(section.terms, key=rate).term if section.terms else section.title
