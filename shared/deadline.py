"""The function's own time: no call may take longer than what is left of it.

    start |---- work: checkpoints pass ----| work deadline |-- record, emit --| timeout: no call

A call that hangs is given up in time for its run to end by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.errors import Transient

Monotonic = Callable[[], float]
LEAST_S = 0.1  # less than a call over a network needs


@contextmanager
def within(timeout_s: float) -> Iterator[None]:
    """Let every call of the block end within so many seconds from now."""
    token = _end.set(_clock.get()() + timeout_s)
    try:
        yield
    finally:
        _end.reset(token)


def left_s(most_s: float) -> float:
    """Give how long a call may take, in seconds: at most `most_s`.

    Raises Transient when the time is used up.  Outside of any function nothing is.
    """
    end = _end.get()
    if end is None:
        return most_s
    left = end - _clock.get()()
    if left < LEAST_S:
        raise Transient("the function's time is used up")
    return min(most_s, left)


def stopwatch() -> Monotonic:
    """Begin to measure seconds."""
    clock = _clock.get()
    start = clock()
    return lambda: clock() - start


@contextmanager
def timed_by(clock: Monotonic) -> Iterator[None]:
    """Let a block's time be another than this process's own: a test's, which stands still."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)


_end: ContextVar[float | None] = ContextVar("end", default=None)
_clock: ContextVar[Monotonic] = ContextVar("clock", default=time.monotonic)
