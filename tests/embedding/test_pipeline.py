"""Books and lessons with embeddings, through the real functions."""

import hashlib
from dataclasses import replace

import pytest

from shared.embedding.embedder import Embedder
from shared.library.retrieval import Ranked, with_meaning
from tests.embedding.shelves import embedder
from tests.fakes.ledger import MemoryLedger
from tests.fakes.vectors import MemoryVectors
from tests.library.books import archive, module, repository
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World, sampler

COVERED = "Why does a moving object keep moving?"
NOT_COVERED = "Who won the football world cup in 1974?"
LITTLE = repository(m1=module('<para id="p1">Ice melts.</para><para id="p2">Iron rusts.</para>'))


@pytest.fixture(scope="module")
def taught(running):
    """Embed the sampler once for all lessons."""
    vectors = MemoryVectors()
    embedder(running, vectors).embed(sampler().sections)
    vectors.added(sampler())
    return vectors


@pytest.fixture
def world(server, taught, monkeypatch):
    """Give a pipeline that looks for meaning."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test")
    own = World()
    looking: Embedder = embedder(server, taught, MemoryLedger(lambda: own.now))
    own.services = own.services.but(embedder=looking)
    return own


def ends(world, question):
    """Ask for a text lesson; gives the status of its request."""
    asked = request(student_query=question, requested_modalities=["text"])
    world.send(asked)
    world.run()
    return world.status(asked["request_id"]).run.status


def store(world, files):
    """Put an archive into the OER bucket and let everything be delivered."""
    content = archive(files).read()
    name = f"books/little/{hashlib.sha256(content).hexdigest()}.zip"
    world.services.objects.create("oer", name, content, content_type="application/zip")
    world.run()
    return [letter.detail for letter in world.services.records.letters]


def test_a_lesson_costs_one_call(world, server):
    """For its question."""
    assert ("completed", 1) == (ends(world, COVERED), server.calls)


def test_a_duplicate_costs_nothing(server, taught):
    """Each message comes twice."""
    own = World(copies=2)
    own.services = own.services.but(embedder=embedder(server, taught))

    assert ("completed", 1) == (ends(own, COVERED), server.calls)


def test_a_question_beyond_the_books_costs_nothing(world, server):
    """Words alone decide that, before anything is paid: something is always nearest."""
    assert ("refused", 0) == (ends(world, NOT_COVERED), server.calls)


@pytest.mark.parametrize("meets", ["404", "503", "reset"])
def test_a_lesson_without_the_service(world, server, meets):
    """Is found by words, at once."""
    server.push(*[meets] * 9)

    assert ("completed", 1) == (ends(world, COVERED), server.calls)


def test_a_book_is_embedded(world, server):
    """When its event is acknowledged, with one call."""
    before = len(world.services.embedder.vectors.kept)

    assert ([], 1, 2) == (
        store(world, LITTLE),
        server.calls,
        len(world.services.embedder.vectors.kept) - before,
    )


def test_a_book_while_the_service_is_away(world, server):
    """Is delivered again until it is back, and then indexed."""
    server.push("503", "429", "reset")

    assert ([], 2) == (store(world, LITTLE), len(world.services.library.sources()))


def test_a_book_without_pgvector(world, server):
    """Is no silent book without vectors: its dead letter says what to do."""
    bare = replace(world.services.embedder, vectors=MemoryVectors(is_there=False))
    world.services = world.services.but(embedder=bare)
    [told] = store(world, LITTLE)

    assert ("run `python -m shared.ops embed`" in told, 1) == (
        True,
        len(world.services.library.sources()),
    )


def ranked(*modules):
    """Rank sections by words."""
    titles = {name: name for name in ("a", "b", "c")}
    return Ranked(tuple((name, 1.0) for name in modules), (), titles, 9.0)


@pytest.mark.parametrize(
    ("words", "near", "best"),
    [
        ("ab", "", "ab"),
        ("ab", "ba", "ab"),
        ("abc", "cb", "cba"),
        ("ab", "b", "ba"),
        ("ab", "z", "ab"),
    ],
)
def test_words_and_meaning_together(words, near, best):
    """Sections that teach nothing are nobody's answer."""
    found = with_meaning(ranked(*words), tuple(near))

    assert list(best) == [name for name, _ in found.sections]
