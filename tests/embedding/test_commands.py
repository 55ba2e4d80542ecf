"""What an operator is told of embeddings, on a real database."""

import json
from argparse import Namespace
from contextlib import closing

import pytest
from rich.console import Console

from local import bookshelf
from local.addresses import Addresses
from local.services import Connected
from local.stack import Running
from shared.embedding.ports import NoVectors
from shared.gcp.library import SqlLibrary
from shared.ops.__main__ import main
from tests.embedding.shelves import MODEL, ON, SHELF
from tests.embedding.test_database import without

DONE, UNWELL, MISTAKE = 0, 1, 2


@pytest.fixture
def run(server, postgres, database_url, monkeypatch, capsys):
    """Run a command of the operator; gives its exit code and what it printed."""
    for name, value in {
        "GOOGLE_CLOUD_PROJECT": "demo",
        "VERTEX_EMULATOR_HOST": server.url,
        "DATABASE_URL": database_url,
        "GEMINI_MODELS": "gemini-3.8-flash",
        "EMBEDDINGS": ON,
    }.items():
        monkeypatch.setenv(name, value)

    def command(*words):
        code = main([*words, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return command


def doctor(run, server):
    """Give the exit code, and what is said of embeddings."""
    server.push("well")
    code, told = run("doctor", "--only", "models")
    return code, [one["said"] for one in told["found"][1:]]


def test_all_is_well(run, server):
    """The model answers, and no book lacks vectors."""
    assert (DONE, ["makes vectors", "every book has its vectors"]) == doctor(run, server)


def test_a_book_that_lacks_vectors(run, server, postgres):
    """Is named, with the command that helps."""
    SqlLibrary(postgres).add(SHELF)
    code, (_, said) = doctor(run, server)

    assert (UNWELL, True) == (
        code,
        said.startswith("little without vectors of") and said.endswith("shared.ops embed`"),
    )


def test_doctor_without_pgvector(run, server, postgres):
    """In one sentence that says what to do."""
    without(postgres)

    assert (UNWELL, ["makes vectors", str(NoVectors())]) == doctor(run, server)


def test_doctor_where_the_model_is_gone(run, server):
    """As of every model."""
    server.push("well", "404")
    code, told = run("doctor", "--only", "models")

    assert (UNWELL, True) == (code, "it is retired" in told["found"][1]["said"])


def test_embedding_what_is_there(run, postgres):
    """Every book once."""
    SqlLibrary(postgres).add(SHELF)

    assert ((DONE, [{"book": "little", "texts": 3}]), (DONE, [])) == (run("embed"), run("embed"))
    assert SqlLibrary(postgres).corpus() != SqlLibrary(postgres, MODEL).corpus()


def test_embedding_where_pgvector_came_later(run, postgres):
    """The command makes the table first."""
    SqlLibrary(postgres).add(SHELF)
    without(postgres)

    assert (DONE, [{"book": "little", "texts": 3}]) == run("embed")


def test_embedding_goes_on(run, server, postgres):
    """A fault is told with what to do."""
    SqlLibrary(postgres).add(SHELF)
    server.push("503")
    code, said = run("embed")

    assert (MISTAKE, True) == (code, "the same command goes on from here" in " ".join(said.split()))
    assert (DONE, [{"book": "little", "texts": 3}]) == run("embed")


def test_embedding_while_it_is_off(run, monkeypatch):
    """Says what to set."""
    monkeypatch.setenv("EMBEDDINGS", "off")
    code, said = run("embed")

    assert (MISTAKE, True) == (code, "set it to a model" in " ".join(said.split()))


def test_adding_a_book_without_pgvector(run, postgres, database_url):
    """`library add` says so before anything is uploaded."""
    without(postgres)
    running = Running(Addresses().environment(database_url), alive=True)

    with closing(Connected(running)) as connected, pytest.raises(NoVectors, match="EMBEDDINGS"):
        bookshelf.add(connected, bookshelf.SAMPLER, Console(), Namespace)
