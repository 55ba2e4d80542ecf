"""What a student gets, and how many calls are made, whatever the model's service does.

Each case is played through all functions, over real HTTP, with the SDK that production uses.
"""

import pytest

from shared.errors import Transient, Unsure
from shared.gcp.vertex import Vertex
from shared.lesson.gemini import drafts
from tests.fakes.objects import MemoryObjects
from tests.fakes.vertex_replies import NAMES, given
from tests.fakes.vertex_server import FakeVertex
from tests.gemini.desk import Desk
from tests.pipeline.test_lessons import QUESTION

MODEL = "gemini-3.8-flash/prompt-1"
SECOND = "gemini-3.5-flash/prompt-1"
BOOK = "extractive-2, degraded"
ALWAYS = 30  # more often than any lesson asks


@pytest.fixture(scope="module")
def server():
    """One fake for the file."""
    with FakeVertex() as fake:
        yield fake


CASES = [
    (("good",), MODEL, 1),
    (("blocked-prompt",), "refused", 1),
    (("blocked-answer",), "refused", 1),
    # A prompt in a language that the model does not know is no unsafe one.
    (("blocked-language", "good"), MODEL, 2),
    (("blocked-language", "blocked-language"), BOOK, 2),
    (("max-tokens", "good"), MODEL, 2),
    (("max-tokens", "max-tokens"), BOOK, 2),
    (("recitation", "recitation"), BOOK, 2),
    (("malformed", "good"), MODEL, 2),
    (("malformed", "malformed"), BOOK, 2),
    (("truncated", "truncated"), BOOK, 2),
    (("empty", "empty"), BOOK, 2),
    (("other-schema", "good"), MODEL, 2),
    (("other-schema", "other-schema"), BOOK, 2),
    (("wrong-citations", "good"), MODEL, 2),
    (("wrong-citations", "wrong-citations"), BOOK, 2),
    (("invented", "good"), MODEL, 2),
    (("invented", "invented"), MODEL, 2),  # without what it invented, see below
    (("injected", "injected"), MODEL, 2),  # the same
    (("personal", "good"), MODEL, 2),
    (("personal", "personal"), MODEL, 2),  # the same
    # What is wrong with the repair alone, the first draft makes good.
    (("invented", "blocked-answer"), MODEL, 2),
    (("invented", "503"), MODEL, 2),
    (("400",), BOOK, 1),
    (("401",), BOOK, 1),
    (("403",), BOOK, 1),
    (("403-disabled",), BOOK, 1),
    (("404", "good"), SECOND, 2),
    (("404", "404"), BOOK, 2),
    (("429", "good"), MODEL, 2),
    (("429-after", "good"), MODEL, 2),
    (("500", "good"), MODEL, 2),
    (("503", "good"), MODEL, 2),
    (("html", "good"), MODEL, 2),
    (("slow", "good"), MODEL, 2),
    (("reset", "good"), MODEL, 2),
    (("drip", "good"), MODEL, 2),
    (("429",) * ALWAYS, BOOK, 5),
    (("503",) * ALWAYS, BOOK, 5),
    # What breaks off may be billed each time: the lesson's budget ends before its patience.
    (("reset",) * ALWAYS, BOOK, 4),
]


@pytest.mark.parametrize(("meets", "got", "calls"), CASES)
def test_each_behaviour(server, meets, got, calls):
    """A lesson, or an honest no; and no call more than the case is worth."""
    desk = Desk(server)

    assert (got, calls) == desk.end(desk.lesson(*meets))


def test_every_behaviour_of_the_fake_is_played():
    """But for what answers no lesson: doctor's question, and vectors."""
    others = {"well", "fewer-vectors", "merged-vectors", "short-vectors", "no-numbers", "uncounted"}

    assert set(NAMES) - others == {one for meets, _, _ in CASES for one in meets}


def test_without_credentials_the_book_is_quoted(server, monkeypatch, caplog):
    """The stack goes on; an operator reads in one line what to do."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nowhere")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    desk = Desk(server, Vertex("demo"))
    run = desk.lesson()
    costs = desk.ledger.costs(run.lesson_id)
    [told] = [one.fault for one in caplog.records if one.message == "The model is not set up"]

    assert (BOOK, 0) == desk.end(run)
    assert "gcloud auth application-default login" in told
    assert 0 == sum(one.bill.micros for one in costs)


def test_no_patience(server):
    """A project may prefer the book's lesson now to the model's later."""
    desk = Desk(server, GEMINI_WHEN_BUSY="extractive")

    assert (BOOK, 1) == desk.end(desk.lesson("429"))


@pytest.mark.parametrize("behaviour", ["invented", "injected"])
@pytest.mark.parametrize("again", [True, False])
def test_what_no_passage_carries_is_not_said(server, behaviour, again):
    """Neither what a model made up nor what a text told it to say reaches anybody."""
    desk = Desk(server)
    run = desk.lesson(behaviour, behaviour if again else "good")
    name = f"lessons/{run.lesson_id}/lesson.md"
    text = desk.services.objects.read("generated", name).decode() + str(desk.plan(run))

    assert [] == [word for word in ("dragons", "1742", "obey", "address") if word in text]


@pytest.mark.parametrize("again", ["personal", "good"])
def test_no_person_is_told_of(server, again):
    """A sentence with a name, an address or a living person is not said."""
    desk = Desk(server)
    run = desk.lesson("personal", again)
    text = desk.services.objects.read("generated", f"lessons/{run.lesson_id}/lesson.md").decode()

    assert [] == [one for one in ("Anna", "Oak", "Messi") if one in text + str(desk.plan(run))]


def test_no_model_is_told_who_asks(server):
    """The question arrives without the student, and gets its lesson."""
    desk = Desk(server)
    run = desk.lesson(
        "good", question=f"My name is Anna Miller, I live at 12 Oak Street. {QUESTION}"
    )
    sent = str([body for _, body in server.seen[-desk.calls :]])

    assert "completed" == run.status
    assert QUESTION in sent
    assert [] == [one for one in ("Anna", "Miller", "Oak") if one in sent]


def test_a_repair_is_told_what_is_wrong(server):
    """Each finding names its place and what to do."""
    desk = Desk(server)
    desk.lesson("invented")
    told = given(server.seen[-1][1])["repair"]

    assert told["findings"][0].startswith("concepts[0].say[0]: says more than the passages")


def test_a_blocked_question_is_never_asked_again(server):
    """The refusal is an answer: redeliveries and duplicates meet the stored reply."""
    desk = Desk(server, copies=3)

    assert ("refused", 1) == desk.end(desk.lesson("blocked-prompt"))


def test_a_refusal_is_kind(server):
    """It tells the student what to do, and nothing of categories."""
    run = Desk(server).lesson("blocked-answer")

    assert ("Please ask about something else", False) == (
        run.reason[-32:-1],
        "SAFETY" in run.reason,
    )


def test_duplicates_are_paid_once(server):
    """Every event comes three times."""
    desk = Desk(server, copies=3)

    assert (MODEL, 1) == desk.end(desk.lesson())


def test_a_question_that_the_book_does_not_carry(server):
    """It is refused before anything is paid."""
    desk = Desk(server)

    assert ("refused", 0) == desk.end(desk.lesson(question="Who won the cup in 1998?"))


class Loses:
    """Objects whose creation of one kind of file does its work and loses the answer, once."""

    def __init__(self, port, ending):
        self._port, self._ending, self.lost = port, ending, False

    def __getattr__(self, name):
        return getattr(self._port, name)

    def create(self, bucket, name, content, **others):
        stored = self._port.create(bucket, name, content, **others)
        if name.endswith(self._ending) and not self.lost:
            self.lost = True
            raise Unsure("the answer got lost")
        return stored


@pytest.mark.parametrize("ending", ["draft-1.json", "plan.json"])
def test_a_crash_after_storing_the_answer(server, ending):
    """The next delivery adopts what was paid for, and settles it."""
    desk = Desk(server, wrap=lambda port, _: Loses(port, ending))
    run = desk.lesson()

    assert ((MODEL, 1), [True]) == (
        desk.end(run),
        [one.settled for one in desk.ledger.costs(run.lesson_id)],
    )


def test_an_answer_by_a_newer_release(server):
    """While a release rolls out, a newer instance will get it: nothing is asked anew."""
    objects = MemoryObjects()
    objects.create("generated", "lessons/a/draft-1.json", b'{"schema": 2}', content_type="")

    with pytest.raises(Transient):
        drafts.find(objects, "a", 1)


class Dies:
    """A model whose first answer is paid for and never reaches us."""

    def __init__(self, model):
        self._model, self.died = model, False

    def ask(self, *words):
        answer = self._model.ask(*words)
        if not self.died:
            self.died = True
            raise RuntimeError("killed")
        return answer


def test_a_crash_between_paying_and_storing(server):
    """Only there a call is made twice; the first keeps its reservation."""
    desk = Desk(server)
    purse = desk.purse
    object.__setattr__(purse, "model", Dies(purse.model))
    run = desk.lesson()
    costs = desk.ledger.costs(run.lesson_id)

    assert ((MODEL, 2), [False, True]) == (desk.end(run), [one.settled for one in costs])


def test_the_account_of_a_lesson(server):
    """Tokens and price of each call, at the day's price."""
    desk = Desk(server)
    run = desk.lesson("invented", "good")
    costs = desk.ledger.costs(run.lesson_id)

    assert [
        ("draft-1/gemini-3.8-flash", 2000, 900, 300, 6000),
        ("draft-2/gemini-3.8-flash", 2000, 900, 300, 6000),
    ] == [
        (one.kind, one.bill.read, one.bill.written, one.bill.thought, one.bill.micros)
        for one in costs
    ]


@pytest.mark.parametrize(
    "cap", ["GEMINI_USD_A_LESSON", "GEMINI_USD_A_DAY", "GEMINI_USD_A_DAY_AND_ORGANISATION"]
)
def test_over_a_cap(server, cap):
    """The book's lesson costs nothing, and nothing is asked."""
    desk = Desk(server, **{cap: "0.01"})

    assert (BOOK, 0) == desk.end(desk.lesson())


def test_waiting_at_a_cap(server):
    """A project may prefer to wait, but nobody waits for ever."""
    desk = Desk(server, GEMINI_USD_A_DAY="0.01", GEMINI_OVER_CAP="wait")
    began = desk.now

    assert ((BOOK, 0), True) == (desk.end(desk.lesson()), (desk.now - began).seconds > 100)


def test_a_budget_for_one_call(server):
    """A draft with faults is pruned where a repair would be too dear."""
    desk = Desk(server, GEMINI_USD_A_LESSON="0.07")

    assert (MODEL, 1) == desk.end(desk.lesson("invented"))
