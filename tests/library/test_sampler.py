"""The book that the project ships: it reads without a fault and answers what it teaches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.errors import Refused
from shared.gcp.library import SqlLibrary
from shared.library.book import Book
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.retrieval import find
from tests.fakes.library import MemoryLibrary

SAMPLER = Path(__file__).parents[2] / "local" / "sampler"
# Such words point to the page, and a lesson has no page.
POINTING = re.compile(
    r"\b(figures?|tables?|equations?|sections?|chapters?|above|below|shown|following|previous|next)\b",
    re.IGNORECASE,
)
QUESTIONS = [
    ("Why does a moving object keep moving?", "inertia"),
    ("Why is the sky blue?", "light"),
    ("Why is a full shopping cart harder to push?", "force"),
    ("Why does the moon not fall to Earth?", "gravity"),
    ("How does a roller coaster work?", "energy"),
    ("How does a coat keep you warm?", "heat"),
    ("Why can't you hear in space?", "sound"),
    ("How does a battery light a lamp?", "electricity"),
    ("What is everything made of?", "atoms"),
    ("Why does iron rust?", "reactions"),
    ("What are living things made of?", "cells"),
    ("Why are leaves green?", "photosynthesis"),
    ("Why do children look like their parents?", "heredity"),
    ("Why do earthquakes happen?", "plates"),
    ("Where does rain come from?", "water"),
    ("Why do we have seasons?", "seasons"),
]
BEYOND = [
    "Who won the World Cup?",
    "What is a metaphor?",
    "Why did the Roman Empire fall?",
    "How do vaccines work?",
    "How does the stock market work?",
]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Pack and read the sampler."""
    packed = pack(SAMPLER, tmp_path_factory.mktemp("sampler"))
    with packed.file.open("rb") as file:
        return read_book(file, packed.name, 1)


def test_no_faults(book):
    """Every file of the sampler is read, and its licence is free."""
    assert ((), 16, "CC BY 4.0") == (book.faults, len(book.sections), book.source.licence.name)


def test_every_section_is_complete(book):
    """Each section has what a lesson is made from."""
    for section in book.sections:
        kinds = [passage.kind for passage in section.passages]
        assert len(section.terms) >= 4, section.module
        assert kinds.count("body") >= 6, section.module
        assert {"summary", "tip", "caption"} <= set(kinds), section.module
        assert [True] == [example.verified for example in section.examples], section.module
        assert [True] == [figure.usable for figure in section.figures], section.module
        assert section.figures[0].width >= 1200, section.module
        assert section.figures[0].alt, section.module


def test_links_are_files_of_this_repository(book):
    """A section's link is its own file."""
    assert all((SAMPLER.parents[1] / section.url).is_file() for section in book.sections)


def test_sentences_can_be_spoken(book):
    """Sentences are short, plain, and do not point around in the book."""
    for section in book.sections:
        for passage in section.passages:
            for sentence in passage.sentences:
                assert len(sentence.text.split()) <= 25, sentence.id
                if passage.kind != "example" and not sentence.refers:
                    assert not sentence.mathematics, sentence.id
                    assert POINTING.search(sentence.text) is None, sentence.id


def test_definitions_do_not_define_with_themselves(book):
    """A definition can ask for its term: it has none of the term's words."""
    for section in book.sections:
        for term in section.terms:
            own = set(term.term.lower().split()) - {"of", "the"}
            assert not own & set(re.findall(r"\w+", term.definition.lower())), term.term


@pytest.mark.parametrize(("question", "module"), QUESTIONS)
def test_questions_in_memory(book, question, module):
    """A student's question finds its section."""
    library = MemoryLibrary()
    library.add(book)

    assert find(question, library).section.module == module


def test_questions_in_postgres(book, postgres):
    """The same questions find the same sections in PostgreSQL, and others are refused."""
    library = SqlLibrary(postgres)
    library.add(book)

    assert dict(QUESTIONS) == {q: find(q, library).section.module for q, _ in QUESTIONS}
    for question in BEYOND:
        with pytest.raises(Refused):
            find(question, library)
