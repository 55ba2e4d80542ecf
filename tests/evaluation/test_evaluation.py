"""`make eval` runs end to end on a fake and says so; without anybody it is skipped in one line."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from tests.evaluation.__main__ import SKIPPED, main, table
from tests.evaluation.judge import Judge, Opinion
from tests.evaluation.lessons import Asked, Scored, scored
from tests.fakes.ledger import MemoryLedger
from tests.fakes.library import MemoryLibrary
from tests.fakes.vertex_server import FakeVertex
from tests.lesson.materials import plan
from tests.pipeline.world import sampler

MOVING = Asked("Why does a moving object keep moving?", "dance", "9-12", "inertia")
FOOTBALL = Asked("Who won the football world cup in 1974?", "dance", "9-12")


@pytest.fixture(scope="module")
def server():
    with FakeVertex() as fake:
        yield fake


@pytest.fixture(scope="module")
def judge(server):
    """Give Google's own client on the fake."""
    return Judge("demo", server.url)


@pytest.fixture(scope="module")
def told(server, tmp_path_factory):
    """Run the command for two questions; gives what it wrote as JSON."""
    file = tmp_path_factory.mktemp("eval") / "eval.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERTEX_EMULATOR_HOST", server.url)
        assert 0 == main(["--limit", "2", "--sampler", "--json", str(file)])
    return json.loads(file.read_text())


def test_each_question_has_a_lesson(told):
    """Written by the model that is asked first, after its prompt, without an error."""
    assert [("gemini-3.8-flash/prompt-1", True, 0, False)] * 2 == [
        (row["author"], row["is_lesson"], row["errors"], row["degraded"]) for row in told["rows"]
    ]


def test_each_lesson_is_judged_twice(told):
    """By the rules' support score, and by the service."""
    assert [(True, 1.0, 4.0)] * 2 == [
        (row["support"] >= 0.8, row["grounded"], row["clear"]) for row in told["rows"]
    ]


def test_each_lesson_has_its_cost(told):
    """As the ledger has it."""
    assert all(row["usd"] > 0 for row in told["rows"])


def test_a_fakes_figures_are_called_so(told):
    """Nobody takes them for Gemini's."""
    assert ("a fake", "a fake") == (told["written_by"], told["judged_by"])


def shown(*rows, is_fake):
    """Give the table as it is read."""
    console = Console(file=io.StringIO(), width=240)
    console.print(table(rows, "A Little Book", is_fake=is_fake))
    return console.file.getvalue()


def test_the_table_of_a_fake():
    """Marks every column that the fake filled."""
    text = shown(Scored("Why?", "gemini", is_lesson=True), is_fake=True)

    assert (True, 4) == ("A fake wrote and judged these lessons" in text, text.count("(fake)"))


def test_the_table_of_google():
    """Has no such mark, and means of what is known."""
    rows = [Scored("Why?", "gemini", is_lesson=True, clear=one) for one in (2.0, 4.0, None)]
    text = shown(*rows, Scored("Who?", "refused: not-covered"), is_fake=False)

    assert (False, True, True) == ("fake" in text, "3 lessons of 4" in text, "3.00" in text)


class Ready:
    """An author that has one plan for everybody."""

    name = "ready"

    def write(self, lesson_id, brief, material):
        return plan()


def judged(asked, opinions):
    """Judge a lesson of the sampler."""
    library = MemoryLibrary()
    library.add(sampler())
    [row] = scored([asked], library, Ready(), MemoryLedger(), opinions)
    return row


def test_a_question_beyond_the_book(judge):
    """Is no lesson, and nobody judges it."""
    row = judged(FOOTBALL, judge.opinion)

    assert (False, "refused: not-covered", None) == (row.is_lesson, row.author, row.clear)


@pytest.mark.parametrize(("module", "is_right"), [("inertia", True), ("heat", False), ("", None)])
def test_the_right_section(module, is_right):
    """Counts where it is known."""
    row = judged(replace(MOVING, module=module), lambda *_: Opinion(1.0, 5.0))

    assert is_right is row.right_section


@pytest.mark.parametrize(
    ("meets", "fault"),
    [("503", "ServiceUnavailable"), ("403", "Forbidden"), ("429", "TooManyRequests")],
)
def test_a_judge_that_does_not_answer(server, judge, meets, fault):
    """Leaves the other scores, and its fault by name."""
    server.push(meets)
    opinion = judge.opinion("Why?", "9-12", "Ice is cold.", "Ice is cold.")

    assert Opinion(None, None, fault) == opinion


def test_what_the_judge_is_told(server, judge):
    """The lesson and the book, apart."""
    judge.opinion("Why?", "9-12", "Ice is cold.", "Ice is cold and hard.")
    (path, grounded), (_, clear) = server.seen[-2:]

    assert "/v1/projects/demo/locations/us-central1:evaluateInstances" == path.split("?")[0]
    assert {"prediction": "Ice is cold.", "context": "Ice is cold and hard."} == grounded[
        "groundednessInput"
    ]["instance"]
    assert (
        "Why?" == json.loads(clear["pointwiseMetricInput"]["instance"]["jsonInstance"])["question"]
    )


def test_without_credentials(monkeypatch, capsys, tmp_path):
    """One line says what is missing, and nothing is written."""
    monkeypatch.delenv("VERTEX_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    file = tmp_path / "eval.json"

    assert (0, False) == (main(["--json", str(file)]), file.exists())
    assert SKIPPED == capsys.readouterr().out.strip()
