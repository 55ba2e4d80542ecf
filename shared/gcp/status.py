"""What `status` and the operator ask of PostgreSQL; each list is read from its own index.

correlated       idx_content_requests_correlation_status
of_student       idx_content_requests_student_status_created
of_organization  idx_content_requests_org_status_created, and so does `counts`
of_all           idx_content_requests_status_created
failures         idx_content_requests_failed_debugging
"""
# ruff: noqa: S608 - statements are put together from the constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from shared.gcp.postgres import Postgres, Row
from shared.question.inquiry import Inquiry
from shared.rows import RequestStatus
from shared.status.rows import Place, Seen

COLUMNS = (
    "select r.id::text, r.correlation_id, r.student_id, coalesce(r.organization_id, ''),"
    " r.status::text, r.modalities, r.created_at::text, r.finished_at::text, r.failed_at::text,"
    " r.error_stage, r.error_reason,"
    " coalesce(l.id, ''), l.status::text, coalesce(l.plan_object, ''), coalesce(l.files, '{}'),"
    " l.scripted_at::text, l.finished_at::text, s.scenes, s.rendered, s.rendered_at::text,"
    " (select greatest(r.created_at, min(started_at))::text from attempts"
    "  where lesson_id = l.id having count(*) > 0),"
    " (select sum(micros)::bigint from costs"
    "  where lesson_id = l.id and settled_at is not null),"
    " (select inquiry from inquiries where request_id = r.id and r.status = 'needs_input'"
    "  order by round desc limit 1),"
    " case when r.status = 'needs_input' then r.updated_at::text end from "
)
LESSON = (
    " left join lessons l on l.id = r.lesson_id cross join lateral"
    " (select count(*) as scenes, count(rendered_at) as rendered, max(rendered_at) as rendered_at"
    "  from scenes where lesson_id = l.id) as s"
)
# A branch per state reads `limit` entries of an index; over all states it would sort them all.
# Only the entries of the page are joined with their lessons.
BEGIN = (
    f"{COLUMNS}(select r.* from unnest(%s::content_request_status[]) as named (state)"
    " cross join lateral (select * from content_requests where "
)
END = (
    "status = named.state and (created_at, id) < (%s::timestamptz, %s::uuid)"
    " order by created_at desc, id desc limit %s) as r"
    f" order by r.created_at desc, r.id desc limit %s) as r{LESSON}"
    " order by r.created_at desc, r.id desc"
)

ONE = f"{COLUMNS}content_requests r{LESSON} where r.id = %s"
CORRELATED = (
    f"{COLUMNS}(select * from content_requests where correlation_id = %s"
    f" order by created_at desc, id desc limit %s) as r{LESSON}"
    " order by r.created_at desc, r.id desc"
)
OF_STUDENT = f"{BEGIN}student_id = %s and {END}"
OF_ORGANIZATION = f"{BEGIN}organization_id = %s and {END}"
OF_ALL = f"{BEGIN}{END}"
# 'failed' stands there as a literal: with a parameter nobody can prove that the index has it all.
FAILURES = (
    f"{COLUMNS}(select * from content_requests where status = 'failed' and error_stage = %s"
    " and (failed_at, id) < (%s::timestamptz, %s::uuid)"
    f" order by failed_at desc, id desc limit %s) as r{LESSON}"
    " order by r.failed_at desc, r.id desc"
)
COUNTS = (
    "select named.state::text, (select count(*) from content_requests where organization_id = %s"
    " and status = named.state and created_at >= now() - make_interval(days => %s))"
    " from unnest(enum_range(null::content_request_status)) as named (state)"
)
ALL_STATUSES: tuple[str, ...] = get_args(RequestStatus)
TOP = ("infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff")


class SqlRequests:
    """The port Requests."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def one(self, request_id: str) -> Seen | None:
        """Find a request by its id."""
        return next(iter(self._seen(ONE, request_id)), None)

    def correlated(self, correlation_id: str, limit: int) -> tuple[Seen, ...]:
        """Find the requests that a sender knows by this id."""
        return self._seen(CORRELATED, correlation_id, limit)

    def of_student(
        self, student_id: str, status: str, place: Place | None, limit: int
    ) -> tuple[Seen, ...]:
        """List a student's."""
        return self._seen(OF_STUDENT, _states(status), student_id, *_after(place), limit, limit)

    def of_organization(
        self, organization_id: str, status: str, place: Place | None, limit: int
    ) -> tuple[Seen, ...]:
        """List an organisation's."""
        states, after = _states(status), _after(place)
        return self._seen(OF_ORGANIZATION, states, organization_id, *after, limit, limit)

    def of_all(self, status: str, place: Place | None, limit: int) -> tuple[Seen, ...]:
        """List everybody's."""
        return self._seen(OF_ALL, _states(status), *_after(place), limit, limit)

    def failures(self, stage: str, place: Place | None, limit: int) -> tuple[Seen, ...]:
        """List those that failed in a stage."""
        return self._seen(FAILURES, stage, *_after(place), limit)

    def counts(self, organization_id: str, days: int) -> Mapping[str, int]:
        """Count an organisation's requests of the last days by their status."""
        return dict(self._rows(COUNTS, organization_id, days))

    def answers(self) -> None:
        """Ask for nothing."""
        self._rows("select 1")

    def _seen(self, statement: str, *values: object) -> tuple[Seen, ...]:
        return tuple(map(_read, self._rows(statement, *values)))

    def _rows(self, statement: str, *values: object) -> list[Row]:
        return self._postgres.alone(lambda sql: sql.all(statement, *values))


def _states(status: str) -> list[str]:
    return [status] if status else list(ALL_STATUSES)


def _after(place: Place | None) -> tuple[str, str]:
    return TOP if place is None else (place.at.isoformat(), place.request_id)


def _read(row: Row) -> Seen:
    created_at, finished_at, failed_at = map(_time, row[6:9])
    scripted_at, ended_at = map(_time, row[15:17])
    rendered_at, started_at = map(_time, row[19:21])
    values = (
        *(*row[:5], tuple(row[5]), created_at, finished_at, failed_at, *row[9:15]),
        *(scripted_at, ended_at, *row[17:19], rendered_at, started_at, row[21]),
        *(row[22] and Inquiry.decoded(row[22]), _time(row[23])),
    )
    return Seen(*values)


def _time(text: str | None) -> datetime | None:
    """Read a time; the driver's own way takes ten times as long, and a list has hundreds."""
    return datetime.fromisoformat(text) if text else None
