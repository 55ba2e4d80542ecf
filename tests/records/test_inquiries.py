"""Requests that are asked back, kept by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from shared.errors import Permanent, Unreadable
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.ports import Records
from shared.question.inquiry import Inquiry, Option, Round
from shared.report import Reports
from shared.rows import Attached, Request
from tests.records.given import LESSON, OTHER, PLAN, asked, at_once, files

FIRST = Inquiry("topic-1", "Which?", (Option("m1", "Waves", "Waves"), Option("m2", "Life")))
SECOND = Inquiry("topic-2", "Which part?", (Option("m3", "Cells", "Cells"),))
MEANT = "What is a wave?"


def waiting(records: Records) -> Request:
    """Bring a request to where it waits."""
    request = asked("text")
    assert "" == records.ask(request, FIRST)
    return request


def meant(request: Request) -> Request:
    """Give a request as an answer has made it clear."""
    return replace(request, understood=MEANT)


def test_asked_back(records: Records, reports: Reports) -> None:
    """The request waits without a lesson, with what it was asked."""
    request = waiting(records)

    found = records.waiting(request.request_id)
    assert found is not None
    assert (request, "needs_input", (Round(FIRST),)) == (found.request, found.status, found.rounds)
    assert ("", FIRST) == (found.lesson_id, found.open)
    assert FIRST == reports.show(request.request_id).open


def test_asked_back_twice_is_once(records: Records) -> None:
    """A redelivery finds what there is; a corpus that asks otherwise now changes nothing."""
    request = waiting(records)

    assert "" == records.ask(request, replace(FIRST, text="Which else?"))
    assert "" == records.accept(request, LESSON)
    found = records.waiting(request.request_id)
    assert found is not None
    assert (Round(FIRST),) == found.rounds
    assert records.lesson(LESSON) is None


def test_a_request_that_has_its_lesson_is_not_asked_back(records: Records) -> None:
    """Once it was clear, it stays with its lesson."""
    request = asked("text")
    records.accept(request, LESSON)

    assert LESSON == records.ask(request, FIRST)
    assert records.waiting(request.request_id) is None


def test_other_content_under_the_same_id(records: Records) -> None:
    """Is refused, as for a request that was clear."""
    request = waiting(records)

    with pytest.raises(Unreadable, match="another request has it"):
        records.ask(replace(request, student_id="student-2"), FIRST)


def test_resumed(records: Records) -> None:
    """The lesson teaches what was meant; the request keeps its own words."""
    request = waiting(records)

    assert records.resume(FIRST, "m1", meant(request), LESSON)
    found, lesson = records.waiting(request.request_id), records.lesson(LESSON)
    assert found is not None
    assert lesson is not None
    assert ("accepted", LESSON, None) == (found.status, found.lesson_id, found.open)
    assert (MEANT, request.request_id) == (lesson.brief.question, lesson.requested_by)
    assert (request.brief.question, "m1") == (found.request.brief.question, found.rounds[0].answer)


def test_accepted_as_something_clearer(records: Records) -> None:
    """A request that is clear may be taught in other words than its own."""
    request = meant(asked("text"))
    records.accept(request, LESSON)

    lesson = records.lesson(LESSON)
    assert lesson is not None
    assert MEANT == lesson.brief.question


def test_resumed_in_a_lesson_that_failed(records: Records) -> None:
    """It is begun afresh, as for any new request."""
    first = asked("text")
    records.accept(first, LESSON)
    records.ended(LESSON, "failed", "no voice", "render")
    request = waiting(records)
    records.resume(FIRST, "m1", request, LESSON)

    found = records.waiting(request.request_id)
    assert found is not None
    assert found.lesson_id not in ("", LESSON)


def test_asked_again(records: Records) -> None:
    """The first answer is noted, the second question is open."""
    request = waiting(records)

    assert records.ask_again(FIRST, "m2", request.request_id, SECOND)
    found = records.waiting(request.request_id)
    assert found is not None
    assert ((Round(FIRST, "m2"), Round(SECOND)), "needs_input") == (found.rounds, found.status)


def test_left_unclear(records: Records, reports: Reports) -> None:
    """The request ends with its sentence."""
    request = waiting(records)

    assert records.leave_unclear(FIRST, "hm", request.request_id, "Ask in a sentence.")
    run = reports.show(request.request_id).run
    assert ("refused", "Ask in a sentence.") == (run.status, run.reason)
    assert run.finished_at is not None


@pytest.mark.parametrize("earlier", ["resumed", "asked again", "unclear", "expired", "cancelled"])
def test_what_is_over_takes_no_answer(records: Records, earlier: str) -> None:
    """No move leaves a status that it does not begin in, nor a round that has its answer."""
    request = waiting(records)
    moves = {
        "resumed": lambda: records.resume(FIRST, "m1", request, OTHER),
        "asked again": lambda: records.ask_again(FIRST, "m1", request.request_id, SECOND),
        "unclear": lambda: records.leave_unclear(FIRST, "m1", request.request_id, "No."),
        "expired": lambda: records.expire(-1, "Too late."),
        "cancelled": lambda: records.cancel(request.request_id),
    }
    moves[earlier]()
    before = records.waiting(request.request_id)

    assert not records.resume(FIRST, "m2", meant(request), LESSON)
    assert not records.ask_again(FIRST, "m2", request.request_id, SECOND)
    assert not records.leave_unclear(FIRST, "m2", request.request_id, "No.")
    assert before == records.waiting(request.request_id)
    assert records.lesson(LESSON) is None


def test_expired(records: Records, reports: Reports) -> None:
    """Who does not answer is refused, and is on the list until somebody was told."""
    request = waiting(records)
    records.expire(3600, "Too late.")
    assert () == records.untold()
    records.expire(-1, "Too late.")

    run = reports.show(request.request_id).run
    assert ("refused", "Too late.") == (run.status, run.reason)
    assert (Attached(request.request_id, "trace-1"),) == records.untold()
    records.told(request.request_id)
    assert () == records.untold()


def test_an_answer_in_time_starts_the_time_anew(records: Records) -> None:
    """What expires is the open round; a request that went on does not."""
    request = waiting(records)
    records.resume(FIRST, "m1", request, LESSON)
    records.expire(-1, "Too late.")

    assert () == records.untold()


def test_history_tells_each_round(records: Records, reports: Reports) -> None:
    """Every move has its entry."""
    request = waiting(records)
    records.ask_again(FIRST, "m2", request.request_id, SECOND)
    records.resume(SECOND, "m3", meant(request), LESSON)

    moves = [move.status for move in reports.show(request.request_id).history]
    assert ["needs_input", "needs_input", "accepted"] == moves


def test_previous(records: Records) -> None:
    """What this student was taught last, in the words that were meant; nobody else's."""
    first, second = asked("text"), meant(asked("text"))
    records.accept(first, LESSON)
    assert first.brief.question == records.previous(second)
    records.accept(second, OTHER)

    assert MEANT == records.previous(asked("text"))
    assert first.brief.question == records.previous(second)
    assert "" == records.previous(replace(first, student_id="student-2"))
    assert "" == records.previous(replace(first, organization_id="school-2"))
    assert "" == records.previous(replace(first, environment="other"))


@pytest.mark.parametrize("end", ["refused", "cancelled"])
def test_what_was_not_taught_is_not_previous(records: Records, end: str) -> None:
    """Only a lesson can be explained again."""
    request = asked("text")
    records.accept(request, LESSON)
    if end == "cancelled":
        records.cancel(request.request_id)
    else:
        records.ended(LESSON, "refused", "Not in the books.", "script")
        records.answered(request.request_id, "refused", "Not in the books.", "script")

    assert "" == records.previous(asked("text"))


def test_two_answers_race(records: Records) -> None:
    """Of ten answers at once exactly one moves the request."""
    request = waiting(records)

    def answer(n: int) -> bool:
        if n % 2:
            return records.ask_again(FIRST, f"m{n}", request.request_id, SECOND)
        return records.resume(FIRST, f"m{n}", meant(request), LESSON)

    assert 1 == sum(at_once(10, answer))


def test_an_answer_races_the_end_of_the_day(records: Records) -> None:
    """Either it counts or the request has expired, never both."""
    for _ in range(5):
        request = waiting(records)

        def race(n: int, request: Request = request) -> bool:
            if n:
                return records.resume(FIRST, "m1", meant(request), LESSON)
            records.expire(-1, "Too late.")
            return False

        moved = any(at_once(2, race))
        found = records.waiting(request.request_id)
        assert found is not None
        assert ("accepted" if moved else "refused", "m1" if moved else "") == (
            found.status,
            found.rounds[0].answer,
        )


def test_a_request_that_waits_is_cancelled(records: Records, reports: Reports) -> None:
    """It has no lesson that anybody could abandon."""
    request = waiting(records)

    assert ("cancelled", "") == (
        records.cancel(request.request_id).status,
        records.cancel(request.request_id).abandoned,
    )
    assert "cancelled" == reports.show(request.request_id).run.status


def test_answered_request_ends_with_its_lesson(records: Records) -> None:
    """Once resumed it is one like any other."""
    request = waiting(records)
    records.resume(FIRST, "m1", meant(request), LESSON)
    records.scripted(LESSON, PLAN, ("title",))
    records.completed(LESSON, files(("plan", "text")))

    assert (Attached(request.request_id, "trace-1"),) == records.attached(LESSON)
    assert records.answered(request.request_id, "completed", "", "script")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("update inquiries set answer = 'm1'", "answered_exactly_when_there_is_an_answer"),
        (
            "update inquiries set answer = 'x', answered_at = now(), expired_at = now()",
            "what_is_answered_never_expires",
        ),
        ("update inquiries set told_at = now()", "only_what_expired_is_told"),
        ("update inquiries set round = 3", "a_request_is_asked_back_twice_at_most"),
        (
            "update content_requests set status = 'accepted'",
            "accepted_and_completed_have_a_lesson",
        ),
    ],
)
def test_the_database_refuses(postgres: Postgres, statement: str, rule: str) -> None:
    """Each rule is named as the sentence that it enforces."""
    waiting(SqlRecords(postgres))

    with pytest.raises(Permanent, match=rule), postgres.transaction() as sql:
        sql.run(statement)


def test_an_id_that_was_never_asked_back(records: Records) -> None:
    """Waits for nothing."""
    assert records.waiting(str(uuid.uuid4())) is None
