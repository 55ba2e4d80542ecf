"""Attempts, noted by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid
from dataclasses import replace

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


def test_a_run_that_was_lost_gets_its_end_from_the_next(records: Records, reports: Reports) -> None:
    """A killed run notes no end; whoever takes over tells it, once."""
    request = asked()
    records.accept(request, LESSON)
    lost = Attempt(f"script/{LESSON}", 1, "script", LESSON)
    records.attempt_started(lost)

    for outcome in ("lost", "completed"):
        records.attempts_told([replace(lost, outcome=outcome)])

    (noted,) = reports.show(request.request_id).attempts
    assert ("lost", True) == (noted.outcome, noted.ended_at is not None)


def test_no_runs_to_tell(records: Records) -> None:
    """A listing without a finished scene tells nothing."""
    records.attempts_told([])

    assert 0 == records.last_fence("render/1")


def test_another_owner_has_the_name(records: Records) -> None:
    """A second begin of the same run is no news; one of another owner shows a lost claim."""
    mine = Attempt(f"script/{LESSON}", 1, "script", LESSON, "me")

    begins = [records.attempt_started(run) for run in (mine, mine, replace(mine, owner="you"))]

    assert [True, True, False] == begins


def test_a_later_owner_has_a_higher_fence(records: Records) -> None:
    """The first run may have died before it was noted; the second one was."""
    records.attempt_started(Attempt("script/1", 2, "script", LESSON, "you"))

    assert not records.attempt_started(Attempt("script/1", 1, "script", LESSON, "me"))


def test_the_last_fence_of_a_key(records: Records) -> None:
    """The highest, whatever order the runs were noted in."""
    for fence in (3, 12, 7):
        records.attempt_started(Attempt("script/1", fence, "script", LESSON))
    records.attempt_started(Attempt("script/11", 40, "script", LESSON))

    assert (12, 0) == (records.last_fence("script/1"), records.last_fence("script/2"))
