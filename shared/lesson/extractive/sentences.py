"""Which of the book's sentences can be said as they are, and which neighbours belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from shared.lesson.edits import joined, without_brackets
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.readability import grade, words
from shared.library.book import Passage, Section, Sentence

FEWEST_WORDS, MOST_WORDS = 4, 25
RUN_SENTENCES, RUN_WORDS = 4, 60
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:figures?(?! skat)|(?:the|this|in|each) tables?|tables? \d|equations?|sections?|"
    r"chapters?|above|below|shown|following|previous|next|videos?|problems?|exercises?|"
    r"simulation|click|recall|earlier|later in|textbook|solutions?|discussed|snap lab|"
    r"images?|diagrams?|graphs?|photos?|photographs?|pictured|expressions?|coming back|"
    r"consider again|on the (?:left|right)|(?:top|bottom|upper|lower) (?:part|half)|"
    r"worked example|as you (?:may|might|can) \w+|you will (?:learn|study|see)|"
    r"we(?:\u2019|'| wi)ll|we have (?:seen|learned)|we are (?:studying|only)|before (?:putting|we)|"
    r"before proceeding|look back|mentioned|pictures?|columns?|notice that|once again|"
    r"the answer is|be sure you|heard the term|(?:first|last|two|three|these|our) examples|"
    r"it is (?:important|useful|helpful) to|(?:easy|easier) to find|main reasons|keep in mind|"
    r"let(?: us|\u2019s|'s))\b|\([a-z]\)|https?:|www\.",
    re.IGNORECASE,
)
_HANGS = re.compile(
    r"(?:it|its|they|their|them|he|his|she|her|this|these|those|that|such|here|there it|"
    r"however|therefore|thus|hence|also|so|but|and|or|yet|then|instead|otherwise|moreover|"
    r"in summary|furthermore|additionally|similarly|likewise|consequently|nevertheless|"
    r"for example|as an example|"
    r"for instance|in addition|in contrast|in other words|in fact|in this|as a result|both|"
    r"on the other hand|conversely|meanwhile|again|another|later|finally|second|third|of course|"
    r"that is|first|next|now|note|remember|notice|unlike|besides|indeed|accordingly|what)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:this|these|those|such(?! as)|the (?:latter|former))\b", re.IGNORECASE
)
_INITIAL = re.compile(r"[A-Z]\. ")  # half a name: the sentence was split inside it
_HALF_A_NAME = re.compile(r"\b[A-HJ-Z]\.$")
_OPENING = 40  # characters
_CONTINUES = re.compile(r"\b(?:instead|too|also|therefore|either|as well|then|likewise)\b")


@dataclass(frozen=True)
class Run:
    """Neighbouring sentences of one passage, fit to be said; `order` is its place in the book."""

    sentences: tuple[Sentence, ...]
    passage: Passage
    order: int

    @property
    def text(self) -> str:
        """The sentences as one line."""
        return " ".join(sentence.text for sentence in self.sentences)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its meaningful words."""
        return stems(self.text)

    @cached_property
    def words(self) -> int:
        """How long it is."""
        return len(words(self.text))

    @cached_property
    def grade(self) -> float:
        """How hard it is to read."""
        return grade([sentence.text for sentence in self.sentences])

    def shares(self, other: Run) -> bool:
        """Whether a sentence stands in both."""
        return bool({one.text for one in self.sentences} & {one.text for one in other.sentences})


def sayable(sentence: Sentence) -> Sentence | None:
    """Give the sentence as a lesson may say it; None when it cannot stand in speech."""
    if sentence.mathematics or sentence.refers or _POINTS_ELSEWHERE.search(sentence.text):
        return None
    for text in (without_brackets(sentence.text), joined(sentence.text)):
        if _can_be_said(text):
            return replace(sentence, text=text)
    return None


def opens(text: str) -> bool:
    """Whether a sentence can begin a run: its first words lean on nothing said before."""
    return not _HANGS.match(text) and not _POINTS_BACK.search(text[:_OPENING])


def stands_alone(text: str) -> bool:
    """Whether a sentence can be said with nothing before and nothing behind it."""
    return opens(text) and not _POINTS_BACK.search(text) and not _CONTINUES.search(text)


def runs(section: Section) -> tuple[Run, ...]:
    """Give every run of the section's body, lists and summary."""
    return tuple(
        run
        for order, passage in enumerate(section.passages)
        if passage.kind in {"body", "list", "summary"}
        for run in _windows(passage, order)
    )


def _windows(passage: Passage, order: int) -> Iterator[Run]:
    said = [sayable(sentence) for sentence in passage.sentences]
    for start, first in enumerate(said):
        if first is None or not opens(first.text):
            continue
        taken: list[Sentence] = []
        for one in said[start : start + RUN_SENTENCES]:
            if one is None or len(words(f"{_joined(taken)} {one.text}")) > RUN_WORDS:
                break
            taken.append(one)
            yield Run(tuple(taken), passage, order)


def _joined(sentences: list[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def _can_be_said(text: str) -> bool:
    return (
        FEWEST_WORDS <= len(words(text)) <= MOST_WORDS
        and text.endswith(".")
        and text[0].isupper()
        and not _INITIAL.match(text)
        and text.count("(") == text.count(")")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and not _HALF_A_NAME.search(text)
        and "…" not in text
        and "..." not in text
    )
