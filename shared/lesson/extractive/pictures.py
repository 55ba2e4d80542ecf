"""What each concept shows: our own diagram, else a figure of the book, and its key equation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.lesson.diagrams import Diagram, diagram_for
from shared.lesson.extractive.equations import Formula, formula_for, shown, wants_formula
from shared.lesson.extractive.figures import figure_for, nearest_figure
from shared.lesson.extractive.sentences import Run
from shared.lesson.extractive.subject import Subject
from shared.library.book import Figure

_MOST_FORMULAS = 2


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea: its sentences, its heading and the picture that shows it."""

    run: Run
    heading: str
    figure: Figure | None
    law: str  # the law that the run states; empty otherwise
    terms: tuple[str, ...] = ()  # what it is about, most wanted first
    diagram: Diagram | None = None
    formula: Formula | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is something to see beside its words."""
        return bool(self.diagram or self.figure or self.formula)


def illustrated(subject: Subject, concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """Give each concept its picture; a picture is shown once."""
    found = _with_formulas(subject, _with_figures(subject, _with_diagrams(concepts)))
    return tuple(found)


def _with_diagrams(concepts: Sequence[Concept]) -> list[Concept]:
    used: list[Diagram] = []
    found = []
    for one in concepts:
        first = [term for term in one.terms if term.lower() == one.heading.lower()]
        drawn = diagram_for((*first, *one.terms, one.heading), used)
        used += [drawn] if drawn else []
        found.append(replace(one, diagram=drawn))
    return found


def _with_figures(subject: Subject, concepts: Sequence[Concept]) -> list[Concept]:
    taken: list[Figure] = []
    found = list(concepts)
    for look in (figure_for, nearest_figure):
        for number, one in enumerate(found):
            if one.diagram is None and one.figure is None and not one.law:
                picture = look(subject.home(one.run.module), one.run, taken)
                taken += [picture] if picture else []
                found[number] = replace(one, figure=picture)
    if not any(one.diagram or one.figure for one in found):
        return _with_any_figure(subject, found)
    return found


def _with_any_figure(subject: Subject, concepts: Sequence[Concept]) -> list[Concept]:
    """Show one figure of the section where none fits any better; a law is shown by its words."""
    found = list(concepts)
    for number, one in enumerate(found):
        picture = nearest_figure(subject.home(one.run.module), one.run, (), fewest=1)
        if picture and not one.law:
            found[number] = replace(one, figure=picture)
            break
    return found


def _with_formulas(subject: Subject, concepts: Sequence[Concept]) -> list[Concept]:
    """Add the equations that the question or the focus calls for, then one for bare concepts."""
    taken: list[Formula] = []
    found = list(concepts)
    for number, one in enumerate(found):
        is_bare = one.diagram is None and one.figure is None
        if len(taken) < _MOST_FORMULAS and not one.law:
            named = one.heading if is_bare else ""
            wanted = wants_formula(subject)
            formula = formula_for(subject, one.run, shown(taken), named, is_wanted=wanted)
            taken += [formula] if formula else []
            found[number] = replace(one, formula=formula)
    return found
