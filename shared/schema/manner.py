"""How a run of migrations waits, and whom it tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass


def _silent(_: str) -> None:
    """Tell nobody."""


def _unwatched(_about: str, _process: int) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Manner:
    """`watch` is entered for the time in which the server's process works on something."""

    say: Callable[[str], None] = _silent
    pause: Callable[[float], None] = time.sleep
    watch: Callable[[str, int], AbstractContextManager[None]] = _unwatched
    runner_wait_s: float = 600  # for another runner
    # Whoever waits for a table's lock has everybody wait who comes after; the pipeline's own
    # patience is 3 s.  Less than the second after which the server looks for deadlocks: so it is
    # the migration that gives way, never the pipeline.
    lock_wait_ms: int = 900
    lock_tries: int = 30


QUIET = Manner()
