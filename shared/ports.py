"""What the pipeline needs from the world, named for the need; each has one production adapter.

Adapters live in `shared/gcp`, their in-memory fakes in `tests/fakes`; both pass the contract suites
in `tests/contract`.  Vendor errors never pass a port: they become those of `shared.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, Protocol

from shared.claim import Claim
from shared.embedding.ports import MayEmbed
from shared.lesson.plan import Brief, Plan, Shape, Speaker
from shared.library.book import Book, Hit, Material, Section, Source
from shared.messages import Message
from shared.question.ports import Inquiries, Outline
from shared.repair.standstill import Gauges, Stalled, Unanswered
from shared.rows import (
    Attached,
    Attempt,
    Cancelled,
    DeadLetter,
    Lesson,
    LessonStatus,
    Request,
    RequestStatus,
)  # fmt: skip
from shared.voice import PaidVoice, Voice
from shared.voices.budget import Budget
from shared.voices.settings import SpeechSettings

Bucket = Literal["generated", "oer", "scenes"]


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as the server holds it; all times are the server's own."""

    claim: Claim
    create_time: datetime
    update_time: datetime
    read_time: datetime


class Claims(Protocol):
    """Idempotency records, compared and set by the server's `update_time`."""

    def read(self, key: str) -> StoredClaim | None:
        """Fetch one claim; None when nobody ever made it."""

    def create(self, claim: Claim) -> StoredClaim:
        """Write a claim that must not exist yet; raises Conflict or Unsure."""

    def replace(self, seen: StoredClaim, claim: Claim) -> StoredClaim:
        """Write over exactly the version that was seen; raises Conflict or Unsure."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One generation of one object; `size` in bytes."""

    bucket: Bucket
    name: str
    generation: int
    size: int
    content_type: str
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """The digest that its creator wrote into its metadata; empty when there is none."""
        return self.metadata.get("sha256", "")


class Objects(Protocol):
    """Files that are created once and never overwritten."""

    def create(
        self,
        bucket: Bucket,
        name: str,
        content: bytes | Path,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Create an object, or adopt the one of this name: its `sha256` tells; raises Transient."""

    def find(self, bucket: Bucket, name: str) -> StoredObject | None:
        """Look one object up; None when it is not there."""

    def read(self, bucket: Bucket, name: str, generation: int | None = None) -> bytes:
        """Fetch a whole object; raises Missing."""

    def open(self, bucket: Bucket, name: str, generation: int) -> AbstractContextManager[IO[bytes]]:
        """Open a seekable reader that fetches only the ranges that are read; raises Missing."""

    def list(self, bucket: Bucket, prefix: str) -> tuple[StoredObject, ...]:
        """List all objects below a prefix, by name; strongly consistent."""


class Events(Protocol):
    """The way out."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish and wait until the server confirmed all of them; raises Transient or Unsure."""


class Records(Inquiries, Protocol):
    """Durable status; every move names the status it leaves and happens at most once."""

    def accept(self, request: Request, identity: str) -> str:
        """Store a request and, when it is the first of its kind, its lesson; commit.

        Gives its lesson, empty while it is asked back.  One that was abandoned, or failed fewer
        than `LESSON_TAKES` times, is begun afresh under `take_id`.  A redelivery stays with its
        first lesson.  The same id with other content raises Unreadable("request-id-reused").
        """

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Read a lesson's row."""

    def scripted(self, lesson_id: str, plan: StoredObject, scenes: Sequence[str]) -> bool:
        """Move a lesson requested -> scripted; `scenes` are their types in order."""

    def rendered(self, lesson_id: str, scenes: Mapping[int, Attempt]) -> None:
        """Note which scenes are there, with the attempts that made them."""

    def attempts_told(self, attempts: Sequence[Attempt]) -> None:
        """Note runs that had no database to note themselves; those that are known stay."""

    def completed(self, lesson_id: str, files: Mapping[str, str]) -> bool:
        """Move a lesson scripted -> completed (text only: the plan's files)."""

    def ended(self, lesson_id: str, status: LessonStatus, reason: str, stage: str) -> bool:
        """Move an open lesson to refused or failed, with the reason."""

    def attached(self, lesson_id: str) -> tuple[Attached, ...]:
        """List the requests of a lesson that were not cancelled, answered ones too.

        Whoever repeats a half-finished answer must repeat every completion.
        """

    def answered(
        self, request_id: str, status: RequestStatus, reason: str, stage: str
    ) -> float | None:
        """Move a request accepted -> its end, after so many seconds; None when it was there."""

    def cancel(self, request_id: str) -> Cancelled:
        """Detach a request from its lesson, and abandon one that nobody waits for any more.

        Raises Missing.
        """

    def attempt_started(self, attempt: Attempt) -> bool:
        """Note that a run begins; False when another owner's run has this fence or a higher one."""

    def last_fence(self, key: str) -> int:
        """Give the highest fence of any attempt of this work; 0 when there is none."""

    def attempt_ended(self, attempt: Attempt, outcome: str, error: str) -> None:
        """Note how a run ended; the first note stays."""

    def dead_letter(self, letter: DeadLetter) -> None:
        """Record a dead letter, and fail its request where the id is readable and new."""


class Upkeep(Gauges, Protocol):
    """What stands still; `repair` asks, each time for `SWEEP_ROWS` at most.

    The port's own clock counts, and no lesson or request is told that moved a short while ago.
    """

    def stalled(self) -> tuple[Stalled, ...]:
        """List open lessons that have not moved, and mark them as nudged; commit.

        Two sweeps at once get each lesson once, and no sweep gets it again soon.
        """

    def unanswered(self) -> tuple[Unanswered, ...]:
        """List requests that still wait although their lesson has ended."""

    def overdue(self) -> tuple[str, ...]:
        """List lessons that are open for longer than any may be."""

    def abandoned(self) -> tuple[str, ...]:
        """List abandoned lessons that `marked` was not told of."""

    def marked(self, lesson_id: str) -> None:
        """Note that an abandoned lesson has its mark."""

    def archives(self) -> frozenset[str]:
        """Give the digests of all books' archives that were ever indexed."""

    def recorded(self, stage: str, message_id: str) -> bool:
        """Tell whether a dead letter has its row."""

    def retire(self) -> Mapping[str, int]:
        """Take away what is kept no longer; gives how many rows of which kind."""

    def period(self) -> str:
        """Name the present stretch of `QUIET_S`; equal names are equal stretches."""


class Library(Outline, Protocol):
    """The textbooks, indexed."""

    def corpus(self) -> str:
        """Hash what is indexed now; part of a lesson's identity."""

    def add(self, book: Book) -> bool:
        """Index a book in one transaction; False when this very archive is indexed already."""

    def search(self, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Rank passages that hold any of these words, best first."""

    def section(self, module: str) -> tuple[Source, Section]:
        """Fetch one section with everything in it; raises Missing."""

    def sections(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """List (module, title, key terms) of every section."""


class Author(Protocol):
    """Who turns a brief and a book's material into a plan."""

    name: str

    def write(self, lesson_id: str, brief: Brief, material: Material) -> Plan:
        """Write a plan; raises Refused."""


class Services(MayEmbed, Protocol):
    """Everything a stage may use, each built at its first use."""

    @property
    def buckets(self) -> Mapping[Bucket, str]:
        """What each bucket is called in this project."""

    @property
    def claims(self) -> Claims:
        """Who works on what."""

    @property
    def objects(self) -> Objects:
        """Where files lie."""

    @property
    def events(self) -> Events:
        """Where events leave."""

    @property
    def records(self) -> Records:
        """What is known of requests and lessons."""

    @property
    def upkeep(self) -> Upkeep:
        """What stands still."""

    @property
    def library(self) -> Library:
        """What may be taught from."""

    @property
    def author(self) -> Author:
        """Who writes plans."""

    @property
    def voice(self) -> Voice:
        """Who speaks where nobody is paid to."""

    @property
    def speech(self) -> SpeechSettings | None:
        """Who is paid to speak new lessons; None for nobody."""

    @property
    def budget(self) -> Budget:
        """What may be paid for speech."""

    def speaking(self, speaker: Speaker) -> PaidVoice:
        """Give the voice that a plan names."""

    @property
    def film_shape(self) -> Shape:
        """How the pictures of new lessons are shaped."""

    def versions(self, brief: Brief) -> Mapping[str, str]:
        """Name what shapes a lesson of this brief; part of its identity."""
