"""What the command line asks of PostgreSQL; read only."""

from __future__ import annotations

import re

from shared.errors import Missing
from shared.gcp.ledger import costs
from shared.gcp.postgres import Postgres, Row, Transaction
from shared.gcp.records import read_lesson
from shared.question.inquiry import Inquiry, Round
from shared.question.message import Answered
from shared.report import (
    Asked,
    AttemptRow,
    DeadLetterRow,
    LessonReport,
    Move,
    RequestReport,
    Run,
    SceneRow,
)

PREFIX = re.compile(r"[0-9a-f]{1,32}")


class SqlReports:
    """Reports from PostgreSQL."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def runs(self, limit: int) -> tuple[Run, ...]:
        """List the newest requests."""
        # A branch per state reads `limit` entries of an index; over all states it would sort.
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select r.id::text, r.status::text, r.question, r.modalities,"
                " coalesce(l.id, ''), l.status::text,"
                " (select count(*) from scenes where lesson_id = l.id),"
                " (select count(rendered_at) from scenes where lesson_id = l.id),"
                " r.error_reason, r.created_at, r.finished_at"
                " from unnest(enum_range(null::content_request_status)) as s (state)"
                " cross join lateral (select * from content_requests where status = s.state"
                "  order by created_at desc limit %s) as r"
                " left join lessons l on l.id = r.lesson_id"
                " order by r.created_at desc, r.id limit %s",
                limit,
                limit,
            )
        )
        return tuple(map(_run, rows))

    def show(self, request_id: str) -> RequestReport:
        """Report on one request, named by its id or the beginning of it."""
        return self._postgres.retried(lambda sql: _show(sql, request_id))


def _run(row: Row) -> Run:
    return Run(*(*row[:3], tuple(row[3]), *row[4:]))


def _show(sql: Transaction, named: str) -> RequestReport:
    found = _find(sql, named)
    row = sql.one(
        "select r.id::text, r.status::text, r.question, r.modalities,"
        " coalesce(l.id, ''), l.status::text,"
        " (select count(*) from scenes where lesson_id = l.id),"
        " (select count(rendered_at) from scenes where lesson_id = l.id),"
        " r.error_reason, r.created_at, r.finished_at,"
        " r.correlation_id, r.student_id, coalesce(r.organization_id, ''), r.environment,"
        " r.interest, coalesce(r.grade_level, 0), r.grade_band, r.error_stage"
        " from content_requests r left join lessons l on l.id = r.lesson_id where r.id = %s",
        found,
    )
    if row is None:
        raise Missing("no such request")
    run, rounds = _run(row[:11]), _rounds(sql, found)
    answers = [Answered(found, row[12], one.inquiry.id, one.answer) for one in rounds if one.answer]
    return RequestReport(
        run,
        Asked(*row[11:-1]),
        error_stage=row[-1],
        history=_history(sql, found),
        lesson=_lesson(sql, run.lesson_id),
        attempts=_attempts(sql, [f"ingest/{found}", *(one.key for one in answers)], run.lesson_id),
        dead_letters=_dead_letters(sql, found),
        costs=costs(sql, run.lesson_id),
        rounds=rounds,
    )


def _find(sql: Transaction, named: str) -> str:
    """Find the one request whose id begins so: a range of the primary key."""
    digits = named.lower().replace("-", "")
    if not PREFIX.fullmatch(digits):
        raise Missing("a request id is made of hexadecimal digits")
    found = sql.all(
        "select id::text from content_requests where id between %s::uuid and %s::uuid limit 2",
        digits.ljust(32, "0"),
        digits.ljust(32, "f"),
    )
    if len(found) != 1:
        raise Missing("more than one request begins so" if found else "no request begins so")
    return str(found[0][0])


def _history(sql: Transaction, request_id: str) -> tuple[Move, ...]:
    rows = sql.all(
        "select at, status::text, stage, reason from request_events"
        " where request_id = %s order by id",
        request_id,
    )
    return tuple(Move(*row) for row in rows)


def _lesson(sql: Transaction, lesson_id: str) -> LessonReport | None:
    lesson = read_lesson(sql, lesson_id)
    if lesson is None:
        return None
    ((requested_at, scripted_at, finished_at),) = sql.all(
        "select requested_at, scripted_at, finished_at from lessons where id = %s", lesson_id
    )
    scenes = sql.all(
        "select n, type, rendered_at, coalesce(attempt_fence, 0) from scenes"
        " where lesson_id = %s order by n",
        lesson_id,
    )
    return LessonReport(
        lesson, requested_at, scripted_at, finished_at, tuple(SceneRow(*row) for row in scenes)
    )


def _attempts(sql: Transaction, keys: list[str], lesson_id: str) -> tuple[AttemptRow, ...]:
    rows = sql.all(
        "select key, fence, stage, started_at, ended_at, coalesce(outcome, ''), error"
        " from attempts where lesson_id = nullif(%s, '') or key = any(%s::text[])"
        " order by started_at, key, fence",
        lesson_id,
        keys,
    )
    return tuple(AttemptRow(*row) for row in rows)


def _rounds(sql: Transaction, request_id: str) -> tuple[Round, ...]:
    rows = sql.all(
        "select inquiry, answer from inquiries where request_id = %s order by round", request_id
    )
    return tuple(Round(Inquiry.decoded(inquiry), answer) for inquiry, answer in rows)


def _dead_letters(sql: Transaction, request_id: str) -> tuple[DeadLetterRow, ...]:
    rows = sql.all(
        "select stage, message_id, reason, detail, field, count, last_seen from dead_letters"
        " where request_id = %s order by first_seen, message_id",
        request_id,
    )
    return tuple(DeadLetterRow(*row) for row in rows)
