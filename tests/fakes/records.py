"""Requests and lessons in dictionaries; passes the contract suite that PostgreSQL passes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from shared.errors import Missing, Permanent, Unreadable
from shared.identity import take_id
from shared.limits import LESSON_TAKES
from shared.ports import StoredObject
from shared.question.inquiry import Round
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
from tests.fakes.inquiries import MemoryInquiries

FILES = {
    "text": {"plan"},
    "audio": {"plan", "audio", "captions", "transcript", "sources", "checks"},
    "video": {
        *("plan", "film", "captions", "transcript", "chapters", "thumbnail", "sources", "checks"),
    },
}
CLEARED = {"correlation_id": "", "understood": ""}  # which do not make it another request
UNREAD = Asked("", "", "", "", "", 0, "")


def _content(request: Request) -> tuple[object, ...]:
    return (replace(request, **CLEARED),)


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Request:
    run: Run
    asked: Asked
    content: tuple[object, ...] = ()
    error_stage: str = ""
    history: list[Move] = field(default_factory=list)
    request: Request | None = None
    rounds: list[Round] = field(default_factory=list)
    expired: bool = False
    told: bool = False


class MemoryRecords(MemoryInquiries):
    """The ports Records and Reports; one lock stands for the database's transactions."""

    def __init__(self, now: Callable[[], datetime] = wall_clock) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._requests: dict[str, _Request] = {}
        self._lessons: dict[str, LessonReport] = {}
        self._owners: dict[tuple[str, int], str] = {}
        self._attempts: dict[tuple[str, int], tuple[str, AttemptRow]] = {}
        self._dead: dict[tuple[str, str], tuple[str, DeadLetterRow]] = {}
        self._settled: set[tuple[str, str]] = set()

    def accept(self, request: Request, identity: str) -> str:
        """Begin a request, and its lesson when it is the first of its kind."""
        with self._lock:
            if request.request_id in self._requests:
                return self._lesson_of(request)
            lesson_id = self._latest(identity)
            self._enter(self._row(request, "accepted", lesson_id), "ingest")
            self._begin(lesson_id, request)
            return lesson_id

    def cancel(self, request_id: str) -> Cancelled:
        """Detach a request, and abandon a lesson that nobody waits for any more."""
        with self._lock:
            row = self._requests.get(request_id)
            if row is None:
                raise Missing("no such request")
            if row.run.status not in ("accepted", "needs_input"):
                return Cancelled(row.run.status)
            row.run = replace(row.run, status="cancelled", finished_at=self._now())
            self._enter(row, "cancel")
            lesson_id = row.run.lesson_id
            found = self._open(lesson_id, "requested", "scripted")
            waits = any(
                one.run.lesson_id == lesson_id and one.run.status in ("accepted", "needs_input")
                for one in self._requests.values()
            )
            if found is None or waits:
                return Cancelled("cancelled")
            self.strand(lesson_id)
            return Cancelled("cancelled", lesson_id)

    def strand(self, lesson_id: str) -> None:
        """Abandon a lesson although somebody waits for it, which no method of the port does."""
        with self._lock:
            found = self._lessons[lesson_id]
            lesson = replace(found.lesson, status="abandoned")
            self._lessons[lesson_id] = replace(found, lesson=lesson, finished_at=self._now())

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Read a lesson's row."""
        with self._lock:
            found = self._lessons.get(lesson_id)
            return found and replace(found.lesson, scenes=len(found.scenes))

    def scripted(self, lesson_id: str, plan: StoredObject, scenes: Sequence[str]) -> bool:
        """Move requested -> scripted, and note the scenes."""
        with self._lock:
            found = self._open(lesson_id, "requested")
            if found is None:
                return False
            self._lessons[lesson_id] = replace(
                found,
                lesson=replace(
                    found.lesson,
                    status="scripted",
                    plan_object=plan.name,
                    plan_generation=plan.generation,
                ),
                scripted_at=self._now(),
                scenes=tuple(SceneRow(n, kind, None, 0) for n, kind in enumerate(scenes, 1)),
            )
            return True

    def rendered(self, lesson_id: str, scenes: Mapping[int, Attempt]) -> None:
        """Note which scenes are there; the first attempt that is named stays."""
        with self._lock:
            found = self._lessons[lesson_id]
            rows = tuple(
                replace(row, rendered_at=self._now(), attempt_fence=scenes[row.n].fence)
                if row.n in scenes and row.rendered_at is None
                else row
                for row in found.scenes
            )
            self._lessons[lesson_id] = replace(found, scenes=rows)

    def completed(self, lesson_id: str, files: Mapping[str, str]) -> bool:
        """Move scripted -> completed; raises Permanent when a file is missing."""
        with self._lock:
            found = self._open(lesson_id, "scripted")
            if found is None:
                return False
            if not set().union(*(FILES[one] for one in found.lesson.brief.modalities)) <= set(
                files
            ):
                raise Permanent("completed_has_its_files")
            lesson = replace(found.lesson, status="completed", files=dict(files))
            self._lessons[lesson_id] = replace(found, lesson=lesson, finished_at=self._now())
            return True

    def ended(self, lesson_id: str, status: LessonStatus, reason: str, stage: str) -> bool:
        """Move requested or scripted -> refused or failed."""
        with self._lock:
            found = self._open(lesson_id, "requested", "scripted")
            if found is None:
                return False
            if status not in ("refused", "failed") or not (reason and stage):
                raise Permanent("lessons_move_forward")
            lesson = replace(found.lesson, status=status, reason=reason)
            self._lessons[lesson_id] = replace(found, lesson=lesson, finished_at=self._now())
            return True

    def attached(self, lesson_id: str) -> tuple[Attached, ...]:
        """List the requests of a lesson that were not cancelled, oldest first."""
        with self._lock:
            return tuple(
                Attached(id_, row.asked.correlation_id)
                for id_, row in self._requests.items()
                if row.run.lesson_id == lesson_id and row.run.status != "cancelled"
            )

    def answered(
        self, request_id: str, status: RequestStatus, reason: str, stage: str
    ) -> float | None:
        """Move accepted -> its end; completed only when the lesson is."""
        with self._lock:
            row = self._requests.get(request_id)
            if row is None or row.run.status != "accepted":
                return None
            if status == "completed":
                stage_of_fault = reason = ""
                if self._lessons[row.run.lesson_id].lesson.status != "completed":
                    raise Permanent("completed_request_has_its_files")
            else:
                stage_of_fault = stage
            finished = None if status == "needs_input" else self._now()
            row.run = replace(row.run, status=status, reason=reason, finished_at=finished)
            row.error_stage = stage_of_fault
            since = row.history[-1].at
            self._enter(row, stage)
            return (self._now() - since).total_seconds()

    def attempt_started(self, attempt: Attempt) -> bool:
        """Note that a run begins; False when another owner's run has this fence or a higher one."""
        with self._lock:
            row = AttemptRow(
                *(attempt.key, attempt.fence, attempt.stage, self._now(), None, "", ""),
            )
            names = (attempt.key, attempt.fence)
            self._attempts.setdefault(names, (attempt.lesson_id, row))
            self._owners.setdefault(names, attempt.owner)
            highest = self.last_fence(attempt.key)
            return self._owners.get((attempt.key, highest), "") == attempt.owner

    def attempt_ended(self, attempt: Attempt, outcome: str, error: str) -> None:
        """Note how a run ended, also when its begin was never noted."""
        with self._lock:
            self.attempt_started(attempt)
            self._end_attempt(attempt, outcome, error, self._now())

    def attempts(self, key: str) -> tuple[AttemptRow, ...]:
        """List the attempts of one piece of work, in order."""
        with self._lock:
            rows = [row for _, row in self._attempts.values() if row.key == key]
            return tuple(sorted(rows, key=lambda row: row.fence))

    def last_fence(self, key: str) -> int:
        """Give the highest fence of any attempt of this work."""
        with self._lock:
            return max((fence for of, fence in self._attempts if of == key), default=0)

    def attempts_told(self, attempts: Sequence[Attempt]) -> None:
        """Note runs that had no database to note themselves; an end that is known stays."""
        with self._lock:
            for run in attempts:
                times = (run.started_at or self._now(), run.ended_at or self._now())
                row = AttemptRow(run.key, run.fence, run.stage, times[0], None, "", "")
                self._attempts.setdefault((run.key, run.fence), (run.lesson_id, row))
                self._end_attempt(run, run.outcome, run.error, times[1])

    def dead_letter(self, letter: DeadLetter) -> None:
        """Record a dead letter, and fail its request where the id is readable and new."""
        with self._lock:
            names = (letter.stage, letter.message_id)
            new = DeadLetterRow(*names, letter.reason, letter.detail, letter.field, 0, self._now())
            request_id, row = self._dead.get(names, (letter.request_id, new))
            row = replace(row, count=row.count + 1, last_seen=self._now())
            self._dead[names] = (request_id, row)
            self._settled |= {names} if letter.resolution else set()
            new_id = letter.request_id and letter.request_id not in self._requests
            if letter.ends_request and new_id:
                run = self._begun(letter.request_id, "failed", "")
                run = replace(run, reason=f"{letter.reason}: {letter.detail}")
                run = replace(run, finished_at=self._now())
                asked = replace(UNREAD, correlation_id=letter.correlation_id or letter.request_id)
                self._enter(_Request(run, asked, error_stage=letter.stage), letter.stage)

    @property
    def letters(self) -> tuple[DeadLetterRow, ...]:
        """Every dead letter, in order."""
        with self._lock:
            return tuple(row for _, row in self._dead.values())

    @property
    def open_letters(self) -> int:
        """Count the dead letters that nothing has settled."""
        with self._lock:
            return len(self._dead.keys() - self._settled)

    def runs(self, limit: int) -> tuple[Run, ...]:
        """List the newest requests."""
        with self._lock:
            newest = list(self._requests.values())[::-1][:limit]
            return tuple(self._run(row) for row in newest)

    def show(self, request_id: str) -> RequestReport:
        """Report on one request, named by its id or the beginning of it."""
        digits = request_id.lower().replace("-", "")
        with self._lock:
            found = [id_ for id_ in self._requests if id_.replace("-", "").startswith(digits)]
            if len(found) != 1 or not digits:
                raise Missing("not exactly one request begins so")
            row = self._requests[found[0]]
            return self._report(found[0], row)

    def _report(self, request_id: str, row: _Request) -> RequestReport:
        lesson_id = row.run.lesson_id
        lesson = self._lessons.get(lesson_id)
        if lesson:
            lesson = replace(lesson, lesson=replace(lesson.lesson, scenes=len(lesson.scenes)))
        return RequestReport(
            run=self._run(row),
            asked=row.asked,
            error_stage=row.error_stage,
            history=tuple(row.history),
            lesson=lesson,
            attempts=tuple(
                attempt
                for of_lesson, attempt in self._attempts.values()
                if (of_lesson and of_lesson == lesson_id)
                or attempt.key.startswith(f"ingest/{request_id}")
            ),
            rounds=tuple(row.rounds),
            dead_letters=tuple(row for of, row in self._dead.values() if of == request_id),
        )

    def _run(self, row: _Request) -> Run:
        lesson = self._lessons.get(row.run.lesson_id)
        if lesson is None:
            return row.run
        rendered = sum(scene.rendered_at is not None for scene in lesson.scenes)
        return replace(
            row.run,
            lesson_status=lesson.lesson.status,
            scenes=len(lesson.scenes),
            rendered=rendered,
        )

    def _end_attempt(self, attempt: Attempt, outcome: str, error: str, at: datetime) -> None:
        lesson_id, row = self._attempts[attempt.key, attempt.fence]
        if row.ended_at is None:
            row = replace(row, ended_at=at, outcome=outcome, error=error)
            self._attempts[attempt.key, attempt.fence] = (lesson_id, row)

    def _latest(self, identity: str) -> str:
        """Choose the lesson that a new request attaches to: the latest, or one begun afresh."""
        take = 0
        while (found := self._lessons.get(take_id(identity, take))) is not None:
            status = found.lesson.status
            failed = status == "failed" and take + 1 < LESSON_TAKES
            if status != "abandoned" and not failed:
                break
            take += 1
        return take_id(identity, take)

    def _lesson_of(self, request: Request) -> str:
        row = self._requests[request.request_id]
        if row.content != _content(request):
            reused = "request_id: another request has it"
            raise Unreadable("request-id-reused", reused, "request_id", request.request_id)
        return row.run.lesson_id

    def _row(self, request: Request, status: RequestStatus, lesson_id: str) -> _Request:
        brief = request.brief
        asked = Asked(
            *(request.correlation_id, request.student_id, request.organization_id),
            *(request.environment, brief.interest, request.grade_level, brief.grade_band),
        )
        run = self._begun(request.request_id, status, lesson_id)
        run = replace(run, question=brief.question, modalities=brief.modalities)
        return _Request(run, asked, _content(request), request=request)

    def _begin(self, lesson_id: str, request: Request) -> None:
        lesson = Lesson(lesson_id, "requested", request.meant, requested_by=request.request_id)
        report = LessonReport(lesson, self._now(), None, None, ())
        self._lessons.setdefault(lesson_id, report)

    def _begun(self, request_id: str, status: RequestStatus, lesson_id: str) -> Run:
        now = self._now()
        return Run(request_id, status, "", (), lesson_id, None, 0, 0, "", now, None)

    def _enter(self, row: _Request, stage: str) -> None:
        row.history.append(Move(self._now(), row.run.status, stage, row.run.reason))
        self._requests[row.run.request_id] = row

    def _open(self, lesson_id: str, *statuses: LessonStatus) -> LessonReport | None:
        found = self._lessons.get(lesson_id)
        return found if found and found.lesson.status in statuses else None
