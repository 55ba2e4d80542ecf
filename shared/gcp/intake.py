"""How a request comes and goes: accepted with its lesson, failed unread, or cancelled."""

from __future__ import annotations

import json

from shared.errors import Missing, Unreadable
from shared.gcp.deleted import REASON, WHY, without_a_deleted_student
from shared.gcp.postgres import Transaction
from shared.gcp.sqlstate import Contended
from shared.identity import take_id
from shared.limits import LESSON_TAKES, STUDENT_REFUSED_DAYS
from shared.rows import Cancelled, DeadLetter, Request
from shared.students import digest_of

# Joined to one row, so that the lock is taken where there is no lesson yet as well.
LATEST = (
    "select held.it::text, latest.* from"
    " (select pg_advisory_xact_lock_shared(hashtextextended(%s, 0)) as it) as held"
    " left join lateral (select take, status::text from lessons where identity = %s or id = %s"
    " order by take desc limit 1) as latest on true"
)
BY_NOW = (
    "select take, status::text, exists (select from student_deletions where student_sha256 = %s"
    " and begun_at > now() - make_interval(days => %s)) from lessons where id = %s"
)


def accept(sql: Transaction, request: Request, identity: str) -> str:
    """Begin a request, and its lesson when it is the first of its kind; gives its lesson.

    Raises Unreadable when the id belongs to another request or the student's data was deleted, and
    Contended when the lesson came to its end meanwhile: nothing is stored then, and the next try
    attaches to the next take.
    """
    brief, content = request.brief, content_of(request)
    student = digest_of(request.student_id)
    take = latest_take(sql, identity, student)
    lesson_id = take_id(identity, take)
    # One statement, so that a request that is there already leaves no lesson that nobody wants.
    accepted = sql.one(
        "with accepted as ("
        " insert into content_requests (id, correlation_id, grade_band, lesson_id, status,"
        "  student_id, organization_id, environment, grade_level, question, interest, modalities,"
        "  understood)"
        " values (%s, %s, %s, %s, 'accepted', %s, nullif(%s, ''), %s, %s, %s, %s, %s::text[], %s)"
        " on conflict (id) do nothing returning *),"
        " first as ("
        " insert into lessons (id, identity, take, requested_by, question, interest, grade_band,"
        "  modalities, language)"
        " select lesson_id, %s, %s, id, coalesce(nullif(understood, ''), question), interest,"
        "  grade_band, modalities, %s"
        " from accepted on conflict do nothing)"
        " insert into request_events (request_id, status, stage)"
        " select id, status, 'ingest' from accepted returning request_id",
        *(request.request_id, request.correlation_id, brief.grade_band, lesson_id),
        *(*content, request.understood),
        *(identity, take, brief.language),
    )
    if not accepted:
        return lesson_of(sql, request)
    refuse_ended(sql, lesson_id, student)
    return lesson_id


def cancel(sql: Transaction, request_id: str) -> Cancelled:
    """Detach a request from its lesson, and abandon one that nobody waits for any more.

    Raises Missing.
    """
    moved = sql.one(
        "with moved as ("
        " update content_requests set status = 'cancelled', finished_at = now(),"
        "  updated_at = now() where id = %s and status in ('accepted', 'needs_input')"
        "  returning id, status, lesson_id)"
        ", noted as (insert into request_events (request_id, status, stage)"
        " select id, status, 'cancel' from moved)"
        " select lesson_id from moved",
        request_id,
    )
    if moved is None:
        row = sql.one("select status::text from content_requests where id = %s", request_id)
        if row is None:
            raise Missing("no such request")
        return Cancelled(row[0])
    # A request that attaches meanwhile holds this row by its foreign key, or waits for it: it is
    # counted, or begins a new take.
    sql.one("select id from lessons where id = %s for update", moved[0])
    abandoned = sql.run(
        "update lessons set status = 'abandoned', finished_at = now(), updated_at = now()"
        " where id = %s and status in ('requested', 'scripted') and not exists"
        " (select from content_requests where lesson_id = lessons.id"
        "  and status in ('accepted', 'needs_input'))",
        moved[0],
    )
    return Cancelled("cancelled", moved[0] if abandoned else "")


def latest_take(sql: Transaction, identity: str, student: str) -> int:
    """Choose the lesson that a new request attaches to: the latest, or one begun afresh.

    From here on whoever deletes this student, named by the digest, waits.
    """
    _, take, status = sql.one(LATEST, student, identity, identity) or (None, None, "")
    if take is None:
        return 0
    return int(take) + 1 if _is_begun_afresh(take, status) else int(take)


def refuse_ended(sql: Transaction, lesson_id: str, student: str) -> None:
    """Undo a request whose lesson is begun afresh, or whose student was deleted meanwhile.

    Raises Contended, and Unreadable.
    """
    # Since the first look others may have created the lesson, and ended it.  From the insert on its
    # foreign key holds the lesson's row: who wants to abandon it waits, and counts this request.
    *now, is_deleted = sql.one(BY_NOW, student, STUDENT_REFUSED_DAYS, lesson_id) or (0, "", False)
    if is_deleted:
        raise Unreadable(REASON, WHY, "student_id")
    if _is_begun_afresh(*now):
        raise Contended("the lesson came to its end while a request attached to it")


def _is_begun_afresh(take: int, status: str) -> bool:
    return status == "abandoned" or (status == "failed" and take + 1 < LESSON_TAKES)


def give_up(sql: Transaction, letter: DeadLetter) -> None:
    """Record a dead letter, and a failed request where its id is readable and new.

    Of a student whose data was deleted nothing is kept but that a letter came.
    """
    letter = without_a_deleted_student(sql, letter)
    sql.run(
        "insert into dead_letters (stage, message_id, reason, detail, field, body, attributes,"
        " request_id, lesson_id, claim_key, claim, resolution, resolved_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, nullif(%s, '')::uuid, nullif(%s, ''),"
        "  nullif(%s, ''), nullif(%s, '')::json, nullif(%s, ''),"
        "  case when %s <> '' then now() end)"
        " on conflict (stage, message_id) do update"
        " set count = dead_letters.count + 1, last_seen = now()",
        *(letter.stage, letter.message_id, letter.reason, letter.detail, letter.field),
        *(letter.body, json.dumps(dict(letter.attributes)), letter.request_id, letter.lesson_id),
        *(letter.claim_key, letter.claim, letter.resolution, letter.resolution),
    )
    if letter.request_id and letter.ends_request:
        sql.run(
            "with failed as ("
            " insert into content_requests (id, correlation_id, status, error_stage, error_reason,"
            "  failed_at, finished_at)"
            " values (%s, %s, 'failed', %s, %s, now(), now())"
            " on conflict (id) do nothing returning *)"
            " insert into request_events (request_id, status, stage, reason)"
            " select id, status, error_stage, error_reason from failed",
            *(letter.request_id, letter.correlation_id or letter.request_id),
            *(letter.stage, f"{letter.reason}: {letter.detail}"),
        )


def content_of(request: Request) -> tuple[object, ...]:
    """Give what makes a request this one, in the order of its columns."""
    brief = request.brief
    return (
        request.student_id,
        request.organization_id,
        request.environment,
        request.grade_level,
        brief.question,
        brief.interest,
        list(brief.modalities),
    )


def lesson_of(sql: Transaction, request: Request) -> str:
    """Find the lesson of a request that is known, empty when it has none; raises Unreadable."""
    row = sql.one(
        "select lesson_id, student_id, coalesce(organization_id, ''), environment, grade_level,"
        " question, interest, modalities from content_requests where id = %s",
        request.request_id,
    )
    if row is None or row[1:] != content_of(request):
        reused = "request_id: another request has it"
        raise Unreadable("request-id-reused", reused, "request_id", request.request_id)
    return row[0] or ""
