"""An instance that is told to stop: its run hears of it at the next checkpoint.

    SIGTERM |--- up to 10 s: checkpoint raises, the claim is given back ---| SIGKILL

At SIGQUIT, its quick way to stop, the server raises SystemExit where the run is; a library's
callback may swallow that, so the next checkpoint says it once more.
Only the main thread may wait for signals, so this works where an instance has one thread.  With
more, a run goes on; what SIGKILL cuts off waits until its lease is over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGQUIT)


@contextmanager
def heeded() -> Iterator[None]:
    """Note a signal to stop while the block runs, and let whoever waits for it hear of it too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told = threading.Event()
    token = _told.set(told)
    try:
        with ExitStack() as restored:
            for number in SIGNALS:
                restored.enter_context(_noted(number, told))
            yield
    finally:
        _told.reset(token)


@contextmanager
def _noted(number: signal.Signals, told: threading.Event) -> Iterator[None]:
    before = signal.getsignal(number)
    # Without a handler the process ends at once, which is nobody's to delay.
    if not callable(before):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()
        before(number, frame)

    _handle(number, stop)
    try:
        yield
    finally:
        _handle(number, before)


def is_told() -> bool:
    """Tell whether this instance is to stop."""
    told = _told.get()
    return told is not None and told.is_set()


def _handle(number: signal.Signals, handler: signal._HANDLER) -> None:
    signal.signal(number, handler)
    # As the server has it: a signal must not interrupt the calls of a library.
    signal.siginterrupt(number, False)  # noqa: FBT003 - positional only


_told: ContextVar[threading.Event | None] = ContextVar("told", default=None)
