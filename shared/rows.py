"""What is known of requests, lessons, attempts and dead letters, as one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.lesson.plan import Brief

RequestStatus = Literal["accepted", "completed", "refused", "failed", "needs_input", "cancelled"]
LessonStatus = Literal["requested", "scripted", "completed", "refused", "failed", "abandoned"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a student asked, as `shared/request.py` read it.

    `understood` is what the question was taken to mean, where it does not say so itself.
    """

    request_id: str
    correlation_id: str
    student_id: str
    organization_id: str
    environment: str
    grade_level: int
    brief: Brief
    understood: str = ""

    @property
    def meant(self) -> Brief:
        """What to teach, and to whom."""
        return replace(self.brief, question=self.understood or self.brief.question)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's row."""

    lesson_id: str
    status: LessonStatus
    brief: Brief
    plan_object: str = ""
    plan_generation: int = 0
    scenes: int = 0
    requested_by: str = ""  # the request that created it, and alone asks for its script
    files: Mapping[str, str] = field(default_factory=dict)  # "film" -> object name, …
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A request that a lesson answers."""

    request_id: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of a request that somebody cancelled.

    `status` is another one when the request had its end before.  `abandoned` is the lesson that
    nobody waits for any more, or empty.
    """

    status: RequestStatus
    abandoned: str = ""


Resolution = Literal["", "harmless", "sent-again", "replayed", "discarded"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that nobody can work on; (stage, message id) names it once.

    `ends_request` fails the request whose id could be read, if that is new.  `claim_key` and
    `claim` are the work's claim as it was found, `resolution` is what settled the letter.
    """

    stage: str
    message_id: str
    reason: str  # a closed set of kebab-case words
    detail: str  # names the field and the rule, never student text
    field: str
    body: bytes
    attributes: Mapping[str, str]
    request_id: str = ""
    correlation_id: str = ""
    lesson_id: str = ""
    claim_key: str = ""
    claim: str = ""  # JSON
    resolution: Resolution = ""
    ends_request: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of one piece of work; (key, fence) names it.

    Times, outcome and error are given for a run that had no database itself; else the database's
    clock counts.
    """

    key: str
    fence: int
    stage: str
    lesson_id: str
    owner: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    error: str = ""
