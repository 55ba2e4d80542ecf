"""What the stores hold once everything is at rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Any

from local.cloud.overview import kept
from shared.events import ContentCompleted
from shared.gcp.dial import connect
from shared.messages import read_object, read_text
from tests.soak.history import (
    Answered,
    AttemptRow,
    Fact,
    History,
    LessonRow,
    Letter,
    RequestRow,
    Sent,
)
from tests.soak.victim import Victim


def tell(victim: Victim, database_url: str, history: History) -> None:
    """Note all rows and all published answers."""
    marks = {sent.mark for sent in history.of(Sent)}
    for fact in (*_rows(database_url, marks), *_answers(victim)):
        history.add(fact)


def unfinished(victim: Victim, database_url: str) -> str:
    """Say what is not at rest: deliveries under way, requests and lessons without an end."""
    left = [victim.unfinished()]
    questions = {
        "requests": "select count(*) from content_requests where status = 'accepted'",
        "lessons": "select count(*) from lessons where status in ('requested', 'scripted')",
    }
    for what, sql in questions.items():
        ((count,),) = _asked(database_url, sql)
        left.append(f"{count} {what} open" if count else "")
    return "; ".join(one for one in left if one)


def _rows(url: str, marks: Collection[str]) -> Iterator[Fact]:
    for row in _asked(
        url,
        "select id::text, status::text, coalesce(lesson_id, ''), error_reason"
        " from content_requests order by created_at",
    ):
        yield RequestRow(*row)
    for lesson_id, status, modalities, *rest in _asked(
        url,
        "select id, status::text, modalities, coalesce(plan_generation, 0),"
        " (select count(*) from scenes where lesson_id = lessons.id), files from lessons",
    ):
        yield LessonRow(lesson_id, status, tuple(modalities), *rest)
    for row in _asked(
        url,
        "select key, fence, stage, coalesce(outcome, ''),"
        " extract(epoch from started_at)::float8,"
        " coalesce(extract(epoch from ended_at), 0)::float8 from attempts order by started_at",
    ):
        yield AttemptRow(*row)
    for stage, message_id, reason, body in _asked(
        url, "select stage, message_id, reason, body from dead_letters"
    ):
        text = bytes(body).decode(errors="replace")
        yield Letter(stage, message_id, reason, tuple(mark for mark in marks if mark in text))


def _answers(victim: Victim) -> Iterator[Fact]:
    for event in kept(victim.folder / "cloud", ContentCompleted.topic):
        body = read_object(event.data)
        yield Answered(
            read_text(body, "request_id"),
            read_text(body, "lesson_id"),
            read_text(body, "status"),
            event.attributes["event_id"],
        )


def _asked(url: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(connect(url, 10.0)) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]
