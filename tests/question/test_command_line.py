"""The command line shows what is asked back, and reads an answer."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from local import display, inquiring
from local.follow import follow
from local.options import parser
from shared.question.inquiry import Inquiry, Option
from shared.rows import DeadLetter
from tests.fakes.records import MemoryRecords
from tests.records.given import LESSON, asked

INQUIRY = Inquiry("topic-1", "Which [bold]one?", (Option("m1", "Waves"), Option("m2", "Life")))


class Unseen:
    """A view that nobody looks at."""

    def show(self, sight):
        pass


@pytest.fixture
def records():
    """Give records."""
    return MemoryRecords()


@pytest.fixture
def waiting(records):
    """Give the report of a request that waits."""
    request = asked("text")
    records.ask(request, INQUIRY)
    return records.show(request.request_id)


@pytest.mark.parametrize(
    ("said", "answer"), [("1", "m1"), (" 2 ", "m2"), ("why is it blue", "why is it blue")]
)
def test_an_answer(said, answer):
    """Is an option's number, or words."""
    assert answer == inquiring.read(INQUIRY, said)


@pytest.mark.parametrize("said", ["0", "3"])
def test_a_number_without_an_option(said):
    """Is a mistake that says what there is."""
    with pytest.raises(ValueError, match="choose 1 to 2"):
        inquiring.read(INQUIRY, said)


def test_the_question_is_shown(waiting):
    """With its options by number, and with the command that answers."""
    printed = io.StringIO()
    console = Console(file=printed, width=200)
    inquiring.show(waiting.open, console)
    inquiring.how_to_answer(waiting, Path("elsewhere"), console)

    lines = printed.getvalue().splitlines()
    short = waiting.run.request_id[:8]
    assert {"Which [bold]one?", "   1  Waves", "   2  Life"} <= set(lines)
    assert f"  python -m local --state elsewhere answer {short} 1" == lines[-1]


def test_the_question_for_programs(waiting):
    """JSON has the open question, and what was asked before."""
    told = display.as_json(waiting, {})

    assert ("topic-1", "needs_input") == (told["questions"][0]["id"], told["run"]["status"])


def test_the_words_of_an_answer():
    """Are taken together, without quotes."""
    options = parser().parse_args(["answer", "3f2a", "why", "is", "it", "blue", "--json"])

    assert ("3f2a", ["why", "is", "it", "blue"], True) == (options.id, options.words, options.json)


def test_following_stops_at_a_question(records, waiting):
    """Somebody has to answer it first."""
    assert waiting == follow(records, waiting.run.request_id, Unseen())


def test_following_an_answer(records, waiting):
    """Goes on until the answer has moved the request, and then to its end."""
    request = replace(asked("text", request_id=waiting.run.request_id), understood="What is it?")

    def answer_comes():
        if not records.resume(INQUIRY, "m1", request, LESSON):
            records.ended(LESSON, "refused", "Not in the books.", "script")
            records.answered(request.request_id, "refused", "Not in the books.", "script")

    report = follow(records, request.request_id, Unseen(), answer_comes, waiting)
    assert ("refused", None) == (report.run.status, report.open)


def test_following_an_answer_that_nobody_can_read(records, waiting):
    """Stops at its dead letter."""
    unread = DeadLetter(
        "ingest", "m1", "forbidden-character", "answers: no", "answers", b"", {},
        request_id=waiting.run.request_id, ends_request=False,
    )  # fmt: skip

    report = follow(
        records, waiting.run.request_id, Unseen(), lambda: records.dead_letter(unread), waiting
    )
    assert (INQUIRY, 1) == (report.open, len(report.dead_letters))
