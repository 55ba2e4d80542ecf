"""One JSON line for each fact, found by its ids, and never a word of the student's."""

import ast
import json
import logging
import re
from collections import Counter

import pytest

from shared.log import JsonLines, log, word
from tests.observation.lines import events, only, written
from tests.observation.played import CANARIES, asked, asked_back, lines, played
from tests.pipeline.world import World
from tests.project.import_closure import ROOT

TRACE = re.compile(r"projects/demo/traces/[0-9a-f]{32}")
NUMBERS = {
    "attempt", "fence", "duration_ms", "seconds", "cost_micros", "open_requests", "oldest_open_s",
    "dead_letters", "spent_micros", "tokens_read", "tokens_written", "tokens_thought",
}  # fmt: skip
CODE = [
    file for folder in ("shared", "functions") for file in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_line_holds_a_word_of_the_students(canary):
    """Whatever ended well, was refused, failed, was parked, buried or written by a model."""
    assert [] == [line for line in lines() if canary.lower() in json.dumps(line).lower()]


def test_everything_was_played():
    """The test above looked at each end that a request and a stage may have."""
    ends = {line["outcome"] for line in only(lines(), "stage_ended")}
    answers = {line["outcome"] for line in only(lines(), "request_ended")}

    assert {"completed", "refused", "failed", "parked", "retryable"} <= ends
    assert {"completed", "refused", "failed"} == answers
    assert {"dead_letter", "claim_replayed", "claim_busy", "looked_around", "settled_a_call",
            "a_call_failed", "degraded"} <= events(lines())  # fmt: skip


def test_every_line_of_a_run_names_its_trace_stage_and_delivery():
    """Nothing that is logged stands alone."""
    named = {"severity", "time", "message", "event", "stage", "delivery"}
    bare = [line for line in lines() if not named <= line.keys()]

    assert [] == bare
    assert all(TRACE.fullmatch(line["logging.googleapis.com/trace"]) for line in lines())


def test_the_end_of_a_stage_tells_whose_work_it_was_and_how_it_went():
    """Ids, attempt, fence, outcome and duration in one line."""
    told = {"request_id", "correlation_id", "lesson_id", "key", "attempt", "fence", "outcome",
            "duration_ms"}  # fmt: skip

    assert [] == [line for line in only(lines(), "stage_ended") if not told <= line.keys()]


def test_numbers_are_numbers():
    """A metric cannot add up text."""
    found = {name: value for line in lines() for name, value in line.items() if name in NUMBERS}

    assert NUMBERS == found.keys()
    assert [] == [name for name, value in found.items() if type(value) not in (int, float)]


def test_each_request_is_counted_once_however_often_it_is_delivered():
    """One line when it was accepted, one when it has its end."""
    world = World(seed=3, copies=3)
    with written() as read:
        world.send(asked(), asked())
        world.run()

    ended = Counter(line["request_id"] for line in only(read(), "request_ended"))
    assert [1, 1] == list(ended.values())


def test_who_joins_a_lesson_is_told_apart_from_who_began_it():
    """So duplicates of a question can be counted."""
    with written() as read:
        played(asked(), asked())

    accepted = Counter(line["lesson"] for line in only(read(), "request_accepted"))
    assert {"new": 1, "shared": 1} == accepted


def test_the_wait_for_a_student_is_not_counted_as_ours():
    """From the answer on, not from the question that nobody could understand."""
    with written() as read:
        played_back = asked_back()

    (ended,) = only(read(), "request_ended")
    assert (True, 1) == (ended["seconds"] < 600, len(only(read(), "request_expired")))
    assert 0 == played_back.services.upkeep.standing().oldest_open_s


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_message_is_fixed(path):
    """It names the fact, so nothing that differs may stand in it."""
    assert [] == [ast.unparse(words) for words in messages(path) if not is_fixed(words)]


def test_the_test_above_finds_messages():
    """And would refuse one that is put together."""
    assert 30 <= sum(len(messages(path)) for path in CODE)
    assert not is_fixed(ast.parse("f'Asked {question}'", mode="eval").body)


@pytest.mark.parametrize(
    "extra",
    [{"message": "taken"}, {"args": 1}, {"x": {1: object()}}, {"x": float}, {object(): 1}],
    ids=["taken", "args", "object", "type", "key"],
)
def test_no_line_that_cannot_be_written_raises(extra):
    """Whatever the work says of itself, it goes on."""
    with written():
        log.info("Said something odd", extra=extra)


def test_no_stream_that_is_gone_raises():
    """Standard output may be closed."""
    handler = logging.StreamHandler(Closed())
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    try:
        log.warning("Said something")
    finally:
        log.removeHandler(handler)


def test_a_line_has_a_length_that_the_platform_takes():
    """A stack of any depth is cut at its beginning."""
    record = logging.makeLogRecord({"msg": "Fell", "stack_trace": "x" * 999_999 + "the end"})
    line = JsonLines().format(record)

    assert (True, True) == (len(line) < 256_000, "the end" in line)


def test_the_message_names_the_event():
    """In one word, whatever stands between its letters."""
    assert "stage_ended" == word("Stage ended")


class Closed:
    """A stream that takes nothing."""

    def write(self, text):
        raise BrokenPipeError

    def flush(self):
        raise BrokenPipeError


def messages(path):
    """Give what a file logs, as the code says it."""
    calls = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    return [call.args[0] for call in calls if logs(call.func)]


def logs(called):
    """Tell whether this is a call of the log."""
    if isinstance(called, ast.IfExp):
        return logs(called.body)
    is_level = isinstance(called, ast.Attribute) and called.attr in ("info", "warning", "error")
    return is_level and ast.unparse(called.value) == "log"


def is_fixed(words):
    """Tell whether a message is one of the code's own."""
    if isinstance(words, ast.IfExp):
        return is_fixed(words.body) and is_fixed(words.orelse)
    return isinstance(words, ast.Constant)
