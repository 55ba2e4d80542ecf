"""What happened in a soak, one JSON line per fact, in the order in which it was learned.

Facts of the run (what was sent, what was done to the stack, what was measured) come first; what
the stores held at rest comes last.  The checker reads nothing else.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeVar

Role = Literal["first", "again", "equal", "broken"]


@dataclass(frozen=True, slots=True)
class Planned:
    """How long the storm and the calm after it were to be, and how many messages were to come."""

    storm_s: float
    calm_s: float
    requests: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A request whose publish was confirmed; `mark` is text that only its message holds.

    `end` is the status that it should end in.
    """

    at_s: float
    request_id: str
    role: Role
    modality: str
    end: str
    mark: str


@dataclass(frozen=True, slots=True)
class Struck:
    """Something that was done to the stack, and for how long."""

    at_s: float
    fault: str
    target: str
    lasted_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Gauged:
    """What a process took at a moment."""

    at_s: float
    process: str
    pid: int
    rss_mib: float
    files: int


@dataclass(frozen=True, slots=True)
class Connected:
    """How many connections the database had, ours left out."""

    at_s: float
    count: int


@dataclass(frozen=True, slots=True)
class Rested:
    """The end of the waiting: whether everything was at rest, and what was not."""

    at_s: float
    waited_s: float
    left: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as the database knows it."""

    request_id: str
    status: str
    lesson_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson as the database knows it; `files` are object names by what they are."""

    lesson_id: str
    status: str
    modalities: tuple[str, ...]
    plan_generation: int
    scenes: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A run as the database knows it; the times are 0 where there is none."""

    key: str
    fence: int
    stage: str
    outcome: str
    began_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter; `marks` are those of the sent messages that its body holds."""

    stage: str
    message_id: str
    reason: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An object, and all generations under which it was ever seen."""

    bucket: str
    name: str
    generations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A content-completed as it left."""

    request_id: str
    lesson_id: str
    status: str
    event_id: str


Fact = (
    Planned | Sent | Struck | Gauged | Connected | Rested
    | RequestRow | LessonRow | AttemptRow | Letter | Kept | Answered
)  # fmt: skip
F = TypeVar("F")
KINDS = {kind.__name__: kind for kind in Fact.__args__}


class History:
    """The facts of one soak, also on disk."""

    def __init__(self, file: Path | None = None, facts: Iterable[Fact] = ()) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.facts: list[Fact] = []
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """Note a fact."""
        line = json.dumps({"fact": type(fact).__name__, **asdict(fact)})
        with self._lock:
            self.facts.append(fact)
            if self._file is not None:
                with self._file.open("a") as lines:
                    lines.write(f"{line}\n")

    def of(self, kind: type[F]) -> list[F]:
        """List the facts of one kind."""
        with self._lock:
            return [fact for fact in self.facts if isinstance(fact, kind)]


def read(file: Path) -> History:
    """Read a history that was kept."""
    return History(facts=map(_decoded, file.read_text().splitlines()))


def now_s() -> float:
    """Tell the time in epoch seconds, as all facts have it."""
    return time.time()


def _decoded(line: str) -> Fact:
    fields = json.loads(line)
    kind = KINDS[fields.pop("fact")]
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return kind(**fields | lists)
