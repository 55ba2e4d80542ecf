"""How much memory a process took at most: Linux keeps the number, other systems do not."""

from __future__ import annotations

import re
from pathlib import Path

import psutil

from tests.benchmarks.measurement import NotHere

MEBI = 1024 * 1024


def peak_bytes(pid: int) -> int:
    """Give the most memory that a living process ever had resident; raises NotHere.

    The kernel's own high-water mark, so that no short peak is missed, and which, unlike
    `ru_maxrss`, does not begin with the size of the process that started this one.
    """
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        raise NotHere("the peak memory of a process is read from /proc, which only Linux has")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def peak_of_workers(pid: int) -> int:
    """Give the largest peak among the processes that a server started; raises NotHere."""
    return max(peak_bytes(worker.pid) for worker in psutil.Process(pid).children(recursive=True))
