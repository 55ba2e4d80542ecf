"""The embedding adapter over real HTTP: every fault is one reaction, one call, one sentence."""

import pytest

from shared.gcp.embeddings import VertexEmbeddings
from shared.lesson.gemini.faults import Gone, NotNow, SetUp
from tests.embedding.shelves import model
from tests.fakes.vertex_vectors import vector

TEXTS = ["Ice is cold.", "The sky is blue."]


@pytest.fixture
def asked(server):
    """Ask for two vectors while the service behaves so."""

    def ask(*meets, timeout_s=5.0, texts=TEXTS):
        server.push(*meets)
        return model(server.url).embed(
            "text-embedding-005", "us-central1", texts, "RETRIEVAL_DOCUMENT", timeout_s
        )

    return ask


def test_a_vector_for_each_text(asked):
    """In the order of the texts."""
    assert [vector(one) for one in TEXTS] == [list(one) for one in asked().vectors]


def test_tokens_are_counted(asked):
    """As the service tells them, of all texts together."""
    assert 7 == asked().tokens


def test_what_is_asked_for(asked, server):
    """The generally available surface, the use of the texts, and the length of the column."""
    asked()
    path, body = server.seen[-1]

    assert (
        "/v1/projects/demo/locations/us-central1/publishers/google/models/text-embedding-005:predict"
        == path
    )
    assert {"RETRIEVAL_DOCUMENT"} == {one["task_type"] for one in body["instances"]}
    assert 768 == body["parameters"]["outputDimensionality"]


FAULTS = [
    ("400", SetUp, "a release is at fault", None),
    ("401", SetUp, "does not accept these credentials", None),
    ("403", SetUp, "grant roles/aiplatform.user", None),
    ("403-disabled", SetUp, "gcloud services enable aiplatform.googleapis.com", None),
    ("404", Gone, "text-embedding-005 is not at us-central1", None),
    ("429", NotNow, "429", False),
    ("500", NotNow, "500", False),
    ("503", NotNow, "503", False),
    ("html", NotNow, "502", False),
    ("slow", NotNow, "no whole answer: ReadTimeout", True),
    ("reset", NotNow, "no whole answer", True),
    ("drip", NotNow, "no whole answer: ReadTimeout", True),
    ("fewer-vectors", NotNow, "no whole answer", True),
    ("merged-vectors", NotNow, "no whole answer", True),
    ("short-vectors", NotNow, "no whole answer", True),
    ("no-numbers", NotNow, "no whole answer", True),
    ((200, {}, b"<html>"), NotNow, "no whole answer", True),
    ((200, {}, {"predictions": "x"}), NotNow, "no whole answer", True),
    ((200, {}, []), NotNow, "no whole answer", True),
    ((200, {}, b'{"predictions":[{"embeddings":{"values":[NaN]}}]}'), NotNow, "no whole", True),
    ((403, {}, b"[]"), SetUp, "refuses this project", None),
]


@pytest.mark.parametrize(("behaviour", "reaction", "words", "billed"), FAULTS)
def test_each_fault_is_one_reaction(asked, behaviour, reaction, words, billed):
    """With a sentence for the operator, and whether it may have cost money."""
    with pytest.raises(reaction, match=words) as raised:
        asked(behaviour, timeout_s=0.3)

    assert (reaction, billed) == (type(raised.value), getattr(raised.value, "billed", None))


@pytest.mark.parametrize("behaviour", ["429", "503", "slow", "reset"])
def test_a_fault_is_one_call(asked, server, behaviour):
    """Only the platform's redelivery asks again."""
    with pytest.raises(NotNow):
        asked(behaviour, timeout_s=0.3)

    assert 1 == server.calls


def test_a_service_that_is_not_there():
    """A refused connection costs nothing."""
    away = VertexEmbeddings("demo", "http://127.0.0.1:9")

    with pytest.raises(NotNow) as raised:
        away.embed("text-embedding-005", "us-central1", TEXTS, "RETRIEVAL_QUERY", 1.0)

    assert not raised.value.billed


def test_no_credentials(monkeypatch):
    """One line says what to do."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")

    with pytest.raises(SetUp, match="gcloud auth application-default login"):
        VertexEmbeddings("demo").embed("m", "us-central1", TEXTS, "RETRIEVAL_QUERY", 1.0)
