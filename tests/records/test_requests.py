"""Requests, kept by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from shared.errors import Permanent, Unreadable
from shared.lesson.plan import Brief
from shared.ports import Records
from shared.report import Reports
from shared.rows import Attached
from tests.records.given import LESSON, OTHER, asked, at_once, completed, scripted


def test_second_equal_request_attaches(records: Records) -> None:
    """An equal question joins the lesson that is there and changes nothing in it."""
    first, second = asked(), asked()

    records.accept(first, LESSON)
    records.accept(second, LESSON)

    lesson = records.lesson(LESSON)
    assert lesson is not None
    assert first.request_id == lesson.requested_by
    assert (
        Attached(first.request_id, "trace-1"),
        Attached(second.request_id, "trace-1"),
    ) == records.attached(LESSON)


def test_redelivery_after_a_new_corpus(records: Records) -> None:
    """A redelivered request stays with its first lesson and begins no other."""
    request = asked()
    records.accept(request, LESSON)

    belongs_to = records.accept(request, OTHER)

    assert (LESSON, None) == (belongs_to, records.lesson(OTHER))


def test_redelivery_under_another_correlation_id(records: Records) -> None:
    """What only follows a request through logs does not make it another one."""
    request = asked()
    records.accept(request, LESSON)

    assert LESSON == records.accept(replace(request, correlation_id="trace-2"), LESSON)


@pytest.mark.parametrize(
    "change",
    [
        {"student_id": "student-2"},
        {"organization_id": ""},
        {"grade_level": 11},
        {"brief": Brief("Why is the sky dark?", "soccer", "9-12", ("video",))},
        {"brief": Brief("Why is the sky blue?", "soccer", "9-12", ("text",))},
    ],
)
def test_reused_request_id(records: Records, change: dict[str, object]) -> None:
    """The same id with other content is refused by name, and begins no lesson."""
    request = asked()
    records.accept(request, LESSON)

    with pytest.raises(Unreadable) as raised:
        records.accept(replace(request, **change), OTHER)

    named = (raised.value.reason, raised.value.field, raised.value.request_id)
    assert ("request-id-reused", "request_id", request.request_id) == named
    assert records.lesson(OTHER) is None


def test_request_completes_before_its_lesson(records: Records, reports: Reports) -> None:
    """A request cannot complete while its lesson has no files."""
    request = scripted(records)

    with pytest.raises(Permanent):
        records.answered(request.request_id, "completed", "", "finalize")

    assert "accepted" == reports.show(request.request_id).run.status


def test_request_completes_once(records: Records, reports: Reports) -> None:
    """The history has each move exactly once."""
    request = completed(records)

    first = records.answered(request.request_id, "completed", "", "finalize")
    second = records.answered(request.request_id, "completed", "", "finalize")

    report = reports.show(request.request_id)
    moves = [(move.status, move.stage) for move in report.history]
    assert (True, None) == (first is not None and first >= 0, second)
    assert [("accepted", "ingest"), ("completed", "finalize")] == moves
    assert report.run.finished_at is not None


@pytest.mark.parametrize("status", ["refused", "failed"])
def test_request_ends_with_a_reason(records: Records, reports: Reports, status: str) -> None:
    """The reason and the stage stand in the row and in the history."""
    request = asked()
    records.accept(request, LESSON)

    records.answered(request.request_id, status, "not covered", "script")

    report = reports.show(request.request_id)
    assert (status, "not covered", "script") == (
        report.run.status,
        report.run.reason,
        report.error_stage,
    )
    assert (status, "script", "not covered") == (
        report.history[-1].status,
        report.history[-1].stage,
        report.history[-1].reason,
    )


def test_request_that_needs_input_is_not_finished(records: Records, reports: Reports) -> None:
    """A question to the student ends nothing."""
    request = asked()
    records.accept(request, LESSON)

    records.answered(request.request_id, "needs_input", "Which kind of wave?", "script")

    run = reports.show(request.request_id).run
    assert ("needs_input", None) == (run.status, run.finished_at)


def test_unknown_request_is_not_answered(records: Records) -> None:
    """There is nothing to move."""
    assert None is records.answered(str(uuid.uuid4()), "failed", "lost", "ingest")


def test_cancelled_request_is_not_attached(records: Records) -> None:
    """Whoever cancelled waits for nothing; an answered one is still named."""
    gone, answered = asked(), asked()
    records.accept(gone, LESSON)
    records.accept(answered, LESSON)
    records.answered(gone.request_id, "cancelled", "not needed", "ingest")
    records.answered(answered.request_id, "failed", "broken", "script")

    assert (Attached(answered.request_id, "trace-1"),) == records.attached(LESSON)


def test_fifty_equal_requests_at_once(records: Records) -> None:
    """They are one lesson, and every one of them is attached to it."""
    requests = [asked() for _ in range(50)]

    belong_to = at_once(50, lambda n: records.accept(requests[n], LESSON))

    assert [LESSON] * 50 == belong_to
    attached = {one.request_id for one in records.attached(LESSON)}
    assert {request.request_id for request in requests} == attached


def test_one_request_delivered_twenty_times_at_once(records: Records, reports: Reports) -> None:
    """It is accepted once."""
    request = asked()

    at_once(20, lambda _: records.accept(request, LESSON))

    assert 1 == len(reports.show(request.request_id).history)
