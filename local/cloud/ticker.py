"""What a scheduler does in production: an event, again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from local.cloud.store import Full


class Ticker:
    """Calls `tick` every so many seconds, for the first time after as many."""

    def __init__(self, tick: Callable[[], None], every_s: float) -> None:
        self._tick = tick
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Tick no more, and wait for a tick that is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            with suppress(Full):  # the next tick finds what this one would have
                self._tick()
