"""The ledger in a list, with a clock that a test may hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.errors import LeaseLost
from shared.spending.breaker import Breaker
from shared.spending.ledger import Bill, Call, Caps, Cost, Spent, Verdict, decided

MINUTE = timedelta(seconds=60)


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass
class _Row:
    call: Call
    organisation: str
    at: datetime
    bill: Bill
    settled: bool = False


class MemoryLedger:
    """The port Ledger; `organisations` tells whose request began which lesson."""

    def __init__(
        self,
        now: Callable[[], datetime] = wall_clock,
        organisations: Mapping[str, str] | None = None,
    ) -> None:
        self._now = now
        self._organisations = organisations or {}
        self._lock = threading.Lock()
        self._rows: dict[tuple[str, int, str], _Row] = {}
        self.breaker = Breaker()

    @property
    def times(self) -> list[datetime]:
        """When each call was admitted."""
        return [row.at for row in self._rows.values()]

    def admit(self, call: Call, caps: Caps) -> Verdict:
        """Reserve the worst that a call can cost, or say why not."""
        with self._lock:
            now, name = self._now(), (call.key, call.fence, call.kind)
            known = self._rows.get(name)
            if known is not None and not known.settled:
                return "granted"
            if known is not None:
                raise LeaseLost("this call has its end")
            if any(key == call.key and fence > call.fence for key, fence, _ in self._rows):
                raise LeaseLost("a later run has paid")
            whose = self._organisations.get(call.lesson_id, "")
            lets_through = self.breaker.lets_through(now)
            word = decided(
                call.worst, self._spent(call, whose, now), caps, lets_through=lets_through
            )
            if word == "granted":
                self.breaker = self.breaker.called(now)
                self._rows[name] = _Row(call, whose, now, Bill(micros=call.worst))
            return word

    def settle(self, call: Call, bill: Bill) -> None:
        """Note that a call was answered and what it cost."""
        self._end(call, bill, faulty=False)

    def failed(self, call: Call, *, billed: bool, faulty: bool) -> None:
        """Note a call without an answer."""
        self._end(call, Bill(micros=call.worst if billed else 0), faulty=faulty)

    def costs(self, lesson_id: str) -> tuple[Cost, ...]:
        """List what a lesson cost, oldest first."""
        with self._lock:
            rows = [row for row in self._rows.values() if row.call.lesson_id == lesson_id]
            return tuple(Cost(row.call.kind, row.bill, row.settled) for row in rows)

    def _end(self, call: Call, bill: Bill, *, faulty: bool) -> None:
        with self._lock:
            row = self._rows.get((call.key, call.fence, call.kind))
            if row is None or row.settled:
                return
            row.bill, row.settled = bill, True
            now = self._now()
            self.breaker = self.breaker.failed(now) if faulty else self.breaker.worked(now)

    def _spent(self, call: Call, whose: str, now: datetime) -> Spent:
        rows = self._rows.values()
        today = [row for row in rows if row.at.date() == now.date()]
        return Spent(
            lesson=sum(row.bill.micros for row in rows if row.call.lesson_id == call.lesson_id),
            organisation=sum(row.bill.micros for row in today if row.organisation == whose),
            day=sum(row.bill.micros for row in today),
            calls=sum(now - row.at < MINUTE for row in rows),
        )
