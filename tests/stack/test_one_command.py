"""One command makes a lesson, on a stack of its own that leaves only its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stack.conftest import made_home

QUESTION = "Why do we have seasons?"
WORDS = ("lesson", QUESTION, "--interest", "soccer", "--grade", "9", "--modalities", "text")


@pytest.fixture(scope="module")
def made():
    """Make a lesson once: (home, what the command said, what still ran afterwards)."""
    with made_home() as home:
        said = home.run(*WORDS, "--json", starts=True)
        yield home, said, home.processes()


def test_question_becomes_a_readable_text(made):
    """The command ends well and brings a text that answers the question."""
    _, said, _ = made
    text = Path(said.decoded["paths"]["text"]).read_text(encoding="utf-8")

    assert (0, "completed") == (said.code, said.decoded["run"]["status"])
    assert "Earth" in text
    assert "Sources" in text


def test_every_run_has_its_end(made):
    """The stack stops only after each run noted its end, so that nothing is repeated."""
    _, said, _ = made
    outcomes = {one["stage"]: one["outcome"] for one in said.decoded["attempts"]}

    assert {"ingest": "completed", "script": "completed"} == outcomes


def test_only_text_was_made(made):
    """Text alone draws and says nothing."""
    _, said, _ = made

    assert {"text", "plan"} == set(said.decoded["paths"])


def test_no_process_is_left(made):
    """A stack of its own goes with its command."""
    assert [] == made[2]


def test_lesson_can_be_read_while_nothing_runs(made):
    """What was made is shown from what the folder keeps."""
    home, said, _ = made
    shown = home.run("show", said.decoded["run"]["request_id"][:8], "--json")

    assert 0 == shown.code
    assert Path(said.decoded["paths"]["text"]).read_text(encoding="utf-8") == shown.decoded["text"]


def test_second_question_is_asked_within_seconds(made):
    """Everything is there already: the request is published soon after the command started."""
    home, _, _ = made
    said = home.run("lesson", "What is gravity?", "--modalities", "text", starts=True)
    seconds = float(said.out.split("accepted after ")[1].split(" s")[0])

    assert 0 == said.code
    assert seconds < 10  # 2 s on a quiet machine; the suite may share its own


def test_fresh_forgets_everything(made):
    """`--fresh` starts from an empty folder."""
    home, _, _ = made
    said = home.run(*WORDS, "--fresh", starts=True)

    assert 0 == said.code
    assert [QUESTION] == [row["question"] for row in home.run("runs", "--json").decoded]
