"""The port Records on PostgreSQL: every move is one statement with the status that it leaves.

No connection is held between two calls.  Each call may be repeated: its guard makes the second
one a question that the answer (False, or the lesson it belongs to) settles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from shared.gcp.intake import accept, give_up
from shared.gcp.postgres import Postgres, Transaction
from shared.lesson.plan import Brief
from shared.ports import (
    Attached,
    Attempt,
    DeadLetter,
    Lesson,
    LessonStatus,
    Request,
    RequestStatus,
    StoredObject,
)


class SqlRecords:
    """Durable status in PostgreSQL."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def accept(self, request: Request, lesson_id: str) -> str:
        """Begin a request, and its lesson when it is the first of its kind; commit."""
        return self._postgres.retried(lambda sql: accept(sql, request, lesson_id))

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Read a lesson's row."""
        return self._postgres.retried(lambda sql: read_lesson(sql, lesson_id))

    def scripted(self, lesson_id: str, plan: StoredObject, scenes: Sequence[str]) -> bool:
        """Move requested -> scripted, and note the scenes."""
        return self._postgres.retried(lambda sql: _scripted(sql, lesson_id, plan, scenes))

    def rendered(self, lesson_id: str, scenes: Mapping[int, Attempt]) -> None:
        """Note which scenes are there; the first attempt that is named stays."""
        runs = scenes.values()
        self._run(
            "with made as (select * from unnest(%s::int[], %s::text[], %s::bigint[],"
            "  %s::timestamptz[], %s::timestamptz[]) as made (n, key, fence, started, ended)),"
            " there as (update scenes set rendered_at = now(), attempt_key = made.key,"
            "  attempt_fence = made.fence from made"
            "  where lesson_id = %s and scenes.n = made.n and rendered_at is null"
            "  returning made.*)"
            " insert into attempts (key, fence, stage, lesson_id, started_at, ended_at, outcome)"
            " select key, fence, 'render', %s, coalesce(started, now()), coalesce(ended, now()),"
            "  'completed' from there on conflict do nothing",
            list(scenes),
            [run.key for run in runs],
            [run.fence for run in runs],
            [run.started_at for run in runs],
            [run.ended_at for run in runs],
            lesson_id,
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
        rows = self._postgres.retried(
            lambda sql: sql.all(
                "select id::text, correlation_id from content_requests"
                " where lesson_id = %s and status <> 'cancelled' order by created_at, id",
                lesson_id,
            )
        )
        return tuple(Attached(*row) for row in rows)

    def answered(self, request_id: str, status: RequestStatus, reason: str, stage: str) -> bool:
        """Move accepted -> its end; completed only when the lesson is, with its files."""
        fault = ("", "") if status == "completed" else (stage, reason)
        return self._moved(
            "with moved as ("
            " update content_requests set status = next.status,"
            "  error_stage = %s, error_reason = %s, updated_at = now(),"
            "  failed_at = case when next.status = 'failed' then now() end,"
            "  finished_at = case when next.status <> 'needs_input' then now() end"
            " from (select %s::content_request_status as status) as next"
            " where id = %s and content_requests.status = 'accepted'"
            " returning id, content_requests.status)"
            " insert into request_events (request_id, status, stage, reason)"
            " select id, status, %s, %s from moved returning request_id",
            *fault,
            status,
            request_id,
            stage,
            fault[1],
        )

    def attempt_started(self, attempt: Attempt) -> None:
        """Note that a run begins."""
        self._run(
            "insert into attempts (key, fence, stage, lesson_id)"
            " values (%s, %s, %s, nullif(%s, '')) on conflict do nothing",
            attempt.key,
            attempt.fence,
            attempt.stage,
            attempt.lesson_id,
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
        return self._postgres.retried(lambda sql: sql.one(statement, *values)) is not None

    def _run(self, statement: str, *values: object) -> None:
        self._postgres.retried(lambda sql: sql.run(statement, *values))


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
