"""The request message: what is understood, and why the rest is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import Unreadable
from shared.events import digest
from shared.lesson.plan import Brief
from shared.limits import MESSAGE_BYTES
from shared.messages import Arrived
from shared.request import REASONS, ContentRequested, decode
from shared.rows import Request
from tests.request.given import GOOD, ID, anything, message


def fault(body: bytes) -> tuple[str, str]:
    """Decode a bad message; gives the reason and the field."""
    with pytest.raises(Unreadable) as raised:
        decode(body)
    return raised.value.reason, raised.value.field


def test_shortest_message() -> None:
    """What is not there has a default: a video, under the request's own id."""
    request, notes = decode(message())

    brief = Brief("Why is the sky blue?", "", "9-12", ("video",))
    assert Request(ID, ID, "student-1", "", "", 10, brief) == request
    assert () == notes


def test_fullest_message() -> None:
    """Every field arrives where it belongs; what nobody knows is ignored."""
    request, _ = decode(
        message(
            correlation_id="trace-1",
            interest="soccer",
            grade_level=4,
            requested_modalities=["video", "text", "video"],
            preferred_modality="text",
            organization_id="school-1",
            environment="test",
            favourite_colour="blue",
        )
    )

    brief = Brief("Why is the sky blue?", "soccer", "3-5", ("text", "video"))
    assert Request(ID, "trace-1", "student-1", "school-1", "test", 4, brief) == request


def test_upper_case_id() -> None:
    """One request has one spelling of its id."""
    assert ID == decode(message(request_id=ID.upper()))[0].request_id


def test_preferred_modality_alone() -> None:
    """It is the only one."""
    assert ("audio",) == decode(message(preferred_modality="audio"))[0].brief.modalities


def test_white_space_and_invisible_signs() -> None:
    """A question that was pasted is joined to one line of what can be seen."""
    request, _ = decode(message(student_query="\ufeff Why\u200b is\n\tthe  sky blue? "))

    assert "Why is the sky blue?" == request.brief.question


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "Why \U0001f469\u200d\U0001f52c?",
        "Is 3 < 5?",
    ],
)
def test_question_in_any_script(text: str) -> None:
    """Joiners, emoji and signs of arithmetic are ordinary text."""
    assert text == decode(message(student_query=text))[0].brief.question


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"request_id": ...}, ("missing-field", "request_id")),
        ({"request_id": "42"}, ("bad-id", "request_id")),
        ({"request_id": ID + "\n"}, ("bad-id", "request_id")),
        ({"request_id": 42}, ("wrong-type", "request_id")),
        ({"correlation_id": "two words"}, ("bad-format", "correlation_id")),
        ({"student_id": ...}, ("missing-field", "student_id")),
        ({"student_id": ""}, ("bad-format", "student_id")),
        ({"student_id": "s\u202e1"}, ("bad-format", "student_id")),
        ({"student_query": ...}, ("missing-field", "student_query")),
        ({"student_query": ["why"]}, ("wrong-type", "student_query")),
        ({"student_query": ""}, ("bad-length", "student_query")),
        ({"student_query": "ab"}, ("bad-length", "student_query")),
        ({"student_query": "a  "}, ("bad-length", "student_query")),
        ({"student_query": "why" * 167}, ("bad-length", "student_query")),
        ({"student_query": "    "}, ("blank", "student_query")),
        ({"student_query": "\u200b\u200b\u200b?"}, ("blank", "student_query")),
        ({"student_query": "?!?!"}, ("blank", "student_query")),
        ({"student_query": "why\x00?"}, ("forbidden-character", "student_query")),
        ({"student_query": "why\x1b[2J"}, ("forbidden-character", "student_query")),
        ({"student_query": "why \u202eyks"}, ("forbidden-character", "student_query")),
        ({"student_query": "why \u2066sky"}, ("forbidden-character", "student_query")),
        ({"student_query": "why \U000e0041\U000e0042"}, ("forbidden-character", "student_query")),
        ({"student_query": "why \ud800 sky"}, ("forbidden-character", "student_query")),
        ({"student_query": "<script>alert(1)</script>"}, ("script-tag", "student_query")),
        ({"student_query": "why </ SCRIPT >"}, ("script-tag", "student_query")),
        ({"student_query": "why \uff1cscript\uff1e"}, ("script-tag", "student_query")),
        ({"grade_level": ...}, ("missing-field", "grade_level")),
        ({"grade_level": None}, ("missing-field", "grade_level")),
        ({"grade_level": "None"}, ("wrong-type", "grade_level")),
        ({"grade_level": "ten"}, ("wrong-type", "grade_level")),
        ({"grade_level": "1-8"}, ("wrong-type", "grade_level")),
        ({"grade_level": "\u0661\u0660"}, ("wrong-type", "grade_level")),
        ({"grade_level": True}, ("wrong-type", "grade_level")),
        ({"grade_level": 9.5}, ("wrong-type", "grade_level")),
        ({"grade_level": [9]}, ("wrong-type", "grade_level")),
        ({"grade_level": 0}, ("out-of-range", "grade_level")),
        ({"grade_level": 13}, ("out-of-range", "grade_level")),
        ({"grade_level": "13"}, ("out-of-range", "grade_level")),
        ({"interest": "x" * 61}, ("bad-length", "interest")),
        ({"interest": 7}, ("wrong-type", "interest")),
        ({"interest": "<script src=x>"}, ("script-tag", "interest")),
        ({"interest": "soc\x07cer"}, ("forbidden-character", "interest")),
        ({"requested_modalities": "video"}, ("wrong-type", "requested_modalities")),
        ({"requested_modalities": []}, ("bad-length", "requested_modalities")),
        ({"requested_modalities": ["hologram"]}, ("unknown-value", "requested_modalities")),
        ({"requested_modalities": [1]}, ("unknown-value", "requested_modalities")),
        ({"preferred_modality": "hologram"}, ("unknown-value", "preferred_modality")),
        (
            {"requested_modalities": ["video"], "preferred_modality": "text"},
            ("contradiction", "preferred_modality"),
        ),
        ({"organization_id": "a b"}, ("bad-format", "organization_id")),
        ({"environment": "Prod!"}, ("bad-format", "environment")),
        ({"text_only": "yes"}, ("wrong-type", "text_only")),
        ({"topic": 7, "student_query": ...}, ("wrong-type", "student_query")),
        ({"request_id": "42", "grade_level": 0}, ("bad-id", "request_id")),
    ],
)
def test_bad_field(change: dict[str, object], expected: tuple[str, str]) -> None:
    """The reason is one of the closed set, and the field is named."""
    assert expected == fault(message(**change))
    assert expected[0] in REASONS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b"[" * 60_000, "not-json"),
        (b"\xff\xfe{}", "not-utf-8"),
        (b"null", "not-an-object"),
        (b"[1]", "not-an-object"),
        (message(padding="x" * MESSAGE_BYTES), "too-large"),
    ],
)
def test_bad_whole(body: bytes, reason: str) -> None:
    """No field is to blame when the message as a whole is not one."""
    assert (reason, "") == fault(body)


def test_largest_message() -> None:
    """Exactly 64 KB are read."""
    room = MESSAGE_BYTES - len(message(padding=""))

    assert ID == decode(message(padding="x" * room))[0].request_id


def test_error_quotes_no_student_text() -> None:
    """What a student typed must not reach a log by way of an error."""
    for change in (
        {"student_query": "my name is Kim\x00"},
        {"grade_level": "my name is Kim"},
        {"interest": "my name is Kim" * 9},
        {"requested_modalities": ["my name is Kim"]},
    ):
        with pytest.raises(Unreadable) as raised:
            decode(message(**change))
        assert "Kim" not in str(raised.value)


def understood(body: bytes) -> Request | None:
    """Decode anything; None when it is Unreadable for one of the known reasons."""
    try:
        return decode(body)[0]
    except Unreadable as unreadable:
        if unreadable.reason not in REASONS:
            raise
        return None


@given(st.binary(max_size=300))
@example(b'{"request_id": 1e999}')
@example(b"NaN")
def test_any_bytes(body: bytes) -> None:
    """No bytes raise anything but Unreadable; a request does not come about by chance."""
    assert None is understood(body)


FIELDS = [
    *GOOD,
    *("correlation_id", "interest", "requested_modalities", "preferred_modality"),
    *("organization_id", "environment", "topic", "text_only", "duration_minutes"),
]


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_any_fields(fields: dict[str, Any]) -> None:
    """Any values in the known fields are Unreadable, or make a request that is sane."""
    request = understood(message(**fields))

    if request is not None:
        assert 3 <= len(request.brief.question) <= 500
        assert set(request.brief.modalities) <= {"text", "audio", "video"}
        assert digest(ContentRequested(request).business())


def test_event_names_its_work() -> None:
    """The claim is the request's; no lesson is known yet."""
    event = ContentRequested.decode(Arrived("m1", "pubsub", message(), {}))

    assert ("ingest", f"ingest/{ID}", "") == (event.stage, event.key, event.lesson_id)


def test_unreadable_event_names_its_request() -> None:
    """The fault carries the request id, so that the student's request can fail visibly."""
    with pytest.raises(Unreadable) as raised:
        ContentRequested.decode(Arrived("m1", "pubsub", message(grade_level=None), {}))

    assert ID == raised.value.request_id


def test_correlation_id_does_not_change_the_work() -> None:
    """A client that sends again under another correlation id asks for the same; words matter."""

    def hashed(**fields: object) -> str:
        event = ContentRequested.decode(Arrived("m1", "pubsub", message(**fields), {}))
        return digest(event.business())

    assert hashed() == hashed(correlation_id="trace-2")
    assert hashed() != hashed(student_query="Why is the sky dark?")
