"""The port Records on PostgreSQL: every move is one statement with the status that it leaves.

No connection is held between two calls.  Each call may be repeated: its guard makes the second
one a question that the answer (False, or the lesson it belongs to) settles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from shared.gcp.inquiries import SqlInquiries
from shared.gcp.intake import accept, cancel, give_up
from shared.gcp.postgres import Transaction
from shared.lesson.plan import Brief
from shared.ports import StoredObject
from shared.rows import (
    Attached,
    Attempt,
    Cancelled,
    DeadLetter,
    Lesson,
    LessonStatus,
    Request,
    RequestStatus,
)


class SqlRecords(SqlInquiries):
    """Durable status in PostgreSQL."""

    def accept(self, request: Request, identity: str) -> str:
        """Begin a request, and its lesson when it is the first of its kind; commit."""
        return self._postgres.retried(lambda sql: accept(sql, request, identity))

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Read a lesson's row."""
        return self._postgres.alone(lambda sql: read_lesson(sql, lesson_id))

    def scripted(self, lesson_id: str, plan: StoredObject, scenes: Sequence[str]) -> bool:
        """Move requested -> scripted, and note the scenes."""
        return self._postgres.retried(lambda sql: _scripted(sql, lesson_id, plan, scenes))

    def rendered(self, lesson_id: str, scenes: Mapping[int, Attempt]) -> None:
        """Note which scenes are there; the first attempt that is named stays."""
        runs = scenes.values()
        self._run(
            "update scenes set rendered_at = now(), attempt_key = made.key,"
            " attempt_fence = made.fence"
            " from unnest(%s::int[], %s::text[], %s::bigint[]) as made (n, key, fence)"
            " where lesson_id = %s and scenes.n = made.n and rendered_at is null",
            list(scenes),
            [run.key for run in runs],
            [run.fence for run in runs],
            lesson_id,
        )

    def completed(self, lesson_id: str, files: Mapping[str, str]) -> bool:
        """Move scripted -> completed; the database compares the files with the modalities."""
        return self._moved(
            "update lessons set status = 'completed', files = %s::jsonb,"
            " finished_at = now(), updated_at = now()"
            " where id = %s and status = 'scripted' returning id",
            json.dumps(dict(files)),
            lesson_id,
        )

    def ended(self, lesson_id: str, status: LessonStatus, reason: str, stage: str) -> bool:
        """Move requested or scripted -> refused or failed."""
        return self._moved(
            "update lessons set status = %s, reason = %s, error_stage = %s,"
            " finished_at = now(), updated_at = now()"
            " where id = %s and status in ('requested', 'scripted') returning id",
            status,
            reason,
            stage,
            lesson_id,
        )

    def attached(self, lesson_id: str) -> tuple[Attached, ...]:
        """List the requests of a lesson that were not cancelled, oldest first."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select id::text, correlation_id from content_requests"
                " where lesson_id = %s and status <> 'cancelled' order by created_at, id",
                lesson_id,
            )
        )
        return tuple(Attached(*row) for row in rows)

    def answered(
        self, request_id: str, status: RequestStatus, reason: str, stage: str
    ) -> float | None:
        """Move accepted -> its end; completed only when the lesson is, with its files."""
        fault = ("", "") if status == "completed" else (stage, reason)
        statement = (
            "with moved as ("
            " update content_requests set status = next.status,"
            "  error_stage = %s, error_reason = %s, updated_at = now(),"
            "  failed_at = case when next.status = 'failed' then now() end,"
            "  finished_at = case when next.status <> 'needs_input' then now() end"
            " from (select %s::content_request_status as status) as next"
            " where id = %s and content_requests.status = 'accepted'"
            " returning id, content_requests.status),"
            " noted as (insert into request_events (request_id, status, stage, reason)"
            "  select id, status, %s, %s from moved)"
            # Its last move before this one: what it waited for its student is not ours.
            " select extract(epoch from now() - max(at))::float8 from moved"
            " join request_events on request_id = moved.id group by moved.id"
        )
        values = (*fault, status, request_id, stage, fault[1])
        row = self._postgres.alone(lambda sql: sql.one(statement, *values))
        return None if row is None else float(row[0])

    def cancel(self, request_id: str) -> Cancelled:
        """Detach a request, and abandon a lesson that nobody waits for any more."""
        return self._postgres.retried(lambda sql: cancel(sql, request_id))

    def attempt_started(self, attempt: Attempt) -> bool:
        """Note that a run begins; False when another owner's run has this fence or a higher one."""
        found = self._postgres.alone(
            lambda sql: sql.one(
                "with noted as (insert into attempts (key, fence, stage, lesson_id, owner)"
                " values (%s, %s, %s, nullif(%s, ''), %s) on conflict do nothing"
                "  returning owner, fence)"
                " select owner, fence from noted union all"
                " select owner, fence from attempts where key = %s and fence >= %s"
                " order by fence desc limit 1",
                *(attempt.key, attempt.fence, attempt.stage, attempt.lesson_id, attempt.owner),
                *(attempt.key, attempt.fence),
            )
        )
        return found is None or found[0] == attempt.owner

    def last_fence(self, key: str) -> int:
        """Give the highest fence of any attempt of this work."""
        found = self._postgres.alone(
            lambda sql: sql.one("select max(fence) from attempts where key = %s", key)
        )
        return int(found[0]) if found and found[0] else 0

    def attempts_told(self, attempts: Sequence[Attempt]) -> None:
        """Note runs that had no database to note themselves; an end that is known stays."""
        if not attempts:
            return
        self._run(
            "insert into attempts"
            " (key, fence, stage, lesson_id, started_at, ended_at, outcome, error)"
            " select key, fence, stage, nullif(lesson_id, ''), coalesce(started_at, now()),"
            "  coalesce(ended_at, now()), outcome, error"
            " from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[],"
            "  %s::timestamptz[], %s::text[], %s::text[]) as told"
            "  (key, fence, stage, lesson_id, started_at, ended_at, outcome, error)"
            " on conflict (key, fence) do update set ended_at = excluded.ended_at,"
            "  outcome = excluded.outcome, error = excluded.error"
            " where attempts.ended_at is null",
            *map(list, zip(*map(_columns, attempts), strict=True)),
        )

    def attempt_ended(self, attempt: Attempt, outcome: str, error: str) -> None:
        """Note how a run ended, also when its begin was never noted."""
        self._run(
            "insert into attempts (key, fence, stage, lesson_id, ended_at, outcome, error)"
            " values (%s, %s, %s, nullif(%s, ''), now(), %s, %s)"
            " on conflict (key, fence) do update"
            " set ended_at = now(), outcome = excluded.outcome, error = excluded.error"
            " where attempts.ended_at is null",
            attempt.key,
            attempt.fence,
            attempt.stage,
            attempt.lesson_id,
            outcome,
            error,
        )

    def dead_letter(self, letter: DeadLetter) -> None:
        """Record a dead letter, and fail its request where the id is readable and new."""
        self._postgres.retried(lambda sql: give_up(sql, letter))

    def _moved(self, statement: str, *values: object) -> bool:
        return self._postgres.alone(lambda sql: sql.one(statement, *values)) is not None

    def _run(self, statement: str, *values: object) -> None:
        self._postgres.alone(lambda sql: sql.run(statement, *values))


def _columns(run: Attempt) -> tuple[object, ...]:
    names = (run.key, run.fence, run.stage, run.lesson_id)
    return (*names, run.started_at, run.ended_at, run.outcome, run.error)


def read_lesson(sql: Transaction, lesson_id: str) -> Lesson | None:
    """Read a lesson's row and count its scenes."""
    row = sql.one(
        "select status::text, question, interest, grade_band, modalities, language,"
        " coalesce(plan_object, ''), coalesce(plan_generation, 0),"
        " (select count(*) from scenes where lesson_id = lessons.id),"
        " requested_by::text, files, reason from lessons where id = %s",
        lesson_id,
    )
    if row is None:
        return None
    status, question, interest, band, modalities, language, *rest = row
    brief = Brief(question, interest, band, tuple(modalities), language)
    return Lesson(lesson_id, status, brief, *rest)


def _scripted(sql: Transaction, lesson_id: str, plan: StoredObject, scenes: Sequence[str]) -> bool:
    moved = sql.run(
        "update lessons set status = 'scripted', plan_object = %s, plan_generation = %s,"
        " scripted_at = now(), updated_at = now() where id = %s and status = 'requested'",
        plan.name,
        plan.generation,
        lesson_id,
    )
    if moved:
        sql.run(
            "insert into scenes (lesson_id, n, type)"
            " select %s, n, type from unnest(%s::text[]) with ordinality as scene (type, n)",
            lesson_id,
            list(scenes),
        )
    return bool(moved)
