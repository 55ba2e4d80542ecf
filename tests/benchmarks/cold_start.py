"""What a new instance of each function pays before its first event.

Each `main.py` is imported in a fresh interpreter, several times; the median counts.  Seconds are
those of the import alone, memory is the interpreter's peak afterwards.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from local.addresses import SERVERS
from tests.benchmarks.measurement import Measurement, NotHere

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5
MOST_S, MOST_MB = 1.0, 150.0
FORBIDDEN = ("google.cloud.aiplatform", "vertexai")
SHOWN = 8  # modules of the breakdown

PROBE = f"""
import json, os, runpy, sys, time
began = time.perf_counter()
runpy.run_path(sys.argv[1])
seconds = time.perf_counter() - began
from tests.benchmarks.memory import peak_bytes
forbidden = sum(name in sys.modules for name in {FORBIDDEN!r})
print(json.dumps([seconds, peak_bytes(os.getpid()) / 1e6, forbidden]))
"""


def measure() -> Iterator[Measurement]:
    """Measure every function, and say where the time goes when it is too much."""
    if not Path("/proc/self/status").exists():
        raise NotHere("peak memory is read from /proc, which only Linux has")
    for name in SERVERS:
        runs = [_run(name) for _ in range(RUNS)]
        seconds = Measurement(f"{name}: import", median(run[0] for run in runs), "s", MOST_S)
        if not seconds.met:
            print(f"{name} imports slowly; the costliest modules:\n{_breakdown(name)}")
        yield seconds
        yield Measurement(f"{name}: memory", median(run[1] for run in runs), "MB", MOST_MB)
        yield Measurement(f"{name}: forbidden modules", runs[0][2], "modules", 0)


def _run(name: str) -> tuple[float, float, int]:
    """Import one main.py; gives seconds, peak megabytes, and how many modules are forbidden."""
    seconds, megabytes, forbidden = json.loads(_python("-c", PROBE, _main(name)).stdout)
    return seconds, megabytes, forbidden


def _breakdown(name: str) -> str:
    """Name the modules whose imports take longest, each without what it imports itself."""
    timed = _python("-X", "importtime", _main(name)).stderr
    lines = [line.split("|") for line in timed.splitlines() if line.startswith("import time:")]
    costs = [(int(words[0].split()[-1]), words[2].strip()) for words in lines[1:]]
    return "\n".join(f"  {cost / 1e3:6.0f} ms  {module}" for cost, module in _costliest(costs))


def _costliest(costs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(costs, reverse=True)[:SHOWN]


def _main(name: str) -> str:
    return str(ROOT / "functions" / name / "main.py")


def _python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True
    )
