"""Vertex AI's answers and errors through Google's own SDK, from a fake that speaks real HTTP."""

import json

import pytest

from shared.gcp.codes import CATEGORIES
from shared.gcp.vertex import Vertex
from shared.gcp.vertex_faults import meaning
from shared.lesson.gemini import reply
from shared.lesson.gemini.draft import read_draft, schema
from shared.lesson.gemini.faults import BadDraft, Gone, NotNow, SetUp
from shared.lesson.gemini.model import Prompt
from tests.fakes.vertex_server import FakeVertex

PASSAGES = [{"id": f"s{n}", "text": f"A box {n} slides over the floor today."} for n in range(9)]
TERMS = [{"term": "box"}, {"term": "floor"}]
DOCUMENT = json.dumps({"terms": TERMS, "passages": PASSAGES, "pictures": []})
PROMPT = Prompt("You write lessons.", DOCUMENT, schema(), 16384)
KNOWN_TO_VERTEX = {
    *("$defs", "$ref", "type", "enum", "items", "properties"),
    *("required", "additionalProperties"),
}


@pytest.fixture(scope="module")
def server():
    """One fake for the file; what a test pushes, it uses up."""
    with FakeVertex() as fake:
        yield fake


@pytest.fixture(scope="module")
def vertex(server):
    """One client, as in one process."""
    return Vertex("demo", server.url)


def asked(vertex, timeout_s=5.0):
    return vertex.ask("gemini-3.8-flash", "global", PROMPT, timeout_s)


def test_a_good_answer(server, vertex):
    """The reply comes whole, with a draft in it and its tokens."""
    server.push("good")

    told = asked(vertex)

    assert (2, 3200) == (
        len(read_draft(reply.text_of(told)).concepts),
        reply.used(told).tokens,
    )


def test_instruction_and_data_stay_apart(server, vertex):
    """The instruction is the system's; the data is one document of the user."""
    asked(vertex)
    _, sent = server.seen[-1]

    assert ([{"text": PROMPT.system}], [{"text": DOCUMENT}]) == (
        sent["systemInstruction"]["parts"],
        sent["contents"][0]["parts"],
    )


def test_safety_is_asked_for_by_name(server, vertex):
    """Defaults differ between Google's products."""
    asked(vertex)
    _, sent = server.seen[-1]

    assert {f"HARM_CATEGORY_{one}": "BLOCK_MEDIUM_AND_ABOVE" for one in CATEGORIES} == {
        one["category"]: one["threshold"] for one in sent["safetySettings"]
    }


def test_generally_available_surface(server, vertex):
    """Preview surfaces are not for minors."""
    asked(vertex)

    assert server.seen[-1][0].startswith("/v1/projects/demo/locations/global/publishers/google/")


FAULTS = [
    ("400", SetUp, "a release is at fault"),
    ("401", SetUp, "credentials"),
    ("403", SetUp, "grant roles/aiplatform.user"),
    ("403-disabled", SetUp, "gcloud services enable aiplatform.googleapis.com"),
    ("404", Gone, "gemini-3.8-flash is not at global"),
    ("429", NotNow, "429"),
    ("429-after", NotNow, "429"),
    ("500", NotNow, "500"),
    ("503", NotNow, "503"),
    ("html", NotNow, "502"),
    ("slow", NotNow, "ReadTimeout"),
    ("reset", NotNow, "no whole answer"),
    ("drip", NotNow, "ReadTimeout"),
]


@pytest.mark.parametrize(("behaviour", "reaction", "words"), FAULTS)
def test_each_fault_is_one_reaction_and_one_call(server, vertex, behaviour, reaction, words):
    """With a sentence for the operator, and no second call by itself."""
    before = server.calls
    server.push(behaviour)

    with pytest.raises(reaction, match=words) as raised:
        asked(vertex, 0.3)

    assert (reaction, 1) == (type(raised.value), server.calls - before)


@pytest.mark.parametrize("code", range(400, 600))
def test_every_code_is_one_reaction(code):
    """Also those that nobody has seen yet."""
    kind = type(meaning(code, None, {}, "gemini", "global"))

    assert (
        NotNow if code in (408, 429, 499) or code >= 500 else Gone if code == 404 else SetUp
    ) is kind


@pytest.mark.parametrize(
    "body",
    [
        {"candidates": "x"},
        {"candidates": [None]},
        {"candidates": [{"content": {"parts": [{"text": 5}]}}]},
        {"usageMetadata": {"promptTokenCount": "many"}},
        b"\xff\xfe",
        b"12",
        b"<html>",
    ],
)
def test_an_answer_that_is_none(server, vertex, body):
    """Whatever the SDK makes of it, it may pass, and may have been billed."""
    server.push((200, {}, body))

    with pytest.raises(NotNow) as raised:
        asked(vertex)

    assert raised.value.billed


@pytest.mark.parametrize(
    "body", [{}, [], b"null", b"", b'"text"', {"error": {"code": 500}}, {"candidates": []}]
)
def test_an_answer_without_candidates(server, vertex, body):
    """It is a reply that says nothing: a bad draft, to be asked for once more."""
    server.push((200, {}, body))

    with pytest.raises(BadDraft):
        reply.text_of(asked(vertex))


@pytest.mark.parametrize("behaviour", ["slow", "reset", "drip"])
def test_what_broke_off_may_be_billed(server, vertex, behaviour):
    """Nobody knows what the service had done by then."""
    server.push(behaviour)

    with pytest.raises(NotNow) as raised:
        asked(vertex, 0.3)

    assert raised.value.billed


def test_a_service_that_is_not_there():
    """A refused connection costs nothing."""
    with pytest.raises(NotNow) as raised:
        asked(Vertex("demo", "http://127.0.0.1:9"))

    assert not raised.value.billed


def test_no_word_of_the_service_is_kept(server, vertex):
    """Its messages may quote the student."""
    secret = {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Ann asked why"}}
    server.push((400, {}, secret))

    with pytest.raises(SetUp) as raised:
        asked(vertex)

    assert "Ann" not in str(raised.value)


def test_the_schema_is_in_vertex_words():
    """What the service does not know it ignores, or refuses."""
    definitions = schema()["$defs"].values()
    records = [schema(), *definitions]
    fields = [one for record in records for one in record["properties"].values()]
    items = [one["items"] for one in fields if "items" in one]

    assert set() == {key for one in (*records, *fields, *items) for key in one} - KNOWN_TO_VERTEX
