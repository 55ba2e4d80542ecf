"""Equations, worked examples and exercises of a module."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from shared.library.book import Equation, Example, Exercise, Sentence
from shared.library.flatten import sentences_of, text_of
from shared.library.markup import (
    CNXML,
    MATHML,
    classes,
    identifier,
    is_for_pupils,
    kind,
    pupils_elements,
)
from shared.library.mathml import cleaned, readable
from shared.library.recompute import confirmed
from shared.library.walk import WORKED

_HOLDERS = frozenset({"equation", "para", "item", "entry", "solution"})


def equations_of(module: str, document: Element) -> Iterator[Equation]:
    """Give the key equations, with the names that stand beside them, then those of the text."""
    for section in pupils_elements(document, "section"):
        if "key-equations" in classes(section):
            for row in section.iter(CNXML + "row"):
                yield from _named(module, row)
    for element in pupils_elements(document, "equation"):
        if not any(_works(above) for above in element.iterancestors()):
            yield from _steps(module, element)


def worked_examples(module: str, document: Element) -> Iterator[Example]:
    """Give the worked examples; `verified` ones have a chain of numbers that we recomputed."""
    for element in document.iter(CNXML + "note", CNXML + "example"):
        if _works(element) and is_for_pupils(element):
            yield _example(module, element)


def exercises_of(module: str, document: Element) -> Iterator[Exercise]:
    """Give the questions of the book that have words, without their answers."""
    for element in pupils_elements(document, "exercise"):
        problem = element.find(CNXML + "problem")
        if problem is None or any(_works(above) for above in element.iterancestors()):
            continue
        words = " ".join(filter(None, map(text_of, problem.iterchildren(CNXML + "para"))))
        options = (text_of(item) for item in problem.iterfind(f"{CNXML}list/{CNXML}item"))
        if words:
            yield Exercise(f"{module}#{identifier(element)}", words, tuple(filter(None, options)))


def _works(element: Element) -> bool:
    """Tell whether an element is a worked example, as either kind of book writes it."""
    return kind(element) == "example" or WORKED in classes(element)


def _named(module: str, row: Element) -> Iterator[Equation]:
    """Read a row of the table of key equations: a name, then one or more formulas."""
    entries = list(row.iterchildren(CNXML + "entry"))
    name = next((text_of(e) for e in entries if next(e.iter(MATHML + "math"), None) is None), "")
    for math in row.iter(MATHML + "math"):
        yield Equation(f"{module}#{identifier(math)}", name, cleaned(math))


def _steps(module: str, element: Element) -> Iterator[Equation]:
    for math in element.iter(MATHML + "math"):
        yield Equation(f"{module}#{identifier(element)}", "", cleaned(math))


def _example(module: str, element: Element) -> Example:
    maths = [
        math for part in element.iter(CNXML + "solution") for math in part.iter(MATHML + "math")
    ]
    return Example(
        id=f"{module}#{identifier(element)}",
        title=text_of(element.find(CNXML + "title")),
        problem=tuple(_said(module, element, "problem", "para")),
        strategy=tuple(_said(module, element, "problem", "note", "para")),
        solution=tuple(_said(module, element, "solution", "para")),
        steps=tuple(_shown_steps(module, maths)),
        verified=confirmed(maths),
    )


def _shown_steps(module: str, maths: list[Element]) -> Iterator[Equation]:
    """Give the equations of a solution, and the chains a = b = c that stand inside its text."""
    for math in maths:
        above = next(one for one in math.iterancestors() if kind(one) in _HOLDERS)
        if kind(above) == "equation" or readable(math).count("=") > 1:
            yield Equation(f"{module}#{identifier(above)}", "", cleaned(math))


def _said(module: str, example: Element, *path: str) -> Iterator[Sentence]:
    for part in example.iterfind(".//" + "/".join(CNXML + name for name in path)):
        if is_for_pupils(part):
            yield from sentences_of(part, f"{module}#{identifier(part)}/")
