"""What an operator sees of a request: one line in a list, or everything with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.question.inquiry import Inquiry, Round
from shared.rows import Lesson, LessonStatus, RequestStatus
from shared.spending.ledger import Cost


@dataclass(frozen=True, slots=True)
class Run:
    """One request in a list, newest first; all times are the database's."""

    request_id: str
    status: RequestStatus
    question: str
    modalities: tuple[str, ...]
    lesson_id: str
    lesson_status: LessonStatus | None
    scenes: int
    rendered: int
    reason: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of a request's history."""

    at: datetime
    status: RequestStatus
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One scene of the plan, and the run that made it once it is there."""

    n: int
    type: str
    rendered_at: datetime | None
    attempt_fence: int


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One run of one piece of work; `outcome` is empty while it goes on, or after a kill."""

    key: str
    fence: int
    stage: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    error: str


@dataclass(frozen=True, slots=True)
class DeadLetterRow:
    """A message that nobody could work on, and how often it came."""

    stage: str
    message_id: str
    reason: str
    detail: str
    field: str
    count: int
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class LessonReport:
    """A lesson with the times of its steps."""

    lesson: Lesson
    requested_at: datetime
    scripted_at: datetime | None
    finished_at: datetime | None
    scenes: tuple[SceneRow, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, in which words; empty, and grade 0, when the request was unreadable."""

    correlation_id: str
    student_id: str
    organization_id: str
    environment: str
    interest: str
    grade_level: int
    grade_band: str


@dataclass(frozen=True, slots=True)
class RequestReport:
    """One request with all that is known of it; `lesson` is None when it was unreadable."""

    run: Run
    asked: Asked
    error_stage: str
    history: tuple[Move, ...]
    lesson: LessonReport | None
    attempts: tuple[AttemptRow, ...]
    dead_letters: tuple[DeadLetterRow, ...]
    costs: tuple[Cost, ...] = ()  # of its lesson, which others may share
    rounds: tuple[Round, ...] = ()  # what the student was asked back

    @property
    def open(self) -> Inquiry | None:
        """What the student may answer now."""
        last = self.rounds[-1] if self.rounds else None
        waits = last and self.run.status == "needs_input" and not last.answer
        return last.inquiry if last and waits else None


class Reports(Protocol):
    """What the command line asks; read only."""

    def runs(self, limit: int) -> tuple[Run, ...]:
        """List the newest requests."""

    def show(self, request_id: str) -> RequestReport:
        """Report on one request, named by its id or the beginning of it.

        Raises Missing when none, or more than one, begins so.
        """
