"""Threads that move one at a time: who holds the baton runs, everybody else waits.

A strand carries one run of a function.  It stands still at each call of a port until it is told to
go on, so that a seed alone decides how several runs interleave.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Strand:
    """A thread that is used again and again; `idle` strands wait for their next run."""

    idle: list[Strand] = []  # noqa: RUF012 - shared on purpose: a thread costs more than a run

    def __init__(self) -> None:
        self._go, self._back = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._back.acquire()
        self._work: Callable[[], None] | None = None
        threading.Thread(target=self._live, name="strand", daemon=True).start()

    @classmethod
    def spare(cls) -> Strand:
        """Take one that has nothing to do."""
        return cls.idle.pop() if cls.idle else cls()

    @property
    def ended(self) -> bool:
        """Whether its work has come to its end."""
        return self._work is None

    @property
    def here(self) -> bool:
        """Whether it is this strand that asks; a run's own threads are not."""
        return threading.get_ident() == self._ident

    def begin(self, work: Callable[[], None]) -> None:
        """Give it work, which must catch what it raises; `resume` lets it start."""
        self._work = work

    def resume(self) -> None:
        """Hand it the baton, and wait until it pauses or ends."""
        self._go.release()
        self._back.acquire()
        if self.ended:
            Strand.idle.append(self)

    def pause(self) -> None:
        """Hand the baton back, from inside, and wait for it."""
        self._back.release()
        self._go.acquire()

    def _live(self) -> None:
        self._ident = threading.get_ident()
        while True:
            self._go.acquire()
            if self._work is not None:
                self._work()
            self._work = None
            self._back.release()
