"""Books are paid for once, and a question never stalls a lesson."""

from dataclasses import replace

import pytest

from shared.embedding.ports import NoVectors
from shared.embedding.texts import digest
from shared.errors import Transient
from shared.gcp.embeddings import VertexEmbeddings
from shared.lesson.gemini.faults import Gone, NotNow, SetUp
from tests.embedding.shelves import ICE, MODEL, SHELF, SKY, embedder, paragraphs
from tests.fakes.ledger import MemoryLedger
from tests.fakes.vectors import MemoryVectors

QUESTION = "Why is the sky blue?"


class Dying(Exception):
    """A run ends here."""


class DiesAfterPaying(MemoryVectors):
    """Vectors whose run dies when the second batch has been paid for."""

    def __init__(self):
        super().__init__()
        self.left = 1

    def keep(self, model, vectors):
        if not self.left:
            self.left = -1
            raise Dying
        self.left -= 1
        super().keep(model, vectors)


def test_a_book_in_batches(server):
    """A call for a hundred passages."""
    assert (250, 3) == (embedder(server).embed([paragraphs(250)]), server.calls)


def test_unchanged_passages_are_not_embedded_again(server):
    """A later edition pays for what is new in it."""
    one = embedder(server)
    one.embed([ICE])
    paid = one.embed([ICE, SKY])

    assert (1, [["\nThe sky is blue."]]) == (
        paid,
        [[text["content"] for text in body["instances"]] for _, body in server.seen[1:]],
    )


def test_a_crash_between_paying_and_keeping(server):
    """Pays one batch again, not the book."""
    one = embedder(server, vectors := DiesAfterPaying())
    with pytest.raises(Dying):
        one.embed([paragraphs(250)])
    one.embed([paragraphs(250)])

    assert (4, 250) == (server.calls, len(vectors.kept))


def test_each_batch_stands_in_the_ledger(server):
    """With its tokens, at the price of the day, under the library's name."""
    one = embedder(server, ledger=(ledger := MemoryLedger()))
    one.embed([ICE])

    assert [("embed-1/text-embedding-005", 10, 1, True)] == [
        (cost.kind, cost.bill.read, cost.bill.micros, cost.settled) for cost in ledger.costs("")
    ]


def test_an_answer_that_counts_nothing_was_paid_for(server):
    """Its worst is what it cost."""
    one = embedder(server, ledger=(ledger := MemoryLedger()))
    server.push("uncounted")
    one.embed([paragraphs(100)])

    assert [100 < cost.bill.micros * 10 for cost in ledger.costs("")] == [True]


@pytest.mark.parametrize(
    ("meets", "reaction", "words"),
    [
        ("403-disabled", SetUp, "gcloud services enable"),
        ("404", Gone, "it is retired"),
        ("429", NotNow, "429"),
    ],
)
def test_a_book_that_cannot_be_embedded(server, meets, reaction, words):
    """Says so, and what was kept before stays."""
    one = embedder(server, vectors := MemoryVectors())
    server.push("good", meets)

    with pytest.raises(reaction, match=words):
        one.embed([paragraphs(150)])
    assert 100 == len(vectors.kept)


def test_a_book_stops_at_the_days_cap(server):
    """And waits for the next day."""
    one = embedder(server, GEMINI_USD_A_DAY="0")

    with pytest.raises(Transient, match="the day's budget"):
        one.embed([ICE])
    assert 0 == server.calls


def test_a_book_leaves_half_of_the_calls_to_lessons(server):
    """Its redelivery goes on where it was."""
    one = embedder(server, vectors := MemoryVectors(), GEMINI_CALLS_A_MINUTE="4")

    with pytest.raises(Transient, match="too often"):
        one.embed([paragraphs(300)])
    assert (2, 200) == (server.calls, len(vectors.kept))


def test_a_book_has_no_lessons_cap(server):
    """However many books were embedded before."""
    assert 1 == embedder(server, GEMINI_USD_A_LESSON="0").embed([SKY])


def test_a_book_without_pgvector(server):
    """Is refused in a sentence that says what to do, before anything is paid."""
    one = embedder(server, MemoryVectors(is_there=False))

    with pytest.raises(NoVectors, match="`python -m shared"):
        one.embed([ICE])
    assert 0 == server.calls


def shelf(server, **variables):
    """Embed a little book; gives its embedder and vectors."""
    vectors = MemoryVectors()
    one = embedder(server, vectors, MemoryLedger(), **variables)
    one.embed(SHELF.sections)
    vectors.added(SHELF)
    server.seen.clear()
    return one


def test_a_question_finds_what_is_nearest(server):
    """With one call, as a question."""
    found = shelf(server).nearest(QUESTION, "lesson")
    [(_, body)] = server.seen

    assert ("m2", "RETRIEVAL_QUERY") == (found[0], body["instances"][0]["task_type"])


def test_a_questions_call_is_the_lessons(server):
    """It counts against the lesson's cap."""
    one = shelf(server)
    one.nearest(QUESTION, "lesson")

    assert ["question/text-embedding-005"] == [cost.kind for cost in one.ledger.costs("lesson")]


FAULTS = ["400", "401", "403", "404", "429", "500", "503", "html", "reset", "fewer-vectors"]


@pytest.mark.parametrize("meets", FAULTS)
def test_a_question_without_an_answer(server, meets):
    """Words answer alone, after one call."""
    one = shelf(server)
    server.push(meets)

    assert ((), 1) == (one.nearest(QUESTION, "lesson"), server.calls)


@pytest.mark.parametrize(
    "variables", [{"GEMINI_USD_A_LESSON": "0"}, {"GEMINI_CALLS_A_MINUTE": "1"}]
)
def test_a_question_over_a_limit(server, variables):
    """Words answer alone, without a call."""
    one = shelf(server, **variables)

    assert ((), 0) == (one.nearest(QUESTION, "lesson"), server.calls)


def test_a_question_while_the_breaker_is_open(server):
    """Nobody asks a service that is out of order."""
    one = shelf(server)
    server.push(*["503"] * 9)
    for number in range(9):
        one.nearest(QUESTION, f"lesson-{number}")

    assert 5 == server.calls


def test_a_question_without_pgvector(server, caplog):
    """Words answer alone, unpaid, and the log says why."""
    caplog.set_level("ERROR")
    one = replace(shelf(server), vectors=MemoryVectors(is_there=False))

    assert ((), 0) == (one.nearest(QUESTION, "lesson"), server.calls)
    assert "install the extension vector there" in caplog.records[-1].why


def test_a_service_that_is_away(server):
    """Costs nothing but a warning."""
    one = shelf(server)
    away = replace(one, asked=VertexEmbeddings("demo", "http://127.0.0.1:9"))

    assert () == away.nearest(QUESTION, "lesson")
    assert [0] == [cost.bill.micros for cost in one.ledger.costs("lesson")]


def test_vectors_of_another_model_do_not_count(server):
    """They are asked for anew."""
    one = embedder(server, vectors := MemoryVectors())
    vectors.keep("another/768", {digest(p): (1.0,) * 768 for p in SKY.passages})

    assert (1, {"another/768", MODEL}) == (one.embed([SKY]), {model for model, _ in vectors.kept})
