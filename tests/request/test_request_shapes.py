"""What older clients send, and what becomes of it."""

from __future__ import annotations

import json

import pytest

from shared.request import decode

OLD = {
    "request_id": "8f14e45f-ceea-467f-a8d5-0d2f3a1b2c3d",
    "student_id": "student-1",
    "topic": "Why is the sky blue?",
    "grade_level": "10",
}


def upgraded(**fields: object) -> tuple[str, int, tuple[str, ...], tuple[str, ...]]:
    """Decode an old message; gives question, grade, modalities and notes."""
    request, notes = decode(json.dumps({**OLD, **fields}).encode())
    return request.brief.question, request.grade_level, request.brief.modalities, notes


def test_old_message() -> None:
    """Topic and grade are understood, and the notes say what was old."""
    question, grade, modalities, notes = upgraded()

    assert ("Why is the sky blue?", 10, ("video",)) == (question, grade, modalities)
    assert ("grade_level was text", "topic taken as student_query") == notes


@pytest.mark.parametrize(("grade", "understood"), [("1", 1), ("08", 8), ("12", 12), (10.0, 10)])
def test_grade(grade: object, understood: int) -> None:
    """A grade may come as digits."""
    assert understood == upgraded(grade_level=grade)[1]


def test_new_question_beside_an_old_topic() -> None:
    """The new field counts."""
    assert "Why is grass green?" == upgraded(student_query="Why is grass green?")[0]


@pytest.mark.parametrize(
    ("fields", "modalities"),
    [
        ({"text_only": True}, ("text",)),
        ({"text_only": False}, ("video",)),
        ({"text_only": True, "requested_modalities": ["audio"]}, ("audio",)),
        ({"text_only": None}, ("video",)),
    ],
)
def test_text_only(fields: dict[str, object], modalities: tuple[str, ...]) -> None:
    """It stands for the modality, unless the new field says more."""
    assert modalities == upgraded(**fields)[2]


@pytest.mark.parametrize("minutes", [3, "3", {"at": "most"}])
def test_duration(minutes: object) -> None:
    """The plan decides how long a lesson is: whatever was asked for is ignored, with a note."""
    notes = upgraded(duration_minutes=minutes)[3]

    assert "duration_minutes ignored: the plan decides" in notes


def test_null_is_absent() -> None:
    """Clients that send every field send null for those that they do not have."""
    *_, modalities, notes = upgraded(
        interest=None,
        organization_id=None,
        correlation_id=None,
        requested_modalities=None,
        preferred_modality=None,
        environment=None,
    )

    assert (("video",), "null taken as absent") == (modalities, notes[0])
