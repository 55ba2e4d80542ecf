"""Whether everything answers that an answer needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Lock

from shared import deadline
from shared.errors import PipelineError

PATIENCE_S = 5.0  # the first time a client loads, and says who it is
KNOWN_S = 2.0  # nobody needs an account to ask, so asking often must cost nothing
OK, SILENT = "ok", f"no answer within {PATIENCE_S:.0f} s"
Check = Callable[[], object]


class Health:
    """Asks each service, all at once, each for `PATIENCE_S` at most."""

    def __init__(
        self, checks: Mapping[str, Check], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._checks = dict(checks)
        self._monotonic = monotonic
        self._lock = Lock()
        self._known: tuple[float, Mapping[str, str]] | None = None
        self._asking: dict[str, Future[None]] = {}
        self._threads = ThreadPoolExecutor(len(checks), thread_name_prefix="ready")

    def report(self) -> Mapping[str, str]:
        """Say of each service whether it answers: `OK`, or why not."""
        with self._lock:
            if self._known is None or self._monotonic() - self._known[0] >= KNOWN_S:
                report = self._asked()
                self._known = self._monotonic(), report
            return self._known[1]

    def _asked(self) -> Mapping[str, str]:
        for name, check in self._checks.items():
            # One that hangs keeps its thread, and is not asked again before it lets go.
            if name not in self._asking or self._asking[name].done():
                self._asking[name] = self._threads.submit(_asked_in_time, check)
        give_up = time.monotonic() + PATIENCE_S
        return {name: _told(asking, give_up) for name, asking in self._asking.items()}


def _asked_in_time(check: Check) -> None:
    with deadline.within(PATIENCE_S):
        check()


def _told(asking: Future[None], give_up: float) -> str:
    try:
        asking.result(max(0.0, give_up - time.monotonic()))
    except TooLate:
        return SILENT
    except PipelineError as fault:
        return str(fault)
    except Exception as fault:  # noqa: BLE001 - whatever a client raises, the service is not ready
        return type(fault).__name__
    return OK
