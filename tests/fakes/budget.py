"""The speech budget in a dictionary, with a clock that a test may hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.spending.ledger import Caps, Spent, Verdict, decided
from shared.voices.budget import Narrated
from tests.fakes.ledger import wall_clock


@dataclass
class Row:
    """One lesson's speech."""

    narrated: Narrated
    organisation: str
    at: datetime
    characters: int
    micros: int
    settled: bool = False


class MemoryBudget:
    """The port Budget; `organisations` tells whose request began which lesson."""

    def __init__(
        self,
        now: Callable[[], datetime] = wall_clock,
        organisations: Mapping[str, str] | None = None,
    ) -> None:
        self._now = now
        self._organisations = organisations or {}
        self._lock = threading.Lock()
        self.rows: dict[str, Row] = {}

    def reserve(self, narrated: Narrated, caps: Caps) -> Verdict:
        """Reserve what a lesson's speech may cost, or say why not; once for each lesson."""
        with self._lock:
            if narrated.lesson_id in self.rows:
                return "granted"
            now, whose = self._now(), self._organisations.get(narrated.lesson_id, "")
            today = [row for row in self.rows.values() if row.at.date() == now.date()]
            spent = Spent(
                organisation=sum(row.micros for row in today if row.organisation == whose),
                day=sum(row.micros for row in today),
            )
            word = decided(narrated.worst, spent, caps, lets_through=True)
            if word == "granted":
                told = (narrated.characters, narrated.worst)
                self.rows[narrated.lesson_id] = Row(narrated, whose, now, *told)
            return word

    def settle(self, lesson_id: str, characters: int, micros: int) -> None:
        """Note what a lesson's speech came to; repeating it changes nothing."""
        with self._lock:
            row = self.rows.get(lesson_id)
            if row is not None and not row.settled:
                row.characters, row.micros, row.settled = characters, micros, True
