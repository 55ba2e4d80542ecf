"""Claims in a dictionary."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from shared.claim import Claim
from shared.errors import Conflict
from shared.ports import StoredClaim

Now = Callable[[], datetime]


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class MemoryClaims:
    """The port Claims; `now` is the server's clock, which a test may hold still."""

    def __init__(self, now: Now = wall_clock) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._stored: dict[str, tuple[Claim, datetime, datetime]] = {}

    @property
    def all(self) -> dict[str, Claim]:
        """Every claim as it stands, by its key."""
        with self._lock:
            return {key: claim for key, (claim, _, _) in self._stored.items()}

    def read(self, key: str) -> StoredClaim | None:
        """Fetch one claim; None when nobody ever made it."""
        with self._lock:
            if key not in self._stored:
                return None
            return StoredClaim(*self._stored[key], self._tick())

    def create(self, claim: Claim) -> StoredClaim:
        """Write a claim that must not exist yet; raises Conflict."""
        with self._lock:
            if claim.key in self._stored:
                raise Conflict(claim.key)
            now = self._tick()
            return self._write(claim, now, now)

    def replace(self, seen: StoredClaim, claim: Claim) -> StoredClaim:
        """Write over exactly the version that was seen; raises Conflict."""
        with self._lock:
            stored, created, updated = self._stored.get(claim.key, (None, None, None))
            if updated != seen.update_time:
                raise Conflict(claim.key)
            # As with Firestore, an equal write does not move the time.
            return self._write(claim, created, updated if stored == claim else self._tick())

    def erase(self, key: str) -> None:
        """Take a claim away; one that is not there is no fault."""
        with self._lock:
            self._stored.pop(key, None)

    def _write(self, claim: Claim, created: datetime, now: datetime) -> StoredClaim:
        self._stored[claim.key] = (claim, created, now)
        return StoredClaim(claim, created, now, now)

    def _tick(self) -> datetime:
        self._last = max(self._now(), self._last + timedelta(microseconds=1))
        return self._last
