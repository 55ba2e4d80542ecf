"""What arrives on content-requests: a question, or an answer to ours."""

from __future__ import annotations

import json

import pytest

from shared.errors import Unreadable
from shared.events import digest
from shared.messages import Arrived
from shared.question.message import Answered, StudentSaid
from shared.request import ContentRequested
from shared.safety.letters import scrubbed_body
from tests.request.given import ID, message


def answer(**fields: object) -> bytes:
    """Write an answer; a field that is None is left out."""
    whole = {"request_id": ID, "student_id": "student-1", "answers": {"topic-1": "waves"}, **fields}
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def read(body: bytes) -> StudentSaid:
    """Decode a delivery."""
    return StudentSaid.decode(Arrived("m1", "pubsub", body, {}))


def test_a_question() -> None:
    """Is what it always was, under the key that it always had."""
    said = read(message())

    assert isinstance(said.said, ContentRequested)
    assert (f"ingest/{ID}", ID) == (said.key, said.request_id)


def test_an_answer() -> None:
    """Names the request, the student and what it answers."""
    assert Answered(ID, "student-1", "topic-1", "waves") == read(answer()).said


def test_the_whole_request_again_with_its_answer() -> None:
    """A client may send all that it knows."""
    body = {**json.loads(message()), "answers": {"topic-1": " the  waves "}}

    assert Answered(ID, "student-1", "topic-1", "the waves") == read(json.dumps(body).encode()).said


def test_the_latest_answer_counts() -> None:
    """A client may repeat what it answered before."""
    said = read(answer(answers={"topic-2": "sound", "topic-1": "waves"})).said

    assert Answered(ID, "student-1", "topic-2", "sound") == said


def test_no_answers_is_a_question() -> None:
    """Null means absent here as well."""
    body = {**json.loads(message()), "answers": None}

    assert isinstance(read(json.dumps(body).encode()).said, ContentRequested)


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"request_id": "7"}, "bad-id", "request_id"),
        ({"student_id": None}, "missing-field", "student_id"),
        ({"answers": {}}, "bad-length", "answers"),
        ({"answers": "waves"}, "wrong-type", "answers"),
        ({"answers": {"topic-1": ""}}, "bad-length", "answers"),
        ({"answers": {"topic-1": " "}}, "blank", "answers"),
        ({"answers": {"topic-1": 7}}, "wrong-type", "answers"),
        ({"answers": {"topic-1": "x" * 501}}, "bad-length", "answers"),
        ({"answers": {"a": "x", "b": "x", "c": "x"}}, "bad-length", "answers"),
        ({"answers": {"topic-1": "\u202ewaves"}}, "forbidden-character", "topic-1"),
    ],
)
def test_an_answer_that_nobody_can_read(fields: dict[str, object], reason: str, field: str) -> None:
    """Names the field and the rule, and never ends the request that it is about."""
    with pytest.raises(Unreadable) as raised:
        read(answer(**fields))

    assert (reason, field, False) == (
        raised.value.reason,
        raised.value.field,
        raised.value.ends_request,
    )


def test_another_answer_is_other_work() -> None:
    """Of two answers neither can take the other's claim, and somebody else's takes nobody's."""
    said = [
        read(answer()),
        read(answer(answers={"topic-1": "sound"})),
        read(answer(answers={"topic-2": "waves"})),
        read(answer(student_id="student-2")),
        read(message()),
    ]

    assert (
        len(said) == len({one.key for one in said}) == len({digest(one.business()) for one in said})
    )


def test_an_answer_is_kept_without_personal_data() -> None:
    """What a student tells of themselves is gone before anything is stored."""
    said = read(answer(answers={"topic-1": "My name is Ann Miller. Why is the sky blue?"})).said

    assert isinstance(said, Answered)
    assert ("Miller" in said.answer, "sky" in said.answer) == (False, True)


def test_a_letter_keeps_no_personal_data_of_an_answer() -> None:
    """Nor does a message that nobody could use, whole or torn."""
    body = answer(request_id="7", answers={"topic-1": "My name is Ann Miller. Why is it blue?"})

    for kept in (scrubbed_body(body), scrubbed_body(body[:-3])):
        assert (b"Miller" in kept, b"blue" in kept) == (False, True)
