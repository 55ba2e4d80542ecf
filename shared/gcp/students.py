"""The port Students on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.gcp.deleted import ALONE
from shared.gcp.postgres import Postgres, Row, Transaction
from shared.ops.students import Deletion, HeldLesson, HeldRequest, Holdings, Kind
from shared.students import digest_of, named_in

REQUESTS = (
    "select id::text, status::text, coalesce(lesson_id, '') from content_requests"
    " where student_id = %s or id = any(%s::uuid[]) order by created_at, id"
)
LESSONS = (
    "select r.lesson_id, bool_or(exists (select from content_requests o"
    "  where o.lesson_id = r.lesson_id and o.student_id <> %s)),"
    " array(select n::int from scenes where lesson_id = r.lesson_id order by n)"
    " from content_requests r where r.student_id = %s and r.lesson_id is not null"
    " group by r.lesson_id order by r.lesson_id"
)
# A body may name the student in plain letters, or in JSON's escapes; who reads it decides.
LETTERS = (
    "select stage, message_id, body, linked, coalesce(request_id::text, '') from dead_letters,"
    " lateral (select coalesce(request_id = any(%s::uuid[]), false)"
    "  or coalesce(lesson_id = any(%s::text[]), false)"
    "  or coalesce(claim_key = any(%s::text[]), false) as linked) as known"
    " where linked or position(convert_to(%s, 'UTF8') in body) > 0"
    "  or position(convert_to('\\u', 'UTF8') in body) > 0"
    " order by first_seen, stage, message_id"
)
DELETIONS = (
    "select student_sha256, operator, begun_at, finished_at, requests, lessons, dead_letters"
    " from student_deletions order by id desc limit %s"
)
ROWS: Mapping[Kind, str] = {
    "request": "select to_jsonb(r) from content_requests r where id = any(%s::uuid[])"
    " order by created_at, id",
    "move": "select to_jsonb(e) - 'id' from request_events e where request_id = any(%s::uuid[])"
    " order by e.id",
    "inquiry": "select to_jsonb(i) from inquiries i where request_id = any(%s::uuid[])"
    " order by asked_at, round",
    "attempt": "select to_jsonb(a) - 'owner' from attempts a where key = any(select"
    " 'ingest/' || one from unnest(%s::text[]) as one) order by started_at, key",
}
# Whoever created it: a request that is not there any more.
EMPTY = (
    "update lessons set question = '', interest = '', files = '{}', reason = '',"
    " error_stage = '', plan_object = null, plan_generation = null, scripted_at = null,"
    " requested_by = '00000000-0000-0000-0000-000000000000', updated_at = now() where id = %s"
)


class SqlStudents:
    """Single students' rows in PostgreSQL."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def holdings(self, student: str) -> Holdings:
        """Find everything that is kept of a student."""
        return self._postgres.retried(lambda sql: _holdings(sql, student))

    def exported(self, student: str) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
        """Give every row about a student, and of lessons what does not name others."""
        yield from self._postgres.retried(lambda sql: list(_exported(sql, student)))

    def begin(self, student: str, operator: str) -> None:
        """Write down that a student is to be deleted; from then on nothing of theirs is stored."""
        digest = digest_of(student)

        def begun(sql: Transaction) -> None:
            sql.run(ALONE, digest)
            sql.run(
                "insert into student_deletions (student_sha256, operator) select %s, %s"
                " where not exists (select from student_deletions"
                "  where student_sha256 = %s and finished_at is null)",
                *(digest, operator, digest),
            )
            # Counted from now: what is gone on with refuses late messages as long as a fresh one.
            sql.run(
                "update student_deletions set begun_at = now()"
                " where student_sha256 = %s and finished_at is null",
                digest,
            )

        self._postgres.retried(begun)

    def empty(self, lesson_id: str, student: str) -> bool:
        """Take a lesson's words and files away, and let nobody attach to it any more."""
        return self._postgres.retried(lambda sql: _empty(sql, lesson_id, student))

    def finish(self, student: str) -> Deletion | None:
        """Take the student's rows away, in one transaction; None when nothing was begun."""
        return self._postgres.retried(lambda sql: _finish(sql, student))

    def deletions(self, limit: int) -> tuple[Deletion, ...]:
        """List deletions, the latest first."""
        rows = self._postgres.alone(lambda sql: sql.all(DELETIONS, limit))
        return tuple(Deletion(*row) for row in rows)

    def deleted_before(self, digests: tuple[str, ...]) -> tuple[str, ...]:
        """Name the students of these digests of whom something is kept; after a restore."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select student_id from content_requests where encode(sha256("
                "convert_to('student|' || student_id, 'UTF8')), 'hex') = any(%s::text[])"
                " group by student_id order by student_id",
                list(digests),
            )
        )
        return tuple(str(row[0]) for row in rows)


def _holdings(sql: Transaction, student: str) -> Holdings:
    known = [row[0] for row in sql.all(REQUESTS, student, [])]
    lessons = tuple(
        HeldLesson(lesson_id, is_shared, tuple(scenes))
        for lesson_id, is_shared, scenes in sql.all(LESSONS, student, student)
    )
    letters = _letters(sql, student, known, lessons)
    named = {row[4] for row in letters if row[4]}
    unread = sql.all(
        "select id::text from content_requests where id = any(%s::uuid[]) and student_id = ''",
        list(named),
    )
    requests = sql.all(REQUESTS, student, [row[0] for row in unread])
    return Holdings(
        tuple(HeldRequest(*row) for row in requests),
        lessons,
        tuple((row[0], row[1]) for row in letters),
    )


def _letters(
    sql: Transaction, student: str, requests: list[str], lessons: tuple[HeldLesson, ...]
) -> list[Row]:
    alone = [one.lesson_id for one in lessons if not one.shared]
    keys = [f"ingest/{one}" for one in requests]
    found = [
        (row, named_in(bytes(row[2]))) for row in sql.all(LETTERS, requests, alone, keys, student)
    ]
    # Another student's letter may quote this one, or bear an id that this one used as well.
    return [row for row, named in found if named == student or (row[3] and not named)]


def _exported(sql: Transaction, student: str) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    held = _holdings(sql, student)
    requests = [one.request_id for one in held.requests]
    for kind, statement in ROWS.items():
        yield from ((kind, row[0]) for row in sql.all(statement, requests))
    lessons = [one.lesson_id for one in held.lessons]
    for row in sql.all(
        "select to_jsonb(l) - 'requested_by' - 'nudged_at' from lessons l"
        " where id = any(%s::text[]) order by requested_at, id",
        lessons,
    ):
        yield "lesson", row[0]
    for stage, message_id in held.letters:
        row_of = sql.one(
            "select to_jsonb(d) - 'body' - 'claim', body from dead_letters d"
            " where stage = %s and message_id = %s",
            *(stage, message_id),
        )
        if row_of is not None:
            body = bytes(row_of[1]).decode("utf-8", "backslashreplace")
            yield "dead-letter", {**row_of[0], "body": body}


def _empty(sql: Transaction, lesson_id: str, student: str) -> bool:
    # Who attaches meanwhile holds this row by a foreign key, or waits and begins the next take.
    sql.one("select id from lessons where id = %s for update", lesson_id)
    others = sql.one(
        "select 1 from content_requests where lesson_id = %s and student_id <> %s limit 1",
        *(lesson_id, student),
    )
    if others is not None:
        return False
    sql.run(
        "update lessons set status = 'abandoned', finished_at = coalesce(finished_at, now())"
        " where id = %s and status <> 'abandoned'",
        lesson_id,
    )
    sql.run(EMPTY, lesson_id)
    return True


def _finish(sql: Transaction, student: str) -> Deletion | None:
    held, digest = _holdings(sql, student), digest_of(student)
    requests = [one.request_id for one in held.requests]
    alone = [one.lesson_id for one in held.alone]
    for stage, message_id in held.letters:
        sql.run("delete from dead_letters where stage = %s and message_id = %s", stage, message_id)
    sql.run(
        "delete from attempts where lesson_id = any(%s::text[])"
        " or key = any(select 'ingest/' || one from unnest(%s::text[]) as one)",
        *(alone, requests),
    )
    sql.run("delete from scenes where lesson_id = any(%s::text[])", alone)
    sql.run(
        "update lessons set requested_by = (select o.id from content_requests o"
        "  where o.lesson_id = lessons.id and not o.id = any(%s::uuid[])"
        "  order by o.created_at, o.id limit 1)"
        " where id = any(%s::text[]) and requested_by = any(%s::uuid[])",
        *(requests, [one.lesson_id for one in held.lessons if one.shared], requests),
    )
    sql.run("delete from content_requests where id = any(%s::uuid[])", requests)
    row = sql.one(
        "update student_deletions set finished_at = now(), requests = requests + %s,"
        " lessons = lessons + %s, dead_letters = dead_letters + %s"
        " where student_sha256 = %s and finished_at is null returning student_sha256, operator,"
        " begun_at, finished_at, requests, lessons, dead_letters",
        *(len(requests), len(alone), len(held.letters), digest),
    )
    return None if row is None else Deletion(*row)
