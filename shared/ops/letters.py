"""Dead letters as an operator sees them, and the port that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shared.rows import LessonStatus, RequestStatus, Resolution


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which letters are meant; `older_s` and `newer_s` are about when one was last seen."""

    stages: tuple[str, ...] = ()  # none means all, also one that is no function's
    reason: str = ""
    older_s: float | None = None
    newer_s: float | None = None
    settled: bool = False  # those as well
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter in a list; all times are the database's, `read_at` is when it told them."""

    stage: str
    message_id: str
    reason: str
    count: int
    first_seen: datetime
    last_seen: datetime
    read_at: datetime
    request_id: str
    lesson_id: str
    resolution: Resolution

    @property
    def id(self) -> str:
        """What a command line calls it."""
        return f"{self.stage}/{self.message_id}"


@dataclass(frozen=True, slots=True)
class Action:
    """What an operator did with a letter, and what came of it; (letter, operator, at) names it."""

    at: datetime
    action: Literal["replay", "discard"]
    operator: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with all that is known of it.

    `claim` is the claim as it was found then, as JSON; a status is empty where there is no row.
    """

    row: LetterRow
    detail: str
    field: str
    body: bytes
    attributes: Mapping[str, str]
    claim_key: str
    claim: str
    note: str
    resolved_at: datetime | None
    request_status: RequestStatus | Literal[""]
    lesson_status: LessonStatus | Literal[""]
    actions: tuple[Action, ...] = ()


class Letters(Protocol):
    """The dead letters and the journal of what was done with them."""

    def list(self, chosen: Chosen) -> tuple[LetterRow, ...]:
        """List letters, the one that was seen last first."""

    def find(self, named: str) -> Letter:
        """Read one letter, named by stage/message-id or the beginning of it.

        The stage may be left out.  Raises Missing when none, or more than one, is called so.
        """

    def noted(self, row: LetterRow, action: Action) -> None:
        """Journal what is about to be done, which settles nothing; repeating it changes nothing."""

    def replayed(self, row: LetterRow, action: Action) -> None:
        """Settle a letter as sent again, and journal it; repeating an action changes nothing."""

    def discarded(self, row: LetterRow, action: Action) -> bool:
        """Settle an open letter for good, and journal it; False when it was settled before."""


def no_single_letter(named: str, *, several: bool) -> str:
    """Say why a name names nothing."""
    if several:
        return f"More than one dead letter is called {named!r}, or begins so: write more of its id."
    return f"No dead letter is called {named!r}, or begins so: dead-letters list shows them."


def is_called(named: str, stage: str, message_id: str) -> bool:
    """Tell whether a whole name is that of a letter; its stage may be left out."""
    return named in (message_id, f"{stage}/{message_id}")
