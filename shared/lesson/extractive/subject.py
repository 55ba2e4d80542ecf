"""What a lesson is about: question, section, and the key term that the question is after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.edits import allowed, without_brackets
from shared.lesson.extractive.focus import asked_stems, core, foci
from shared.lesson.extractive.meanings import Meaning, meanings
from shared.lesson.extractive.vocabulary import Weights, stems, weights
from shared.lesson.interests import Comparison, NoComparison, compare
from shared.lesson.plan import Brief
from shared.library.book import Material, Section, Sentence, Source, Term


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that the scenes of one lesson are chosen by."""

    lesson_id: str
    brief: Brief
    material: Material
    weights: Weights
    asked: frozenset[str]  # stems of the question
    foci: tuple[str, ...]  # key terms or topics, as the question names them
    meanings: tuple[Meaning, ...]  # of the section's terms, then of its neighbours'
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
    def focus(self) -> str:
        """What the question is after first of all."""
        return self.foci[0]

    @property
    def name(self) -> str:
        """The focus as it is said and shown, without a bracket behind it."""
        return without_brackets(self.focus)

    @property
    def about(self) -> frozenset[str]:
        """The stems of the question and of the focus."""
        return self.asked | stems(" ".join(self.foci))

    @property
    def terms_of_focus(self) -> tuple[Term, ...]:
        """The glossary's entries for the focus: one, or none when there is no glossary."""
        return tuple(term for term in self.section.terms if term.term == self.focus)

    def names_of(self, focus: str) -> tuple[str, ...]:
        """Give a focus and the key terms that its name holds: "in parallel" of its circuits."""
        held = (one.term for one in self._known if core(one.term) <= core(focus))
        return tuple(dict.fromkeys((focus, *held)))

    def meant(self, focus: str) -> frozenset[str]:
        """Give the stems of what the glossary says of a focus."""
        names = {one.lower() for one in self.names_of(focus)}
        told = (one.definition for one in self._known if one.term.lower() in names)
        return stems(" ".join(told)) - core(focus)

    @property
    def _known(self) -> tuple[Term, ...]:
        sections = (self.section, *self.material.neighbours)
        return tuple(term for section in sections for term in section.terms)

    def is_own(self, focus: str) -> bool:
        """Whether the section itself has a focus as its key term, title or heading."""
        headings = [one for passage in self.section.passages for one in passage.headings]
        names = [*(term.term for term in self.section.terms), self.section.title, *headings]
        return any(core(one) == core(focus) for one in names)

    def is_free(self, sentence: Sentence) -> bool:
        """Whether a sentence may be said without another half of the book's sentence before it."""
        passages = self.home(sentence.id.partition("#")[0]).passages
        book = (
            one.text for passage in passages for one in passage.sentences if one.id == sentence.id
        )
        forms = allowed(next(book, sentence.text))
        return not forms.get(sentence.text, frozenset())

    def home(self, module: str) -> Section:
        """Give the section of a module of the material."""
        sections = (self.section, *self.material.neighbours)
        return next(one for one in sections if one.module == module)


def subject(lesson_id: str, brief: Brief, material: Material) -> Subject:
    """Find what a question is after."""
    weighed = weights(material)
    found = foci(brief.question, material, weighed)
    return Subject(
        lesson_id=lesson_id,
        brief=brief,
        material=material,
        weights=weighed,
        asked=asked_stems(brief.question),
        foci=found,
        meanings=meanings(material.section, *material.neighbours),
        comparison=_comparison(brief.interest, found, material),
    )


def _comparison(
    interest: str, found: Sequence[str], material: Material
) -> Comparison | NoComparison:
    """Compare for the first focus that the interest fits, else for a term that names it."""
    known = _known_terms(material)
    longer = [
        term.term
        for term in material.section.terms
        if any(stems(one) < stems(term.term) for one in found)
    ]
    tried = [compare(interest, one, known) for one in (*found, *longer)]
    return next((one for one in tried if isinstance(one, Comparison)), tried[0])


def _known_terms(material: Material) -> list[str]:
    """Give the section's terms, and its neighbours' where the section uses them."""
    text = " ".join(passage.text for passage in material.section.passages).lower()
    own = [term.term for term in material.section.terms]
    others = [term.term for section in material.neighbours for term in section.terms]
    used = [term for term in others if re.search(rf"\b{re.escape(term.lower())}\b", text)]
    return [*own, *used]
