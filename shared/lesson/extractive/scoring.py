"""How well a run of the book's sentences teaches one thing that a question is after."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from shared.lesson.extractive.clauses import parts
from shared.lesson.extractive.focus import core
from shared.lesson.extractive.phrases import MOST, MOST_POINTS
from shared.lesson.extractive.questions import kind, states, suits
from shared.lesson.extractive.sentences import Run, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import GRADE
from shared.library.book import Passage, Section

_ASKED, _FOCUS, _MARKED, _HARDER, _LEANS = 3.0, 2.0, 0.5, 3.0, 1.2
_STATES, _SAYS, _SUITS, _MEANT = 1.6, 1.5, 1.0, 1.2
_HEADED, _INHERITED, _OTHERS = 0.5, 0.6, 1.0
# What a run of a list or a summary loses: its sentences do not build on each other.
_LISTED = {"list": 0.5, "summary": 0.7}
_SHOWS = 0.3  # what it gains for each sentence that leaves a few words on the screen
_SHORT = 1.0  # what a run loses for being a single sentence
_OPENS = 0.5  # what it gains for opening its paragraph
_FULL, _FEW, _FULL_WORDS, _FEW_WORDS = 1.6, 1.0, 48, 22
_BEST = 0.4  # how much of a score its best sentence makes
_ASIDE = 2.0  # what a sentence loses that is about the book, its methods or its authors
_ANNOUNCES = re.compile(r"Suppose|.+ says? this\.$")
_UNCLEAR = 0.8
_REFERS_BACK = re.compile(r"\b(?:it|its|they|their|them)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:It|They|This|These|Its|Their|Both|Each)\b")
_ASIDES = re.compile(
    r"\b(?:we (?:can )?(?:use|call|calculate|solve|consider|take|need|want|start|begin|find|"
    r"know|treat|write|look|say|describe|discuss|assume)|your (?:answer|calculations?)|students?|"
    r"scientists|textbooks?|convention\w*|symbols?|units?|for simplicity|history|century|"
    r"1[5-9]\d\d|technique|step \d|dashed|circled|blue|we reduce|useful for|in this|for now|"
    r"the name|"
    r"greek|latin|named (?:after|in honor)|"
    r"physicist|inventor|engineer|experiment(?:s|er|ally)?|sometimes, we|"
    r"we (?:further|sometimes|can see)|"
    r"more to \w+ than|questions?|let)\b",
    re.IGNORECASE,
)


class Scores:
    """The scores of runs, each computed once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[tuple[int, str], float] = {}

    def of(self, run: Run, focus: str = "") -> float:
        """Rate a run for a focus, the first one unless another is named."""
        wanted = focus or self._subject.focus
        key = id(run), wanted  # a run's own hash would read every sentence again
        if key not in self._known:
            self._known[key] = score(self._subject, run, wanted)
        return self._known[key]


def score(subject: Subject, run: Run, focus: str) -> float:
    """Rate a run: its best sentence and its mean, ease, and how well it holds together."""
    texts = [sentence.text for sentence in run.sentences]
    rated = _rated(subject, run, focus)
    gains = _BEST * max(rated) + (1 - _BEST) * sum(rated) / len(rated)
    gains += _MARKED * _is_marked(run.passage, focus)
    gains += _HEADED * bool(stems(focus) & stems(run.passage.headings[-1]))
    gains += _OPENS * (run.sentences[0].id == run.passage.sentences[0].id)
    gains += _SHOWS * min(MOST_POINTS, sum(bool(parts(text, MOST)) for text in texts))
    stated = any(states(focus, text) for text in texts)
    gains -= _OTHERS * (not stated and _names_another(subject, run, focus))
    gains += _FULL * min(1.0, run.words / _FULL_WORDS)
    return gains - _losses(subject, run, texts)


def _rated(subject: Subject, run: Run, focus: str) -> list[float]:
    """Rate each of the book's sentences; one that goes on with "it" is about what came before."""
    rated: list[float] = []
    for _, parts_ in groupby(run.sentences, key=lambda sentence: sentence.id):
        text = " ".join(part.text for part in parts_)
        goes_on = _GOES_ON.match(text) is not None and bool(rated)
        least = _INHERITED * rated[-1] if goes_on else 0.0
        rated.append(max(_rate(subject, text, focus), least))
    return rated


def _rate(subject: Subject, text: str, focus: str) -> float:
    """Rate one sentence: what was asked, what it is to teach, what it does for the answer."""
    found = stems(text)
    rated = _ASKED * subject.weights.overlap(subject.asked, found)
    rated += _FOCUS * subject.weights.overlap(core(focus), found)
    rated += _MEANT * subject.weights.overlap(subject.meant(focus), found)
    rated += _STATES * any(states(one, text) for one in subject.names_of(focus))
    rated += _SAYS * ("says this." in text)
    rated += _SUITS * suits(kind(subject.brief.question), text)
    return rated - _ASIDE * is_aside(text)


def leaning(run: Run, section: Section) -> frozenset[str]:
    """Find the things that a run's opening calls "the …" because its passage named them before."""
    opening = run.sentences[0]
    earlier: list[str] = []
    for sentence in run.passage.sentences:
        if sentence.id == opening.id:
            break
        earlier.append(sentence.text)
    terms = stems(" ".join(term.term for term in section.terms))
    words = opening.text.lower().split()
    named = {word for the, word in pairwise(words) if the == "the"}
    return (stems(" ".join(named)) & stems(" ".join(earlier))) - terms


def _losses(subject: Subject, run: Run, texts: list[str]) -> float:
    harder = abs(run.grade - (GRADE[subject.brief.grade_band] - 1)) / _HARDER
    alone = stands_alone(texts[0]) or _ANNOUNCES.match(texts[0]) is not None
    leans = _LEANS * (len(leaning(run, subject.home(run.module))) + (not alone))
    is_first = run.sentences[0].id == run.passage.sentences[0].id
    leans += _UNCLEAR * (not is_first and _REFERS_BACK.search(texts[0]) is not None)
    short = _SHORT * (len(texts) == 1) + _FEW * (run.words < _FEW_WORDS)
    listed = _LISTED.get(run.passage.kind, 0.0)
    return harder + leans + short + listed


def is_aside(text: str) -> bool:
    """Whether a sentence is about the book, its methods or its authors."""
    return _ASIDES.search(text) is not None


def _names_another(subject: Subject, run: Run, focus: str) -> bool:
    """Whether a run is about another focus as well: each is best taught on its own."""
    others = (core(one) - core(focus) for one in subject.foci if one != focus)
    return any(other and other <= run.stems for other in others)


def _is_marked(passage: Passage, term: str) -> bool:
    return term.lower() in {mark.lower() for mark in passage.marks}
