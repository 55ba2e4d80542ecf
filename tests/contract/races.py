"""Many threads at one thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
THREADS = 8
ROUNDS = 20


def race(run: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """Let each thread run once, all from the same moment; give what they returned."""
    start = threading.Barrier(threads)

    def one(number: int) -> T:
        start.wait()
        return run(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
