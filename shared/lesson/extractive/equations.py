"""Which of the book's key equations belongs to what a lesson teaches."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lxml import etree

from shared.errors import Permanent
from shared.film.picture.mathml import tree
from shared.lesson.edits import without_brackets
from shared.lesson.extractive.questions import kind
from shared.lesson.extractive.sentences import Run
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Equation
from shared.library.mathml import readable

_MOST_SIGNS = 44
_MOST_WORDS = 6
_ENOUGH = 0.5  # the share of an equation's name that its concept must say
_LEAD = re.compile(
    r"^(?:the )?(?:equation|formula|definition|expression)s? (?:for|of) (?:the )?", re.IGNORECASE
)
_NAME = re.compile(r"[a-z\u2019' –-]+", re.IGNORECASE)  # noqa: RUF001
_NUMBERED = re.compile(r"\b(?:first|second|third|fourth|fifth) (?=kinematic)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation to show, and its name as it is said; empty where the book's cannot be."""

    title: str  # its name as the book has it
    name: str
    mathml: str


def formula_for(
    subject: Subject, run: Run, taken: Collection[str], named: str = "", *, is_wanted: bool
) -> Formula | None:
    """Give the key equation that a run is about; `taken` are the names shown already.

    Unless it `is_wanted`, it must be of what the question is after, or of what is `named` here.
    """
    section = subject.home(run.module)
    text = " ".join(passage.text for passage in section.passages)
    fitting: list[tuple[float, int, Formula]] = []
    for number, equation in enumerate(section.equations):
        if not equation.name or equation.name in taken or not _is_drawable(equation):
            continue
        name = said_name(equation, text)
        if name and name in {
            said_name(one, text) for one in section.equations if one.name in taken
        }:
            continue
        worth = _worth(subject, run, equation, named, is_wanted=is_wanted)
        if worth > 0:
            fitting.append((worth, -number, Formula(equation.name, name, equation.mathml)))
    return max(fitting, key=lambda one: one[:2])[2] if fitting else None


def wants_formula(subject: Subject) -> bool:
    """Whether the question wants something worked out."""
    return kind(subject.brief.question) == "number"


def said_name(equation: Equation, text: str) -> str:
    """Give an equation's name as a sentence says it; empty where it is no short name.

    `text` is the section's: it shows which words are names.
    """
    name = _LEAD.sub("", without_brackets(equation.name).strip(" .:,"))
    name = re.sub(r"\s*equation$", "", name)
    if not _NAME.fullmatch(name) or len(name.split()) > _MOST_WORDS:
        return ""
    first = name.split()[0]
    is_common = re.search(rf"\b{re.escape(first.lower())}\b", text) is not None
    return name[:1].lower() + name[1:] if is_common else name


def _worth(subject: Subject, run: Run, equation: Equation, named: str, *, is_wanted: bool) -> float:
    name = stems(_LEAD.sub("", equation.name)) - stems("equation formula law form")
    focus: frozenset[str] = frozenset().union(*(stems(one) for one in subject.foci))
    if not name:
        return 0.0
    held = subject.weights.overlap(name, run.stems | subject.about)
    shared = subject.weights.overlap(focus, name)
    enough = held >= _ENOUGH and name & (run.stems | focus)
    if not enough or not (is_wanted or shared or name & stems(named)):
        return 0.0
    return held + 2 * shared + subject.weights.overlap(subject.asked, name)


def _is_drawable(equation: Equation) -> bool:
    try:
        tree(equation.mathml)
    except Permanent:
        return False
    line = readable(etree.fromstring(equation.mathml))
    return "=" in line and len(line) <= _MOST_SIGNS


def shown(formulas: Sequence[Formula]) -> frozenset[str]:
    """Give what marks formulas as shown."""
    return frozenset(one.title for one in formulas)
