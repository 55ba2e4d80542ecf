"""Dead letters, recorded by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid

import pytest

from shared.errors import Unreadable
from shared.ports import Records
from shared.report import Reports
from shared.rows import DeadLetter
from tests.records.given import LESSON, asked


def dead(message_id: str = "m1", request_id: str = "") -> DeadLetter:
    """Make a dead letter with bytes that no text has."""
    return DeadLetter(
        stage="ingest",
        message_id=message_id,
        reason="wrong-type",
        detail="grade_level: must be a whole number",
        field="grade_level",
        body=b'{"grade_level": "\xff\x00"}',
        attributes={"origin": "old \x00 api"},
        request_id=request_id,
    )


def test_bad_message_with_a_readable_id(records: Records, reports: Reports) -> None:
    """Its request is visible as failed, with the reason that names the field."""
    request_id = str(uuid.uuid4())

    records.dead_letter(dead(request_id=request_id))

    report = reports.show(request_id)
    reason = "wrong-type: grade_level: must be a whole number"
    assert ("failed", reason, "ingest") == (
        report.run.status,
        report.run.reason,
        report.error_stage,
    )
    assert [("failed", reason)] == [(move.status, move.reason) for move in report.history]
    assert None is report.lesson


def test_bad_message_twice(records: Records, reports: Reports) -> None:
    """One row counts how often it came, and its request fails once."""
    request_id = str(uuid.uuid4())

    records.dead_letter(dead(request_id=request_id))
    records.dead_letter(dead(request_id=request_id))

    report = reports.show(request_id)
    (row,) = report.dead_letters
    assert ("m1", "wrong-type", "grade_level", 2) == (
        row.message_id,
        row.reason,
        row.field,
        row.count,
    )
    assert 1 == len(report.history)


def test_bad_message_that_names_a_good_request(records: Records, reports: Reports) -> None:
    """It is recorded beside the request and does not touch it."""
    request = asked()
    records.accept(request, LESSON)

    records.dead_letter(dead(request_id=request.request_id))

    report = reports.show(request.request_id)
    assert ("accepted", 1) == (report.run.status, len(report.dead_letters))


def test_bad_message_without_id(records: Records, reports: Reports) -> None:
    """It makes no request."""
    records.dead_letter(dead())

    assert () == reports.runs(10)


def test_id_of_a_bad_message_is_used_up(records: Records) -> None:
    """A failed request is final: the corrected message needs an id of its own."""
    request = asked()
    records.dead_letter(dead(request_id=request.request_id))

    with pytest.raises(Unreadable):
        records.accept(request, LESSON)

    assert None is records.lesson(LESSON)
