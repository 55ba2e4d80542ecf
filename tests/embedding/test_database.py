"""Vectors in a real pgvector, which the embedded PostgreSQL brings along; and databases without."""

from __future__ import annotations

from contextlib import closing

import pytest

from shared.embedding.ports import NoVectors
from shared.errors import Transient
from shared.gcp.dial import connect
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.vectors import SqlVectors
from shared.migrate import migrate
from tests.conftest import copy_of
from tests.embedding.shelves import ICE, MODEL, SHELF, SKY, embedder
from tests.fakes.vectors import MemoryVectors
from tests.library.books import book, passage, section, term

WITHOUT = "drop table oer_vectors; drop extension vector"
HOLDS = "select count(*) from oer_vectors"


@pytest.fixture(params=["memory", "pgvector"])
def vectors(request):
    """Give vectors without a book."""
    if request.param == "memory":
        return MemoryVectors()
    return SqlVectors(request.getfixturevalue("postgres"))


@pytest.fixture
def shelf(server, postgres):
    """Embed a book and add it, as `library` does; gives the way to do so."""

    def add(*books):
        one = embedder(server, SqlVectors(postgres))
        for each in books:
            one.embed(each.sections)
            SqlLibrary(postgres, MODEL).add(each)
        return one

    return add


def number(postgres, sql):
    """Ask the database for one number."""
    with postgres.transaction() as transaction:
        return transaction.one(sql)[0]


def unit(place):
    """Point in one direction."""
    return tuple(float(n == place) for n in range(768))


def test_what_is_kept_is_not_missing(vectors):
    """Nor is it missing for another model that has it."""
    vectors.keep(MODEL, {"a": unit(1)})

    assert ({"b"}, {"a", "b"}) == (
        set(vectors.missing(MODEL, ["a", "b"])),
        set(vectors.missing("another", ["a", "b"])),
    )


def test_keeping_twice(vectors):
    """Two runs that raced are both right."""
    vectors.keep(MODEL, {"a": unit(1)})
    vectors.keep(MODEL, {"a": unit(2), "b": unit(3)})

    assert frozenset() == vectors.missing(MODEL, ["a", "b"])


def test_nothing_is_near_in_an_empty_library(vectors):
    """Whatever was embedded by runs that have not added their book yet."""
    vectors.keep(MODEL, {"a": unit(1)})

    assert () == vectors.near(MODEL, unit(1), 5)


def test_the_nearest_comes_first(shelf, server):
    """Each module once."""
    assert ("m1", "m2") == shelf(SHELF).nearest("brakes and wheels on ice", "lesson")


def test_without_a_vector_no_book(postgres):
    """What is searched by meaning is searched as a whole."""
    with pytest.raises(Transient, match="no vector yet"):
        SqlLibrary(postgres, MODEL).add(SHELF)

    assert () == SqlLibrary(postgres).sources()


def test_a_second_delivery_pays_nothing(shelf, server):
    """And adds nothing."""
    shelf(SHELF, SHELF)

    assert 1 == server.calls


def test_a_newer_archive_takes_the_vectors_place(shelf, postgres):
    """What it says again keeps its vector; what nobody says any more loses it."""
    shelf(book(ICE, digit="a", generation=1), book(SKY, digit="b", generation=2))

    assert (1, ("m2",)) == (
        number(postgres, HOLDS),
        embedder_near(shelf, "brakes on a wheel"),
    )


def embedder_near(shelf, question):
    """Ask the library that is there."""
    return shelf().nearest(question, "lesson")


def test_a_passage_of_two_books_keeps_its_vector(shelf, postgres):
    """As long as one of them says it."""
    shelf(
        book(ICE, slug="one", digit="a", generation=1),
        book(ICE, slug="two", digit="b", generation=1),
        book(SKY, slug="one", digit="c", generation=2),
    )

    assert 3 == number(postgres, HOLDS)


def test_the_corpus_names_the_model(shelf, postgres):
    """A lesson that was found by words alone is another lesson."""
    shelf(SHELF)
    same, other, off = (SqlLibrary(postgres, name).corpus() for name in (MODEL, "another", ""))

    assert (True, True) == (off == other, same != off)


def test_turning_embeddings_off(shelf, postgres):
    """Books come and go as if there were no vectors."""
    shelf(SHELF)
    library = SqlLibrary(postgres)
    library.add(book(SKY, digit="b", generation=2))

    assert ["m2#p1"] == [hit.passage for hit in library.search(["blue"], 5)]


CAUSES = section(
    "m3",
    passage("m3#p1", "Friction slows a puck.", marks=("friction",)),
    passage("m3#p2", "Friction warms a brake."),
    terms=(term("friction", "a force", "m3#d1/1"),),
)
RUBBING = section(
    "m4",
    passage("m4#p1", "Friction slows a sledge that children pull uphill.", marks=("friction",)),
    terms=(term("friction", "a force", "m4#d1/1"),),
)


def test_of_two_sections_the_one_that_says_it(shelf):
    """Although both dwell on friction."""
    assert ("m4", "m3") == shelf(book(CAUSES, RUBBING)).nearest("friction of a sledge", "lesson")


def without(postgres):
    """Take pgvector away; what is asked of it then says what to do."""
    with postgres.transaction() as transaction:
        for statement in WITHOUT.split("; "):
            transaction.run(statement)
    return SqlVectors(postgres)


@pytest.mark.parametrize(
    "ask",
    [
        lambda one, _: one.missing(MODEL, ["a"]),
        lambda one, _: one.keep(MODEL, {"a": unit(1)}),
        lambda one, _: one.near(MODEL, unit(1), 5),
        lambda one, _: one.mark("a" * 64, MODEL, ()),
        lambda _, postgres: SqlLibrary(postgres, MODEL).add(SHELF),
    ],
)
def test_without_pgvector(postgres, ask):
    """Whoever asks is told in one sentence."""
    with pytest.raises(NoVectors, match="install the extension vector there"):
        ask(without(postgres), postgres)


def test_without_pgvector_words_work(postgres):
    """As they do everywhere."""
    without(postgres)
    library = SqlLibrary(postgres)

    assert (True, "m2") == (library.add(SHELF), library.search(["blue"], 5)[0].module)


def test_pgvector_that_comes_later(postgres):
    """The table is made by a command."""
    vectors = without(postgres)

    assert (False, True, True) == (vectors.is_there(), vectors.add(), vectors.is_there())


def test_books_that_were_there_before(server, postgres):
    """Are named, until they are embedded."""
    SqlLibrary(postgres).add(SHELF)
    vectors = SqlVectors(postgres)
    [(slug, sha256)] = vectors.unmarked(MODEL)
    sections = vectors.sections(sha256)
    embedder(server, vectors).embed(sections)
    vectors.mark(sha256, MODEL, sections)

    assert ("little", (), 3) == (slug, vectors.unmarked(MODEL), number(postgres, HOLDS))


@pytest.fixture
def plain_user_url(postgres_server, template_database):
    """Give an empty database whose owner may make no extension, as on many servers."""
    with closing(connect(postgres_server, 60)) as connection:
        connection.cursor().execute("create role plain login")
    with copy_of(postgres_server, "template1") as url:
        name = url.split("?")[0].rsplit("/", 1)[1]
        with closing(connect(postgres_server, 60)) as connection:
            connection.cursor().execute(f"alter database {name} owner to plain")
        with closing(connect(url, 60)) as connection:
            connection.cursor().execute("alter schema public owner to plain")
        yield url.replace("//postgres:", "//plain:", 1)
    with closing(connect(postgres_server, 60)) as connection:
        connection.cursor().execute("drop role plain")


def test_migrating_without_the_right_to_extend(plain_user_url):
    """All else is there; only what asks for vectors is refused."""
    with closing(connect(plain_user_url, 60)) as connection:
        migrate(connection)
    with closing(Postgres(plain_user_url)) as postgres:
        words = SqlLibrary(postgres).add(SHELF)

        assert (True, False) == (words, SqlVectors(postgres).is_there())


def test_migrating_a_server_that_has_no_such_extension(empty_database_url):
    """Played by an empty list of extensions, which is found before the server's."""
    with closing(connect(empty_database_url, 60)) as connection:
        cursor = connection.cursor()
        cursor.execute("create schema bare")
        cursor.execute("create view bare.pg_available_extensions as select ''::text as name")
        cursor.execute("set search_path = public, bare, pg_catalog")
        migrate(connection)
        cursor.execute("select to_regclass('oer_vectors') is null, add_embeddings()")

        assert [True, False] == list(cursor.fetchone())


def test_passages_of_an_older_release(server, postgres):
    """They have no digest, until their book is embedded."""
    SqlLibrary(postgres).add(SHELF)
    with postgres.transaction() as transaction:
        transaction.run("update oer_passages set digest = null")
    vectors = SqlVectors(postgres)
    [(_, sha256)] = vectors.unmarked(MODEL)
    sections = vectors.sections(sha256)
    one = embedder(server, vectors)
    one.embed(sections)
    vectors.mark(sha256, MODEL, sections)

    assert "m2" == one.nearest("the blue sky", "lesson")[0]
