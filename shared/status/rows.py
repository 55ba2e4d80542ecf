"""What `status` reads: requests with what their lessons have come to; all times the database's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.question.inquiry import Inquiry
from shared.rows import LessonStatus, RequestStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """One request, and how far its lesson is.

    Without a lesson, which is when it was unreadable, `lesson_id` is empty.  `plan_object` is
    empty until the plan is stored.  `cost_micros` is None while nobody noted any cost.  `inquiry`
    is what the student is asked now, `asked_at` since when.
    """

    request_id: str
    correlation_id: str
    student_id: str
    organization_id: str
    status: RequestStatus
    modalities: tuple[str, ...]
    created_at: datetime
    finished_at: datetime | None
    failed_at: datetime | None
    error_stage: str
    error_reason: str
    lesson_id: str
    lesson_status: LessonStatus | None
    plan_object: str
    files: Mapping[str, str]
    scripted_at: datetime | None
    ended_at: datetime | None
    scenes: int
    rendered: int
    rendered_at: datetime | None
    started_at: datetime | None
    cost_micros: int | None
    inquiry: Inquiry | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list begins: after the entry of this time and id, newest first."""

    at: datetime
    request_id: str


class Requests(Protocol):
    """The questions that the indexes of `content_requests` answer; each raises Transient.

    A list gives at most `limit` entries after `place`, newest first; without `status` of all.
    """

    def one(self, request_id: str) -> Seen | None:
        """Find a request by its id."""

    def correlated(self, correlation_id: str, limit: int) -> tuple[Seen, ...]:
        """Find the requests that a sender knows by this id."""

    def of_student(
        self, student_id: str, status: str, place: Place | None, limit: int
    ) -> tuple[Seen, ...]:
        """List a student's."""

    def of_organization(
        self, organization_id: str, status: str, place: Place | None, limit: int
    ) -> tuple[Seen, ...]:
        """List an organisation's."""

    def of_all(self, status: str, place: Place | None, limit: int) -> tuple[Seen, ...]:
        """List everybody's."""

    def failures(self, stage: str, place: Place | None, limit: int) -> tuple[Seen, ...]:
        """List those that failed in a stage; their time is that of the failure."""

    def counts(self, organization_id: str, days: int) -> Mapping[str, int]:
        """Count an organisation's requests of the last days by their status."""

    def answers(self) -> None:
        """Ask the database anything at all."""
