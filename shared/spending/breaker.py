"""The circuit breaker: when most calls fail, nobody asks for a while, then one tries.

    closed --most calls of a minute failed--> open --its time is over--> one probe
       ^------------------------probe worked-----------------------------'   |
                        open, for twice as long <--------probe failed--------'

Pure: times are the store's own clock, which all instances share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
FEWEST_FAULTS = 5
FAULTY_SHARE = 0.5
FIRST_OPEN_S, MOST_OPEN_S = 30.0, 600.0
PROBE = timedelta(seconds=200)  # longer than any call: a probe that nobody reports is over


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of a service; `open_s` is how long it was last left alone."""

    window: datetime | None = None
    calls: int = 0
    faults: int = 0
    open_until: datetime | None = None
    open_s: float = 0.0
    probe_until: datetime | None = None

    def lets_through(self, now: datetime) -> bool:
        """Whether a call may be made now."""
        if self.open_until is None:
            return True
        return now >= self.open_until and (self.probe_until is None or now >= self.probe_until)

    def called(self, now: datetime) -> Breaker:
        """Note a call that is made: while it is open, as the one probe."""
        if self.open_until is not None:
            return replace(self, probe_until=now + PROBE)
        return self

    def worked(self, now: datetime) -> Breaker:
        """Note a call that was answered, which closes an open one."""
        if self.open_until is not None:
            return Breaker()
        fresh = self._at(now)
        return replace(fresh, calls=fresh.calls + 1)

    def failed(self, now: datetime) -> Breaker:
        """Note a call that the service could not answer."""
        if self.open_until is not None:
            # Calls that were out when it opened tell nothing new.
            return _opened(now, 2 * self.open_s) if self.probe_until else self
        fresh = self._at(now)
        seen = replace(fresh, calls=fresh.calls + 1, faults=fresh.faults + 1)
        is_faulty = seen.faults >= FEWEST_FAULTS and seen.faults >= FAULTY_SHARE * seen.calls
        return _opened(now, FIRST_OPEN_S) if is_faulty else seen

    def _at(self, now: datetime) -> Breaker:
        is_over = self.window is None or now - self.window >= WINDOW
        return Breaker(window=now) if is_over else self


def _opened(now: datetime, open_s: float) -> Breaker:
    open_s = min(open_s, MOST_OPEN_S)
    return Breaker(open_until=now + timedelta(seconds=open_s), open_s=open_s)
