"""Attempts, noted by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid

from shared.ports import Records
from shared.report import Reports
from shared.rows import Attempt
from tests.records.given import LESSON, asked


def test_attempt_is_noted_once(records: Records, reports: Reports) -> None:
    """Neither a second begin nor a second end changes what was noted first."""
    request = asked()
    records.accept(request, LESSON)
    attempt = Attempt(f"script/{LESSON}", 1, "script", LESSON)

    for outcome in ("completed", "failed"):
        records.attempt_started(attempt)
        records.attempt_ended(attempt, outcome, "")

    noted = reports.show(request.request_id).attempts
    assert [(attempt.key, 1, "completed")] == [(row.key, row.fence, row.outcome) for row in noted]


def test_attempt_whose_begin_was_not_noted(records: Records, reports: Reports) -> None:
    """The end alone is worth a row."""
    request = asked()
    records.accept(request, LESSON)

    records.attempt_ended(Attempt(f"script/{LESSON}", 2, "script", LESSON), "retryable", "Busy")

    (noted,) = reports.show(request.request_id).attempts
    assert ("retryable", "Busy") == (noted.outcome, noted.error)


def test_ingest_attempt_belongs_to_its_request(records: Records, reports: Reports) -> None:
    """It knows no lesson yet, and is found by its key; a running one has no outcome."""
    request = asked()
    records.accept(request, LESSON)

    records.attempt_started(Attempt(f"ingest/{request.request_id}", 1, "ingest", ""))
    records.attempt_started(Attempt(f"ingest/{uuid.uuid4()}", 1, "ingest", ""))

    (noted,) = reports.show(request.request_id).attempts
    assert ("ingest", "", None) == (noted.stage, noted.outcome, noted.ended_at)
