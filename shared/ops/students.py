"""What is kept of one student, and the port that finds it and takes it away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.ports import Bucket
from shared.rows import RequestStatus

Kind = Literal["request", "move", "inquiry", "attempt", "lesson", "dead-letter"]


@dataclass(frozen=True, slots=True)
class HeldRequest:
    """One request of the student's; `lesson_id` is empty where it was unreadable."""

    request_id: str
    status: RequestStatus
    lesson_id: str


@dataclass(frozen=True, slots=True)
class HeldLesson:
    """A lesson that the student asked for; `shared` with another student, it stays."""

    lesson_id: str
    shared: bool
    scenes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is kept of one student."""

    requests: tuple[HeldRequest, ...]
    lessons: tuple[HeldLesson, ...]
    letters: tuple[tuple[str, str], ...]  # (stage, message id)

    @property
    def open(self) -> tuple[str, ...]:
        """The requests that still wait."""
        waiting = ("accepted", "needs_input")
        return tuple(one.request_id for one in self.requests if one.status in waiting)

    @property
    def alone(self) -> tuple[HeldLesson, ...]:
        """The lessons that nobody else asked for."""
        return tuple(one for one in self.lessons if not one.shared)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not (self.requests or self.lessons or self.letters)


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is kept of a deletion: a digest, and how much there was."""

    student_sha256: str
    operator: str
    begun_at: datetime
    finished_at: datetime | None
    requests: int
    lessons: int
    dead_letters: int


class Students(Protocol):
    """The rows of single students.  Each move may be repeated."""

    def holdings(self, student: str) -> Holdings:
        """Find everything that is kept of a student."""

    def exported(self, student: str) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
        """Give every row about a student, and of lessons what does not name others."""

    def begin(self, student: str, operator: str) -> None:
        """Write down that a student is to be deleted; from then on nothing of theirs is stored.

        A deletion that was begun and not finished is gone on with.
        """

    def empty(self, lesson_id: str, student: str) -> bool:
        """Take a lesson's words and files away, and let nobody attach to it any more.

        False, with nothing changed, when somebody else asked for it as well.
        """

    def finish(self, student: str) -> Deletion | None:
        """Take the student's rows away, in one transaction; None when nothing was begun."""

    def deletions(self, limit: int) -> tuple[Deletion, ...]:
        """List deletions, the latest first."""

    def deleted_before(self, digests: tuple[str, ...]) -> tuple[str, ...]:
        """Name the students of these digests of whom something is kept; after a restore."""


class Erasing(Protocol):
    """The two ways to take something away that no stage has."""

    def claim(self, key: str) -> None:
        """Take a claim away; one that is not there is no fault."""

    def object(self, bucket: Bucket, name: str) -> None:
        """Take an object away; one that is not there is no fault."""
