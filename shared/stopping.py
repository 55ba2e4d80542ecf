"""An instance that is told to stop: its run hears of it at the next checkpoint.

    SIGTERM |--- up to 10 s: checkpoint raises, the claim is given back ---| SIGKILL

Only the main thread may wait for signals, so this works where an instance has one thread.  With
more, a run goes on; what SIGKILL cuts off waits until its lease is over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType


@contextmanager
def heeded() -> Iterator[None]:
    """Note SIGTERM while the block runs, and let whoever waits for it hear of it as well."""
    before = signal.getsignal(signal.SIGTERM)
    in_main = threading.current_thread() is threading.main_thread()
    # Without a handler the process ends at once, which is nobody's to delay.
    if not in_main or not callable(before):
        yield
        return
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()
        before(number, frame)

    token = _told.set(told)
    _handle(stop)
    try:
        yield
    finally:
        _handle(before)
        _told.reset(token)


def is_told() -> bool:
    """Tell whether this instance is to stop."""
    told = _told.get()
    return told is not None and told.is_set()


def _handle(handler: signal._HANDLER) -> None:
    signal.signal(signal.SIGTERM, handler)
    # As the server has it: a signal must not interrupt the calls of a library.
    signal.siginterrupt(signal.SIGTERM, False)  # noqa: FBT003 - positional only


_told: ContextVar[threading.Event | None] = ContextVar("told", default=None)
