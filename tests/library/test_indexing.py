"""What PostgreSQL keeps of a book, beyond what the port promises."""

from __future__ import annotations

import pytest

from shared.errors import Permanent
from shared.gcp.library import SqlLibrary
from tests.library.books import book, figure, passage, section, term

MOTION = section(
    "m1", passage("m1#p1", "A puck glides."), figures=(figure(),), terms=(term("i", "d"),)
)


def test_nothing_of_a_book_that_fails(postgres):
    """A book goes in as a whole or not at all."""
    library = SqlLibrary(postgres)
    bad = section("m2", figures=(figure("m2#f1", width=0),))

    with pytest.raises(Permanent, match="a_figure_has_a_size"):
        library.add(book(MOTION, bad))

    assert ((), ()) == (library.sources(), library.sections())


def test_replaced_archives_stay_on_record(postgres):
    """Of a replaced archive the row stays, and nothing that can be searched."""
    library = SqlLibrary(postgres)
    library.add(book(MOTION, digit="a", generation=1))
    library.add(book(section("m2"), digit="b", generation=2))

    with postgres.transaction() as transaction:
        assert (2, 1, 0, 0, 0) == transaction.one(
            "select (select count(*) from oer_sources), (select count(*) from oer_sections),"
            " (select count(*) from oer_passages), (select count(*) from oer_terms),"
            " (select count(*) from oer_figures)"
        )


def test_figures_and_terms_can_be_queried(postgres):
    """Figures and terms stand in tables of their own, under their section."""
    SqlLibrary(postgres).add(book(MOTION))

    with postgres.transaction() as transaction:
        assert ("m1", 800, True) == transaction.one("select module, width, usable from oer_figures")
        assert ("m1", "i", "d") == transaction.one("select module, term, definition from oer_terms")
