"""What the tests of `status` begin with: requests in every state, and the port that keeps them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.gcp.postgres import Postgres
from shared.status.rows import Place, Seen

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
LESSON = "a" * 32
STUDENT, CLASSMATE, SCHOOL = "s-17", "s-18", "o-1"
FILM_FILES = {
    name: f"lessons/{LESSON}/{name}"
    for name in ("plan", "film", "captions", "transcript", "thumbnail", "chapters")
}


def seen(n: int = 1, **changes: object) -> Seen:
    """Make a request whose film is being rendered; `n` gives it an id and a time of its own."""
    at = NOW + timedelta(seconds=n)
    given = Seen(
        request_id=str(uuid.UUID(int=n)),
        correlation_id=f"c-{n}",
        student_id=STUDENT,
        organization_id=SCHOOL,
        status="accepted",
        modalities=("video",),
        created_at=at,
        finished_at=None,
        failed_at=None,
        error_stage="",
        error_reason="",
        lesson_id=LESSON,
        lesson_status="scripted",
        plan_object=f"lessons/{LESSON}/plan.json",
        files={},
        scripted_at=at + timedelta(seconds=2),
        ended_at=None,
        scenes=4,
        rendered=1,
        rendered_at=at + timedelta(seconds=9),
        started_at=at + timedelta(seconds=1),
        cost_micros=None,
    )
    return replace(given, **changes)


def completed(n: int = 1, **changes: object) -> Seen:
    """Make a request whose film is there."""
    one = seen(n)
    end = {"status": "completed", "finished_at": one.created_at + timedelta(minutes=1)}
    there = {"lesson_status": "completed", "files": FILM_FILES, "rendered": 4}
    return replace(one, **(end | there | changes))


def failed(n: int = 1, stage: str = "render", **changes: object) -> Seen:
    """Make a request that failed in a stage."""
    one = seen(n)
    at = one.created_at + timedelta(minutes=1)
    end = {"status": "failed", "finished_at": at, "failed_at": at, "lesson_status": "failed"}
    why = {"error_stage": stage, "error_reason": "attempts used up"}
    return replace(one, **(end | why | changes))


class MemoryRequests:
    """The port Requests on a list; it counts how often it was asked, and can be away."""

    def __init__(self, entries: Sequence[Seen] = ()) -> None:
        self.entries = list(entries)
        self.asked = 0
        self.fault: Exception | None = None

    def one(self, request_id):
        return next((one for one in self._all() if one.request_id == request_id), None)

    def correlated(self, correlation_id, limit):
        same = [one for one in self._all() if one.correlation_id == correlation_id]
        return _newest(same, None, limit)

    def of_student(self, student_id, status, place, limit):
        own = [one for one in self._of(status) if one.student_id == student_id]
        return _newest(own, place, limit)

    def of_organization(self, organization_id, status, place, limit):
        own = [one for one in self._of(status) if one.organization_id == organization_id]
        return _newest(own, place, limit)

    def of_all(self, status, place, limit):
        return _newest(self._of(status), place, limit)

    def failures(self, stage, place, limit):
        own = [one for one in self._of("failed") if one.error_stage == stage]
        ordered = sorted(own, key=lambda one: (one.failed_at, one.request_id), reverse=True)
        after = [
            one
            for one in ordered
            if place is None or (one.failed_at, one.request_id) < (place.at, place.request_id)
        ]
        return tuple(after[:limit])

    def counts(self, organization_id, days):
        own = [one.status for one in self._all() if one.organization_id == organization_id]
        return {status: own.count(status) for status in set(own)}

    def answers(self):
        self._all()

    def _of(self, status):
        return [one for one in self._all() if not status or one.status == status]

    def _all(self):
        self.asked += 1
        if self.fault:
            raise self.fault
        return self.entries


def _newest(entries: Sequence[Seen], place: Place | None, limit: int) -> tuple[Seen, ...]:
    ordered = sorted(entries, key=lambda one: (one.created_at, one.request_id), reverse=True)
    after = [
        one
        for one in ordered
        if place is None or (one.created_at, one.request_id) < (place.at, place.request_id)
    ]
    return tuple(after[:limit])


def stored(postgres: Postgres, *entries: Seen) -> None:
    """Store requests as they are, whatever way they would have come there."""
    with postgres.transaction() as sql:
        sql.run("set local session_replication_role = replica")  # no trigger, no foreign key
        for one in entries:
            sql.run(
                "insert into lessons (id, requested_by, question, interest, grade_band, modalities,"
                " language, status, plan_object, plan_generation, files, scripted_at, finished_at,"
                " reason, error_stage) values (%s, %s, 'why', '', '9-12', %s::text[], 'en', %s,"
                " nullif(%s, ''), case when %s <> '' then 17 end, %s::jsonb, %s, %s, 'a reason',"
                " 'render') on conflict do nothing",
                *(one.lesson_id, one.request_id, list(one.modalities), one.lesson_status),
                *(
                    one.plan_object,
                    one.plan_object,
                    files_as_json(one),
                    one.scripted_at,
                    one.finished_at,
                ),
            )
            sql.run(
                "insert into content_requests (id, correlation_id, student_id, organization_id,"
                " modalities, lesson_id, status, error_stage, error_reason, failed_at, finished_at,"
                " created_at) values (%s, %s, %s, nullif(%s, ''), %s::text[], %s, %s, %s, %s, %s,"
                " %s, %s)",
                *(one.request_id, one.correlation_id, one.student_id, one.organization_id),
                *(list(one.modalities), one.lesson_id, one.status, one.error_stage),
                *(one.error_reason, one.failed_at, one.finished_at, one.created_at),
            )


def files_as_json(one: Seen) -> str:
    """Write the files of a lesson as a row has them; a completed one must have all."""
    more = {"sources": "x", "checks": "x"} if one.lesson_status == "completed" else {}
    return json.dumps({**one.files, **more})
