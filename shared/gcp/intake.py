"""How a request's row comes to be: accepted with its lesson, or failed, as nobody could read it."""

from __future__ import annotations

import json

from shared.errors import Unreadable
from shared.gcp.postgres import Transaction
from shared.ports import DeadLetter, Request


def accept(sql: Transaction, request: Request, lesson_id: str) -> str:
    """Begin a request, and its lesson when it is the first of its kind; gives its lesson.

    Raises Unreadable when the id belongs to another request.
    """
    brief = request.brief
    content = (
        request.student_id,
        request.organization_id,
        request.environment,
        request.grade_level,
        brief.question,
        brief.interest,
        list(brief.modalities),
    )
    # One statement, so that a request that is there already leaves no lesson that nobody wants.
    accepted = sql.one(
        "with accepted as ("
        " insert into content_requests (id, correlation_id, grade_band, lesson_id, status,"
        "  student_id, organization_id, environment, grade_level, question, interest, modalities)"
        " values (%s, %s, %s, %s, 'accepted', %s, nullif(%s, ''), %s, %s, %s, %s, %s::text[])"
        " on conflict (id) do nothing returning *),"
        " first as ("
        " insert into lessons (id, requested_by, question, interest, grade_band, modalities,"
        "  language)"
        " select lesson_id, id, question, interest, grade_band, modalities, %s from accepted"
        " on conflict (id) do nothing)"
        " insert into request_events (request_id, status, stage)"
        " select id, status, 'ingest' from accepted returning request_id",
        *(request.request_id, request.correlation_id, brief.grade_band, lesson_id),
        *content,
        brief.language,
    )
    return lesson_id if accepted else _lesson_of(sql, request.request_id, content)


def give_up(sql: Transaction, letter: DeadLetter) -> None:
    """Record a dead letter, and a failed request where its id is readable and new."""
    sql.run(
        "insert into dead_letters (stage, message_id, reason, detail, field, body, attributes,"
        " request_id, lesson_id)"
        " values (%s, %s, %s, %s, %s, %s, %s, nullif(%s, '')::uuid, nullif(%s, ''))"
        " on conflict (stage, message_id) do update"
        " set count = dead_letters.count + 1, last_seen = now()",
        *(letter.stage, letter.message_id, letter.reason, letter.detail, letter.field),
        *(letter.body, json.dumps(dict(letter.attributes)), letter.request_id, letter.lesson_id),
    )
    if letter.request_id:
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


def _lesson_of(sql: Transaction, request_id: str, content: tuple[object, ...]) -> str:
    row = sql.one(
        "select lesson_id, student_id, coalesce(organization_id, ''), environment, grade_level,"
        " question, interest, modalities from content_requests where id = %s",
        request_id,
    )
    if row is None or row[1:] != content:
        reused = "request_id: another request has it"
        raise Unreadable("request-id-reused", reused, "request_id", request_id)
    return str(row[0])
