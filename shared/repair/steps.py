"""Steps that are taken one after the other, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack


def take_all(steps: Iterable[Callable[[], None]]) -> None:
    """Take every step, whatever becomes of the others; raises the last of their faults."""
    with ExitStack() as stack:
        for step in reversed(tuple(steps)):
            stack.callback(step)
