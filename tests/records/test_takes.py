"""Cancelling, and lessons that are begun afresh, in the fake and in PostgreSQL alike."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

import pytest

from shared.errors import Missing
from shared.gcp.intake import accept, cancel
from shared.gcp.postgres import Postgres, Transaction
from shared.gcp.records import SqlRecords
from shared.identity import take_id
from shared.limits import LESSON_TAKES
from shared.ports import Records
from shared.report import Reports
from shared.rows import Cancelled
from tests.records.given import LESSON, asked, at_once

WAIT_S = 10.0
ROUNDS = 60


def fail(records: Records, lesson_id: str) -> None:
    """End a lesson with a fault."""
    assert records.ended(lesson_id, "failed", "attempts used up", "script")


def test_a_new_request_begins_a_failed_lesson_afresh(records: Records) -> None:
    """The first one stays failed; who asks again gets another try."""
    records.accept(asked(), LESSON)
    fail(records, LESSON)

    assert take_id(LESSON, 1) == records.accept(asked(), LESSON)


def test_a_lesson_is_not_begun_afresh_for_ever(records: Records) -> None:
    """After so many takes the last failure is the answer."""
    lessons = []
    for _ in range(LESSON_TAKES + 1):
        lessons.append(records.accept(asked(), LESSON))
        records.ended(lessons[-1], "failed", "attempts used up", "script")

    assert [take_id(LESSON, n) for n in (0, 1, 2, 2)] == lessons


def test_a_redelivery_stays_with_its_take(records: Records) -> None:
    """Whatever was begun since."""
    first = asked()
    records.accept(first, LESSON)
    fail(records, LESSON)
    records.accept(asked(), LESSON)

    assert records.accept(first, LESSON) == LESSON


def test_a_refused_lesson_is_not_begun_afresh(records: Records) -> None:
    """A refusal is an answer, and would be the same again."""
    records.accept(asked(), LESSON)
    records.ended(LESSON, "refused", "not covered", "script")

    assert records.accept(asked(), LESSON) == LESSON


def test_cancelling_the_last_request_abandons_its_lesson(records: Records) -> None:
    """Nobody waits any more: the lesson ends."""
    request = asked()
    records.accept(request, LESSON)

    assert records.cancel(request.request_id) == Cancelled("cancelled", LESSON)
    lesson = records.lesson(LESSON)
    assert "abandoned" == (lesson and lesson.status)


def test_cancelling_one_of_two_leaves_the_lesson(records: Records) -> None:
    """The other one still waits."""
    first, second = asked(), asked()
    for request in (first, second):
        records.accept(request, LESSON)

    assert records.cancel(first.request_id) == Cancelled("cancelled")
    assert [second.request_id] == [one.request_id for one in records.attached(LESSON)]


def test_cancelling_twice(records: Records, reports: Reports) -> None:
    """The second time changes nothing, and says so."""
    request = asked()
    records.accept(request, LESSON)
    records.cancel(request.request_id)

    assert records.cancel(request.request_id) == Cancelled("cancelled")
    moves = [move.status for move in reports.show(request.request_id).history]
    assert ["accepted", "cancelled"] == moves


def test_cancelling_what_has_its_answer(records: Records) -> None:
    """What ended stays ended."""
    request = asked()
    records.accept(request, LESSON)
    records.ended(LESSON, "refused", "not covered", "script")
    records.answered(request.request_id, "refused", "not covered", "script")

    assert records.cancel(request.request_id) == Cancelled("refused")


def test_cancelling_what_nobody_asked(records: Records) -> None:
    """An unknown id is a mistake."""
    with pytest.raises(Missing):
        records.cancel(str(uuid.uuid4()))


def test_an_abandoned_lesson_is_begun_afresh(records: Records) -> None:
    """As often as somebody asks: nothing was wrong with it."""
    lessons = []
    for _ in range(LESSON_TAKES + 1):
        request = asked()
        lessons.append(records.accept(request, LESSON))
        records.cancel(request.request_id)

    assert [take_id(LESSON, n) for n in range(LESSON_TAKES + 1)] == lessons


@pytest.mark.parametrize("turn", range(5))
def test_a_request_never_attaches_to_a_lesson_that_is_just_abandoned(
    records: Records, turn: int
) -> None:
    """Cancel and accept race: the new request keeps the lesson alive, or begins it afresh."""
    old, new = asked(), asked()
    records.accept(old, LESSON)
    together = threading.Barrier(2)
    attached: list[str] = []

    def accept() -> None:
        together.wait()
        attached.append(records.accept(new, LESSON))

    racing = threading.Thread(target=accept)
    racing.start()
    together.wait()
    records.cancel(old.request_id)
    racing.join()

    lesson = records.lesson(attached[0])
    assert "requested" == (lesson and lesson.status)


def test_a_request_waits_for_a_cancellation_that_is_under_way(database_url: str) -> None:
    """It must not attach to the lesson that is being abandoned."""
    pool = Postgres(database_url, pool=2)
    records = SqlRecords(pool)
    old = asked()
    records.accept(old, LESSON)
    attached: list[str] = []
    attaching = threading.Thread(target=lambda: attached.append(records.accept(asked(), LESSON)))
    with pool.transaction() as sql:
        cancel(sql, old.request_id)
        attaching.start()
        until_somebody_waits(sql)
    attaching.join()
    pool.close()

    assert [take_id(LESSON, 1)] == attached


class Overtaken:
    """A transaction that others overtake once, after its first look at the lesson."""

    def __init__(self, sql: Transaction, others: list[Callable[[], object]]) -> None:
        self._sql = sql
        self._others = others

    def one(self, statement: str, *values: object) -> object:
        """Run a statement; what others do comes before the one that stores."""
        while "insert into" in statement and self._others:
            self._others.pop(0)()
        return self._sql.one(statement, *values)


@pytest.mark.parametrize("end", ["abandoned", "failed"])
def test_a_request_never_attaches_to_a_lesson_that_came_and_went(
    postgres: Postgres, end: str
) -> None:
    """Another one begins and ends the lesson between this one's look at it and its insert."""
    records, old = SqlRecords(postgres), asked()
    others: list[Callable[[], object]] = [lambda: records.accept(old, LESSON)]
    if end == "abandoned":
        others.append(lambda: records.cancel(old.request_id))
    else:
        others.append(lambda: fail(records, LESSON))
    attached = postgres.retried(lambda sql: accept(Overtaken(sql, others), asked(), LESSON))

    assert take_id(LESSON, 1) == attached


def test_requests_that_come_as_others_come_and_go(database_url: str) -> None:
    """Whoever was accepted and not cancelled waits for a lesson that is open."""
    pool = Postgres(database_url, pool=4)
    records, left_alone = SqlRecords(pool), []

    def come_and_go(identity: str) -> None:
        request = asked()
        records.accept(request, identity)
        records.cancel(request.request_id)

    for turn in range(ROUNDS):
        identity, stays = f"{turn:032x}", asked()
        steps = [lambda i=identity, one=stays: records.accept(one, i)]
        steps += [lambda i=identity: come_and_go(i)] * 3
        at_once(len(steps), lambda n, steps=steps: steps[n]())
        lesson = records.lesson(records.accept(stays, identity))
        if lesson is None or lesson.status != "requested":
            left_alone.append(turn)
    pool.close()

    assert [] == left_alone


def test_a_cancellation_waits_for_a_request_that_is_attaching(database_url: str) -> None:
    """It counts that request, and leaves the lesson to it."""
    pool = Postgres(database_url, pool=2)
    records = SqlRecords(pool)
    old = asked()
    records.accept(old, LESSON)
    cancelling = threading.Thread(target=lambda: records.cancel(old.request_id))
    with pool.transaction() as sql:
        accept(sql, asked(), LESSON)
        cancelling.start()
        until_somebody_waits(sql)
    cancelling.join()
    lesson = records.lesson(LESSON)
    pool.close()

    assert "requested" == (lesson and lesson.status)


def until_somebody_waits(sql: Transaction) -> None:
    """Let time pass until another session of this database waits for a lock."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        # Within a transaction the view is a snapshot of the first look at it.
        sql.one("select pg_stat_clear_snapshot()")
        if sql.one(
            "select 1 from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        ):
            return
    pytest.fail(f"nobody waited for a lock within {WAIT_S} s")
