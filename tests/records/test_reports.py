"""What an operator sees, told by the fake and by PostgreSQL alike."""

from __future__ import annotations

import pytest

from shared.errors import Missing
from shared.ports import Records
from shared.report import Reports
from tests.records.given import LESSON, asked, completed


def test_show_by_the_beginning_of_an_id(records: Records, reports: Reports) -> None:
    """A few digits are enough while they name one request only."""
    first = asked(request_id="11111111-1111-4111-8111-111111111111")
    second = asked(request_id="11111111-2222-4222-8222-222222222222")
    records.accept(first, LESSON)
    records.accept(second, LESSON)

    found = [reports.show(named).run.request_id for named in ("11111111-1", "111111112")]

    assert [first.request_id, second.request_id] == found
    for named in ("1111", "3", "", "drop table"):
        with pytest.raises(Missing):
            reports.show(named)


def test_show_tells_everything(records: Records, reports: Reports) -> None:
    """Who asked what, the lesson with the times of its steps, its brief and files."""
    request = completed(records)

    report = reports.show(request.request_id)

    assert report.lesson is not None
    assert (request.brief, "completed", 3) == (
        report.lesson.lesson.brief,
        report.lesson.lesson.status,
        report.lesson.lesson.scenes,
    )
    assert ("trace-1", "student-1", "school-1", "test", "soccer", 10, "9-12") == (
        report.asked.correlation_id,
        report.asked.student_id,
        report.asked.organization_id,
        report.asked.environment,
        report.asked.interest,
        report.asked.grade_level,
        report.asked.grade_band,
    )
    steps = (
        report.lesson.requested_at,
        report.lesson.scripted_at or report.lesson.requested_at,
        report.lesson.finished_at or report.lesson.requested_at,
    )
    assert sorted(set(steps)) == list(steps)


def test_runs_are_newest_first(records: Records, reports: Reports) -> None:
    """A list shows the latest requests, whatever their status."""
    made = [asked() for _ in range(4)]
    for request in made:
        records.accept(request, LESSON)
    records.answered(made[2].request_id, "failed", "broken", "script")

    listed = reports.runs(3)

    assert [request.request_id for request in made[:0:-1]] == [run.request_id for run in listed]
    assert ["accepted", "failed", "accepted"] == [run.status for run in listed]
    assert [("requested", LESSON)] * 3 == [(run.lesson_status, run.lesson_id) for run in listed]
