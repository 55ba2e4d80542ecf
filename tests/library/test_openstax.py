"""The real book, where it lies beside the checkout: counts that must not drift."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from shared.gcp.library import SqlLibrary
from shared.library.book import Book, Section
from shared.library.markup import CNXML, classes, is_for_teachers, parse
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.retrieval import find

PHYSICS = Path(__file__).parents[3] / "shared" / "oer" / "openstax-physics"
pytestmark = pytest.mark.skipif(
    not PHYSICS.is_dir(), reason="../shared/oer/openstax-physics is not beside this checkout"
)


@pytest.fixture(scope="module")
def physics(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Pack and read the whole book."""
    packed = pack(PHYSICS, tmp_path_factory.mktemp("physics"))
    with packed.file.open("rb") as file:
        return read_book(file, packed.name, 1)


@pytest.fixture(scope="module")
def inertia(physics: Book) -> Section:
    """Give section 4.2."""
    return next(section for section in physics.sections if section.module == "m54138")


def test_everything_is_read(physics):
    """98 modules of 23 chapters are read without a fault."""
    assert ((), 98, 75) == (
        physics.faults,
        len(physics.sections),
        sum(1 for section in physics.sections if section.terms),
    )


def test_teacher_notes(physics):
    """The book has 582 notes for teachers, and none of their marks is in a passage."""
    notes = 0
    for path in PHYSICS.glob("modules/*/index.cnxml"):
        found = parse(path.read_bytes(), path.name).iter(CNXML + "note")
        notes += sum(is_for_teachers(note) and "os-teacher" in classes(note) for note in found)
    texts = [passage.text for section in physics.sections for passage in section.passages]

    assert 582 == notes
    assert not [text for text in texts if any(mark in text for mark in ("[BL]", "[OL]", "[AL]"))]


def test_no_control_characters(physics):
    """No text holds a control character or one of our own marks."""
    odd = {*map(chr, range(0x80, 0xA0)), *map(chr, range(0xE000, 0xE010)), "\u200b", "\u00a0"}
    for section in physics.sections:
        for passage in section.passages:
            assert not odd & set(passage.text), passage.id


def test_section(inertia):
    """Section 4.2 has its number, its address and its sentences under the agreed ids."""
    sentences = {s.id: s.text for passage in inertia.passages for s in passage.sentences}

    assert ("4.2", 7, 2) == (inertia.number, len(inertia.terms), len(inertia.figures))
    assert inertia.url == (
        "https://openstax.org/books/physics/pages/4-2-newtons-first-law-of-motion-inertia"
    )
    assert sentences["m54138#fs-idm15224208/1.1"] == "A body at rest tends to remain at rest."
    assert sentences["m54138#fs-idp54051056/3.1"].startswith("Friction is a force that opposes")


def test_examples(physics):
    """126 worked examples are read; those that we could recompute are marked."""
    examples = [example for section in physics.sections for example in section.examples]

    assert (126, 70) == (len(examples), sum(example.verified for example in examples))


def test_credited_figures(physics):
    """Figures with a foreign credit are kept but not usable."""
    figures = [figure for section in physics.sections for figure in section.figures]

    assert (427, 353) == (len(figures), sum(figure.usable for figure in figures))
    assert all(figure.usable for figure in figures if not figure.credit)


def test_indexed_in_time(physics, postgres):
    """The whole book is indexed within a fraction of the minute it may take, and found again."""
    library = SqlLibrary(postgres)
    started = time.monotonic()
    library.add(physics)

    assert time.monotonic() - started < 20
    assert find("Why does a moving object keep moving?", library).section.module == "m54138"
    assert all(library.section(s.module) == (physics.source, s) for s in physics.sections)
