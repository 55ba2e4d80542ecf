"""How often one caller may ask, in this process: every instance counts for itself.

So a caller gets at most `instances` times as much, and a new instance begins to count anew; what
it is for is a page that polls in a loop without waiting, not an attack.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock

from shared.status.http import Problem
from shared.status.kept import Kept

PER_S = 20.0
BURST = 100.0
CALLERS = 10_000


class Rate:
    """A bucket of questions for each caller, that fills again with time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._left: Kept[str, tuple[float, float]] = Kept(CALLERS)

    def take(self, caller: str) -> None:
        """Take one question; raises Problem when the bucket is empty."""
        now = self._monotonic()
        with self._lock:
            at, left = self._left.get(caller) or (now, BURST)
            left = min(BURST, left + (now - at) * PER_S)
            if left < 1:
                raise _too_often(math.ceil((1 - left) / PER_S))
            self._left.put(caller, (now, left - 1))


def _too_often(wait_s: int) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"More than {PER_S:.0f} questions a second.",
        "Wait as long as Retry-After says; once in three seconds is enough.",
        Retry_After=str(wait_s),
    )
