"""What every library does, in dictionaries as in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.errors import Missing
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.library.book import Exercise
from shared.ports import Library
from tests.fakes.library import MemoryLibrary
from tests.library.books import book, figure, passage, section, source, term

MOTION = section(
    "m1",
    passage("m1#p1", "A puck moves over ice.", headings=("Inertia",), figures=("m1#f1",)),
    passage("m1#p2", "Brakes rub on the wheel.", "They get hot.", marks=("friction",)),
    terms=(term("friction", "a force that acts against sliding"),),
    figures=(figure(),),
    exercises=(Exercise("m1#e1", "Why do zebras gallop?", ("Fear", "Fun")),),
)
SKY = section(
    "m2",
    passage("m2#p1", "The sky is blue."),
    passage("m2#p2", "A blue puck is a puck."),
    terms=(term("scattering", "sending light everywhere", "m2#d1/1"),),
)


class Divided(SqlLibrary):
    """Searched by the role of those who search, filled by that of `library`."""

    def __init__(self, reader: Postgres, writer: Postgres) -> None:
        super().__init__(reader)
        self.add = SqlLibrary(writer).add


@pytest.fixture(params=["memory", "postgres"])
def library(request: pytest.FixtureRequest) -> Library:
    """Give an empty library."""
    if request.param == "memory":
        return MemoryLibrary()
    playing = request.getfixturevalue("playing")
    return Divided(playing("pipeline_rw"), playing("library_rw"))


@pytest.fixture
def found(library: Library) -> Callable[..., list[str]]:
    """Search a library that holds both sections; gives the ids of passages."""
    library.add(book(MOTION, SKY))
    return lambda *terms, limit=9: [hit.passage for hit in library.search(terms, limit)]


def test_add_is_new_once(library):
    """The same archive is indexed once, whenever it comes again."""
    assert (True, False) == (library.add(book(MOTION)), library.add(book(MOTION)))


def test_section_comes_back_whole(library):
    """A section is what was added, with the book that it stands in."""
    library.add(book(MOTION, SKY))

    assert (source(), MOTION) == library.section("m1")


def test_sources(library):
    """Every book is listed with its current archive."""
    library.add(book(MOTION, digit="a", generation=1))
    library.add(book(SKY, digit="b", generation=2))
    library.add(book(SKY, slug="sky", digit="c"))

    assert (source(digit="b", generation=2), source("sky", "c")) == library.sources()


def test_unknown_section(library):
    """A section that no book has is missing."""
    with pytest.raises(Missing):
        library.section("m9")


def test_sections_in_the_order_of_the_book(library):
    """Every section is listed with its title and key terms."""
    library.add(book(MOTION, SKY))

    assert (("m1", "m1", ("friction",)), ("m2", "m2", ("scattering",))) == library.sections()


def test_empty_library(library):
    """An empty library has no sections and finds nothing."""
    assert ((), ()) == (library.sections(), library.search(["puck"], 9))


def test_any_word_is_enough(found):
    """A passage is found by one of the words."""
    assert found("brakes", "unheard") == ["m1#p2"]


def test_words_are_found_by_their_stem(found):
    """Other forms of a word find it."""
    assert found("moving") == ["m1#p1"]


def test_more_words_rank_higher(found):
    """The passage that holds both words comes first."""
    assert found("blue", "puck")[0] == "m2#p2"


def test_rare_words_weigh_more(found):
    """A word of one passage beats a word of two."""
    assert found("blue", "brakes")[0] == "m1#p2"


def test_headings_are_searched(found):
    """A passage is found by the heading above it."""
    assert found("inertia") == ["m1#p1"]


def test_marked_terms_are_searched(found):
    """A passage is found by the key term that it marks."""
    assert found("friction") == ["m1#p2"]


@pytest.mark.parametrize("misspelt", ["fricton", "frictoin", "fricttion", "frixtion"])
def test_misspelt_terms_are_searched(found, misspelt):
    """A key term is found although one letter of it is wrong."""
    assert found(misspelt) == ["m1#p2"]


def test_known_words_are_not_corrected(library):
    """A word that the library has means itself, however close to a key term."""
    fiction = section("m2", passage("m2#p1", "Fiction is not true."))
    library.add(book(MOTION, fiction))

    assert ["m2#p1"] == [hit.passage for hit in library.search(["fiction"], 9)]


def test_covered(library):
    """A hit tells how much of what was asked its section holds."""
    library.add(book(MOTION, SKY))
    whole, half = (library.search(asked, 9)[0].covered for asked in (["brakes"], ["brakes", "x"]))

    assert 1.0 == pytest.approx(whole)
    assert 0.2 < half < 0.6


def test_exercises_are_not_searched(found):
    """The book's own questions are never found."""
    assert found("zebras", "gallop", "fear") == []


def test_limit(found):
    """No more passages come than were asked for."""
    assert len(found("puck", "blue", limit=2)) == 2


@pytest.mark.parametrize("text", ["", "the of and", "' \\ \" | & !", "%s %% :*", "(", "O'Brien's"])
def test_odd_words(found, text):
    """Words that a search cannot use find nothing and break nothing."""
    assert found(text) == []


def test_corpus_tells_archives_apart(library):
    """The corpus is another one as soon as a book comes in."""
    empty = library.corpus()
    library.add(book(MOTION))

    assert empty != library.corpus()


def test_newer_archive_takes_the_place(library):
    """Only the newest archive of a book is searched."""
    library.add(book(MOTION, digit="a", generation=1))
    library.add(book(SKY, digit="b", generation=2))

    assert [("m2", "m2")] == [(module, title) for module, title, _ in library.sections()]
    assert library.search(["brakes"], 9) == ()


def test_late_older_archive_changes_nothing(library):
    """An archive that was stored earlier but comes later does not take the place."""
    library.add(book(SKY, digit="b", generation=2))
    corpus = library.corpus()
    library.add(book(MOTION, digit="a", generation=1))

    assert (corpus, ()) == (library.corpus(), library.search(["brakes"], 9))


def test_books_stand_side_by_side(library):
    """Two books are searched together."""
    library.add(book(SKY, slug="sky", digit="b"))
    library.add(book(MOTION, slug="motion", digit="a"))

    assert ["m1", "m2"] == [module for module, _, _ in library.sections()]
    assert {"m1", "m2"} == {hit.module for hit in library.search(["puck"], 9)}
