"""What a lesson is about: question, section, and the key term that the question is after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from shared.lesson.edits import without_brackets
from shared.lesson.extractive.clauses import parts
from shared.lesson.extractive.meanings import Meaning, meanings
from shared.lesson.extractive.phrases import MOST, MOST_POINTS
from shared.lesson.extractive.sentences import Run, stands_alone
from shared.lesson.extractive.vocabulary import Weights, stems, weights
from shared.lesson.interests import Comparison, NoComparison, compare
from shared.lesson.pace import GRADE
from shared.lesson.plan import Brief
from shared.library.book import Material, Passage, Section, Source, Term
from shared.library.retrieval import everyday
from shared.library.words import plain, words

_ASKED, _FOCUS, _MARKED, _HARDER, _LEANS = 3.0, 2.0, 1.0, 3.0, 1.0
_LISTED = 1.5  # what a run of a summary loses: its sentences do not build on each other
_NAMED, _MEANT = 2.0, 0.5
_SHOWS = 0.3  # what it gains for each sentence that leaves a few words on the screen
_SHORT = 1.0  # what a run loses for being a single sentence
_OPENS = 0.5  # what it gains for opening its paragraph


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that the scenes of one lesson are chosen by."""

    lesson_id: str
    brief: Brief
    material: Material
    weights: Weights
    asked: frozenset[str]  # stems of the question
    focus: str  # the key term
    meanings: tuple[Meaning, ...]  # of the section's terms
    comparison: Comparison | NoComparison

    @property
    def section(self) -> Section:
        """The anchor section."""
        return self.material.section

    @property
    def source(self) -> Source:
        """The book."""
        return self.material.source

    @property
    def name(self) -> str:
        """The focus as it is said and shown, without a bracket behind it."""
        return without_brackets(self.focus)

    @property
    def about(self) -> frozenset[str]:
        """The stems of the question and of the focus."""
        return self.asked | stems(self.focus)

    @property
    def terms_of_focus(self) -> tuple[Term, ...]:
        """The glossary's entries for the focus: one, or none when there is no glossary."""
        return tuple(term for term in self.section.terms if term.term == self.focus)

    def score(self, run: Run) -> float:
        """Rate a run: what was asked, the focus, ease; less for leaning on what was not said."""
        asked = self.weights.overlap(self.asked, run.stems)
        focus = self.weights.overlap(stems(self.focus), run.stems)
        marked = _is_marked(run.passage, self.focus)
        harder = abs(run.grade - (GRADE[self.brief.grade_band] - 1)) / _HARDER
        alone = stands_alone(run.sentences[0].text)
        leans = _LEANS * (len(_leaning(run, self.section)) + (not alone))
        short = _SHORT * (len(run.sentences) == 1)
        opens = _OPENS * (run.sentences[0].id == run.passage.sentences[0].id)
        gains = _ASKED * asked + _FOCUS * focus + _MARKED * marked + opens
        listed = _LISTED * (run.passage.kind != "body")
        shows = _SHOWS * min(MOST_POINTS, sum(bool(parts(one.text, MOST)) for one in run.sentences))
        return gains + shows - harder - leans - short - listed


def subject(lesson_id: str, brief: Brief, material: Material) -> Subject:
    """Find what a question is after."""
    weighed = weights(material)
    asked = _asked(brief.question)
    focus = _focus(brief.question, material.section, weighed)
    return Subject(
        lesson_id=lesson_id,
        brief=brief,
        material=material,
        weights=weighed,
        asked=asked,
        focus=focus,
        meanings=meanings(material.section),
        comparison=compare(brief.interest, focus, _known_terms(material)),
    )


def _asked(question: str) -> frozenset[str]:
    """Give the stems of what a question asks about; "How does it work?" does not ask about work."""
    return stems(" ".join(words(question)))


def _focus(question: str, section: Section, weighed: Weights) -> str:
    """Choose the key term whose name, meaning or everyday words hold most of the question."""
    asked = _asked(question)

    def rate(term: Term) -> float:
        name = stems(term.term)
        named = weighed.overlap(name, asked) ** 2  # one word of a long name says little
        meant = _MEANT * bool(everyday(question, frozenset({plain(term.term)})))
        return meant + _NAMED * named + weighed.overlap(asked, name | stems(term.definition))

    return max(section.terms, key=rate).term if section.terms else section.title


def _known_terms(material: Material) -> list[str]:
    """Give the section's terms, and its neighbours' where the section uses them."""
    text = " ".join(passage.text for passage in material.section.passages).lower()
    own = [term.term for term in material.section.terms]
    others = [term.term for section in material.neighbours for term in section.terms]
    used = [term for term in others if re.search(rf"\b{re.escape(term.lower())}\b", text)]
    return [*own, *used]


def _is_marked(passage: Passage, term: str) -> bool:
    return term.lower() in {mark.lower() for mark in passage.marks}


def _leaning(run: Run, section: Section) -> frozenset[str]:
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
