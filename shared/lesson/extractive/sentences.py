"""Which of the book's sentences can be said, in which form, and which belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from shared.lesson.edits import Way, ways
from shared.lesson.extractive.formulary import can_be_spoken
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.readability import grade, words
from shared.library.book import Passage, Section, Sentence

FEWEST_WORDS, MOST_WORDS = 4, 25
RUN_SENTENCES, RUN_WORDS = 5, 64
_EASY_WORDS = 21  # a longer sentence is said as two, where it can be
_SHORT_RUN = 30  # words below which a run may go on behind a gap
_FEWEST_SHARED = 2  # stems that tie a sentence to those before a gap
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:figures?(?! skat)|(?:the|this|in|each) tables?|tables? \d|equations?|sections?|"
    r"chapters?|above|below|shown|following|previous|next|videos?|problems?|exercises?|"
    r"simulation|click|recall|earlier|later in|textbook|solutions?|discussed|snap lab|"
    r"images? (?:above|below)|diagrams?|graphs?|photos?|photographs?|pictured|expressions?|"
    r"coming back|the example|examples? (?:above|below)|"
    r"consider again|on the (?:left|right)|(?:top|bottom|upper|lower) (?:part|half)|"
    r"worked example|as you (?:may|might|can) \w+|you will (?:learn|study|see)|"
    r"we(?:\u2019|'| wi)ll|we have (?:seen|learned)|we are (?:studying|only)|before (?:putting|we)|"
    r"before proceeding|look back|mentioned|pictures?|columns?|notice that|once again|"
    r"the answer is|be sure you|heard the term|(?:first|last|two|three|these|our) examples|"
    r"it is (?:important|useful|helpful) to|(?:easy|easier) to find|main reasons|keep in mind|"
    r"more time consuming|as follows|for convenience|in this (?:example|case)|at this point|"
    r"let(?: us|\u2019s|'s)|we (?:define|denote|write|use the symbol)|is written|"
    r"labeled|elsewhere|useful here|the phrase|before covering|"
    r"sketch|subscript|parentheses|variables?)\b|"
    r"\([a-z]\)|https?:|www\.",
    re.IGNORECASE,
)
_HANGS = re.compile(
    r"(?:it|its|they|their|them|he|his|she|her|this|these|those|that|such|here|"
    r"there it|others?|in other|in all these|"
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
_ITEM = re.compile(r"/\d+\.\d+$")  # the id of a list's sentence
_INITIAL = re.compile(r"[A-Z]\. ")  # half a name: the sentence was split inside it
_HALF_A_NAME = re.compile(r"(?<!\d )(?<!\d)\b[A-HJ-Z]\.$")
_OPENING = 40  # characters
_CONTINUES = re.compile(r"\b(?:instead|too|also|therefore|either|as well|then|likewise)\b")
_IT_BEHIND = re.compile(r"[A-Z][\w ]{2,30}, (?:it|they|he|she)\b")
_SUPPOSES = re.compile(r"(?:Suppose that|.+ says? this\.)")


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
        return len(self.text.split())

    @cached_property
    def grade(self) -> float:
        """How hard it is to read."""
        return grade([sentence.text for sentence in self.sentences])

    @property
    def module(self) -> str:
        """The section that it stands in."""
        return self.passage.id.partition("#")[0]

    def shares(self, other: Run) -> bool:
        """Whether a sentence stands in both."""
        return bool({one.text for one in self.sentences} & {one.text for one in other.sentences})


def sayable(sentence: Sentence) -> Sentence | None:
    """Give the sentence as one that a lesson may say; None when it cannot stand in speech."""
    found = [one for one in _sayable_ways(sentence) if len(one) == 1]
    return found[0][0] if found else None


def said(sentence: Sentence) -> tuple[Sentence, ...]:
    """Give a sentence as it is said among its neighbours, a long one in parts; else nothing."""
    found = _sayable_ways(sentence)
    return found[0] if found else ()


def said_first(sentence: Sentence) -> tuple[Sentence, ...]:
    """Give a sentence as it is said with nothing before it; nothing where it cannot be."""
    return next((one for one in _sayable_ways(sentence) if opens(one[0].text)), ())


def opens(text: str) -> bool:
    """Whether a sentence can begin a run: its first words lean on nothing said before."""
    announces = text.endswith(("says this.", "say this."))
    return not _HANGS.match(text) and (announces or not _POINTS_BACK.search(text[:_OPENING]))


def stands_alone(text: str) -> bool:
    """Whether a sentence can be said with nothing before and nothing behind it."""
    return (
        opens(text)
        and not _POINTS_BACK.search(text)
        and not _CONTINUES.search(text)
        and not _SUPPOSES.match(text)
        and not _IT_BEHIND.match(text)
    )


@cache
def _sayable_ways(sentence: Sentence) -> tuple[tuple[Sentence, ...], ...]:
    """Give the ways to say a sentence, the best first: whole, in easy parts, nothing left out."""
    found = [way for way in ways(sentence.text) if all(_can_be_said(one, sentence) for one in way)]

    def rate(way: Way) -> tuple[bool, bool, int, int]:
        longest = max(len(one.split()) for one in way)
        whole = " ".join(way)
        return longest > _EASY_WORDS, "(" in whole, -len(whole) // 12, len(way)

    best = sorted(found, key=rate)
    return tuple(tuple(replace(sentence, text=one) for one in way) for way in best)


def runs(section: Section) -> tuple[Run, ...]:
    """Give every run of the section's body, lists and summary."""
    return tuple(
        run
        for order, passage in enumerate(section.passages)
        if passage.kind in {"body", "list", "summary"}
        for run in _windows(passage, order, section.passages[order + 1 : order + 2])
    )


def _windows(passage: Passage, order: int, behind: Sequence[Passage]) -> Iterator[Run]:
    """Give the runs that begin in a passage; a short one may go on in the passage behind it."""
    following = [one for one in behind if _goes_on(passage, one)]
    sources = [*passage.sentences, *(sentence for one in following for sentence in one.sentences)]
    for start, sentence in enumerate(passage.sentences):
        taken: list[Sentence] = list(said_first(sentence))
        if not taken:
            continue
        if _fits(taken):
            yield Run(tuple(taken), passage, order)
        is_broken = False
        for place, one in enumerate(sources[start + 1 :], start=start + 1):
            is_broken = is_broken or place == len(passage.sentences)
            parts = said_first(one) if is_broken else said(one)
            is_fit = bool(parts) and (not is_broken or _may_follow_a_gap(taken, parts))
            if is_fit and not _fits([*taken, *parts]):
                break
            is_broken = not is_fit
            if is_fit:
                taken += parts
                yield Run(tuple(taken), passage, order)


def _goes_on(passage: Passage, other: Passage) -> bool:
    return passage.kind == other.kind == "body" and passage.headings == other.headings


def _may_follow_a_gap(taken: Sequence[Sentence], parts: Sequence[Sentence]) -> bool:
    before = _joined(taken)
    is_near = len(stems(before) & stems(_joined(parts))) >= _FEWEST_SHARED
    return is_near and len(before.split()) < _SHORT_RUN and stands_alone(parts[0].text)


def _fits(taken: Sequence[Sentence]) -> bool:
    return len(taken) <= RUN_SENTENCES and len(_joined(taken).split()) <= RUN_WORDS


def _joined(sentences: Sequence[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def _can_be_said(text: str, sentence: Sentence) -> bool:
    if _POINTS_ELSEWHERE.search(text) or (sentence.refers and text == sentence.text):
        return False
    if sentence.text[-1:] not in ".!?" and not _ITEM.search(sentence.id):
        return False  # an equation has stood there
    return (
        len(words(text)) >= FEWEST_WORDS
        and max(len(words(text)), len(text.split())) <= MOST_WORDS
        and text.endswith(".")
        and text[0].isupper()
        and not _INITIAL.match(text)
        and text.count("(") == text.count(")")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and not _HALF_A_NAME.search(text)
        and "…" not in text
        and "..." not in text
        and ". " not in text.replace("U.S. ", "").replace("vs. ", "")
        and can_be_spoken(text)
    )
