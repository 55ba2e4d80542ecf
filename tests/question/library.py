"""A library in which a word leads to many sections."""

from __future__ import annotations

from dataclasses import replace

from shared.library.book import Book, Section
from shared.question.asking import MOST_LISTED
from tests.fakes.library import MemoryLibrary
from tests.library.books import book, passage, section, term

KINDS = ("magnetic", "electric", "nuclear", "elastic")


def library() -> MemoryLibrary:
    """Give a book of two chapters: four kinds of force, and a lot about cells."""
    found = MemoryLibrary()
    found.add(book(*(_force(n, kind) for n, kind in enumerate(KINDS, 1)), _CELLS, _INTRODUCTION))
    return found


def large() -> Book:
    """Give a book of more chapters than anybody would read through."""
    chapters = range(MOST_LISTED)
    made = book(
        *(
            section(f"n{n}", title=f"Part {n}", chapter=f"Chapter {n}", terms=(term("it", "it"),))
            for n in chapters
        ),
        slug="large",
        digit="b",
    )
    return replace(made, source=replace(made.source, title="A Large Book"))


def _force(n: int, kind: str) -> Section:
    module = f"m{n}"
    texts = (f"A {kind} force acts on a charge of {kind} size." for _ in range(8))
    passages = (passage(f"{module}#p{at}", text) for at, text in enumerate(texts))
    return section(
        module,
        *passages,
        number=f"1.{n}",
        title=f"The {kind} force",
        chapter="Forces",
        terms=(term(f"{kind} force", "it acts", f"{module}#d1/1"), term("force", "it acts")),
    )


_CELLS = section(
    "m9",
    *(passage(f"m9#p{n}", f"Cells of kind{n} divide.") for n in range(80)),
    number="2.1",
    title="Cells",
    chapter="Life",
    terms=(term("cell", "the smallest unit of life", "m9#d1/1"),),
)
_INTRODUCTION = section("m0", passage("m0#p1", "A force is with us."), number="1", chapter="Forces")
