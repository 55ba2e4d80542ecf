"""What stands still, as the rows tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stalled:
    """An open lesson that has not moved; `scenes` are its plan's, none before it has a plan.

    `nudged_at` is the database's time at which this sweep took it up.
    """

    lesson_id: str
    nudged_at: datetime
    plan_generation: int
    scenes: tuple[int, ...]
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that still waits although its lesson has ended."""

    request_id: str
    correlation_id: str
    lesson_id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the pipeline stands: numbers that only the database knows.

    `dead_letters` are those that nothing has settled, `spent_micros` what models cost since
    midnight UTC, in micro-dollars, reservations included.
    """

    open_requests: int
    oldest_open_s: float
    dead_letters: int
    spent_micros: int


class Gauges(Protocol):
    """How much is open; a part of the port Upkeep."""

    def standing(self) -> Standing:
        """Count what is open now, however long it has been."""
