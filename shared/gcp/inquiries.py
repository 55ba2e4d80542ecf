"""The port Inquiries on PostgreSQL.

Whoever moves a request that waits holds its row first: of two answers at once one finds it open,
and an answer finds it expired, or it never does.
"""

from __future__ import annotations

import json

from shared.gcp.deleted import hold_student, refuse_deleted
from shared.gcp.intake import content_of, latest_take, lesson_of, refuse_ended
from shared.gcp.postgres import Postgres, Row, Transaction
from shared.identity import take_id
from shared.lesson.plan import Brief
from shared.limits import SWEEP_ROWS
from shared.question.inquiry import Inquiry, Round, Waiting
from shared.rows import Attached, Request
from shared.students import digest_of


class SqlInquiries:
    """Requests that were asked back, in PostgreSQL."""

    def __init__(self, postgres: Postgres) -> None:
        """Keep the pool; nothing is asked before the first call."""
        self._postgres = postgres

    def previous(self, request: Request) -> str:
        """Give what this student's latest other request was taught."""
        found = self._postgres.alone(
            lambda sql: sql.one(
                "select l.question from unnest(array['accepted', 'completed']"
                "  ::content_request_status[]) as s (state) cross join lateral"
                " (select lesson_id, created_at from content_requests"
                "  where student_id = %s and status = s.state and id <> %s"
                "  and coalesce(organization_id, '') = %s and environment = %s"
                "  order by created_at desc limit 1) as r"
                " join lessons l on l.id = r.lesson_id order by r.created_at desc limit 1",
                *(request.student_id, request.request_id),
                *(request.organization_id, request.environment),
            )
        )
        return found[0] if found else ""

    def ask(self, request: Request, inquiry: Inquiry) -> str:
        """Store a request that waits for an answer, with its first inquiry; commit."""
        return self._postgres.retried(lambda sql: _ask(sql, request, inquiry))

    def waiting(self, request_id: str) -> Waiting | None:
        """Read a request with all its rounds."""
        row = self._postgres.alone(
            lambda sql: sql.one(
                "select correlation_id, student_id, coalesce(organization_id, ''), environment,"
                " grade_level, question, interest, grade_band, modalities, understood,"
                " status::text, coalesce(lesson_id, ''), error_reason,"
                " (select json_agg(json_build_array(inquiry, answer) order by round)"
                "  from inquiries where request_id = r.id)"
                " from content_requests r where id = %s",
                request_id,
            )
        )
        return None if row is None or row[-1] is None else _waiting(request_id, row)

    def ask_again(self, inquired: Inquiry, answer: str, request_id: str, then: Inquiry) -> bool:
        """Note the answer to the open inquiry and make the next one, in one commit."""

        def work(sql: Transaction) -> bool:
            if not _answered(sql, request_id, inquired, answer):
                return False
            sql.run(
                "with made as (insert into inquiries (request_id, round, inquiry)"
                "  select request_id, max(round) + 1, %s::jsonb from inquiries"
                "  where request_id = %s group by request_id returning request_id)"
                ", waits as (update content_requests set updated_at = now() from made"
                "  where id = request_id returning id, status)"
                " insert into request_events (request_id, status, stage)"
                " select id, status, 'ingest' from waits",
                *(json.dumps(then.encoded()), request_id),
            )
            return True

        return self._postgres.retried(work)

    def resume(self, inquired: Inquiry, answer: str, request: Request, identity: str) -> bool:
        """Note the answer and move needs_input -> accepted with the lesson."""

        def work(sql: Transaction) -> bool:
            if not _answered(sql, request.request_id, inquired, answer):
                return False
            student = digest_of(request.student_id)
            take = latest_take(sql, identity, student)
            lesson_id = take_id(identity, take)
            sql.run(
                "with moved as (update content_requests set status = 'accepted', lesson_id = %s,"
                "  understood = %s, updated_at = now() where id = %s returning *),"
                " first as (insert into lessons (id, identity, take, requested_by, question,"
                "  interest, grade_band, modalities, language)"
                "  select lesson_id, %s, %s, id, coalesce(nullif(understood, ''), question),"
                "   interest, grade_band, modalities, %s from moved on conflict do nothing)"
                " insert into request_events (request_id, status, stage)"
                " select id, status, 'ingest' from moved",
                *(lesson_id, request.understood, request.request_id),
                *(identity, take, request.brief.language),
            )
            refuse_ended(sql, lesson_id, student)
            return True

        return self._postgres.retried(work)

    def leave_unclear(self, inquired: Inquiry, answer: str, request_id: str, reason: str) -> bool:
        """Note the answer and move needs_input -> refused, with a sentence for the student."""

        def work(sql: Transaction) -> bool:
            if not _answered(sql, request_id, inquired, answer):
                return False
            sql.run(
                "with moved as (update content_requests set status = 'refused',"
                "  error_stage = 'ingest', error_reason = %s, finished_at = now(),"
                "  updated_at = now() where id = %s returning id, status, error_reason)"
                " insert into request_events (request_id, status, stage, reason)"
                " select id, status, 'ingest', error_reason from moved",
                *(reason, request_id),
            )
            return True

        return self._postgres.retried(work)

    def expire(self, waited_s: float, reason: str) -> None:
        """Move who has not answered for so long, needs_input -> refused; some at a time."""
        self._postgres.alone(
            lambda sql: sql.run(
                "with late as (select id as late_id from content_requests"
                "  where status = 'needs_input' and updated_at < now() - make_interval(secs => %s)"
                "  order by created_at limit %s for update skip locked),"
                " moved as (update content_requests set status = 'refused',"
                "  error_stage = 'repair', error_reason = %s, finished_at = now(),"
                "  updated_at = now() from late where id = late_id returning id, status,"
                "  error_reason),"
                " closed as (update inquiries set expired_at = now() from moved"
                "  where request_id = moved.id and answer = '')"
                " insert into request_events (request_id, status, stage, reason)"
                " select id, status, 'repair', error_reason from moved",
                *(float(waited_s), SWEEP_ROWS, reason),
            )
        )

    def untold(self) -> tuple[Attached, ...]:
        """List requests that expired and that `told` was not told of."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select id::text, correlation_id from inquiries"
                " join content_requests on id = request_id"
                " where expired_at is not null and told_at is null order by expired_at limit %s",
                SWEEP_ROWS,
            )
        )
        return tuple(Attached(*row) for row in rows)

    def told(self, request_id: str) -> None:
        """Note that the end of an expired request is out."""
        self._postgres.alone(
            lambda sql: sql.run(
                "update inquiries set told_at = now() where request_id = %s"
                " and expired_at is not null and told_at is null",
                request_id,
            )
        )


def _ask(sql: Transaction, request: Request, inquiry: Inquiry) -> str:
    student = digest_of(request.student_id)
    hold_student(sql, student)
    asked = sql.one(
        "with asked as (insert into content_requests (id, correlation_id, grade_band, status,"
        "  student_id, organization_id, environment, grade_level, question, interest, modalities)"
        " values (%s, %s, %s, 'needs_input', %s, nullif(%s, ''), %s, %s, %s, %s, %s::text[])"
        " on conflict (id) do nothing returning id, status),"
        " made as (insert into inquiries (request_id, round, inquiry)"
        "  select id, 1, %s::jsonb from asked)"
        " insert into request_events (request_id, status, stage)"
        " select id, status, 'ingest' from asked returning request_id",
        *(request.request_id, request.correlation_id, request.brief.grade_band),
        *(*content_of(request), json.dumps(inquiry.encoded())),
    )
    if not asked:
        return lesson_of(sql, request)
    refuse_deleted(sql, student)
    return ""


def _answered(sql: Transaction, request_id: str, inquired: Inquiry, answer: str) -> bool:
    """Note an answer if its inquiry is open still, and hold the request until the commit."""
    waits = sql.one(
        "select id from content_requests where id = %s and status = 'needs_input' for update",
        request_id,
    )
    return waits is not None and bool(
        sql.run(
            "update inquiries set answer = %s, answered_at = now()"
            " where request_id = %s and inquiry ->> 'id' = %s and answer = ''",
            *(answer, request_id, inquired.id),
        )
    )


def _waiting(request_id: str, row: Row) -> Waiting:
    question, interest, band, modalities, understood = row[5:10]
    status, lesson_id, reason, rounds = row[10:]
    brief = Brief(question, interest, band, tuple(modalities))
    correlation_id, student_id, organization_id, environment, grade = row[:5]
    request = Request(
        *(request_id, correlation_id, student_id, organization_id, environment, grade, brief),
        understood=understood,
    )
    made = tuple(Round(Inquiry.decoded(inquiry), answer) for inquiry, answer in rounds)
    return Waiting(request, status, made, lesson_id, reason)
