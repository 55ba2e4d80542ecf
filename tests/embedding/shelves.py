"""Small libraries with embeddings: made to be looked into, and to be broken."""

from __future__ import annotations

from datetime import date
from functools import cache

from shared.embedding.embedder import Embedder
from shared.embedding.settings import read_embedding
from shared.gcp.embeddings import VertexEmbeddings
from tests.fakes.ledger import MemoryLedger
from tests.fakes.vectors import MemoryVectors
from tests.library.books import book, passage, section, term

TODAY = date(2026, 11, 28)
ON = "text-embedding-005@us-central1"
MODEL = "text-embedding-005/768"
ICE = section(
    "m1",
    passage("m1#p1", "A puck moves over ice."),
    passage("m1#p2", "Brakes rub on the wheel."),
    terms=(term("friction", "a force"),),
)
SKY = section(
    "m2", passage("m2#p1", "The sky is blue."), terms=(term("scattering", "a spread", "m2#d1/1"),)
)
SHELF = book(ICE, SKY)


def settings(**variables):
    """Read settings as the functions do."""
    problems = []
    found = read_embedding({"EMBEDDINGS": ON, **variables}, problems, TODAY)
    assert found is not None, problems
    return found


@cache
def model(url):
    """Give one client to all cases, as in one process."""
    return VertexEmbeddings("demo", url)


def embedder(server, vectors=None, ledger=None, **variables):
    """Make an embedder on the fake service."""
    return Embedder(
        model(server.url),
        vectors or MemoryVectors(),
        ledger or MemoryLedger(),
        settings(**variables),
        lambda: TODAY,
    )


def paragraphs(count):
    """Make a section of so many different passages."""
    return section("m9", *(passage(f"m9#p{n}", f"Fact number {n} is true.") for n in range(count)))
