"""How long a fresh clone takes to be ready: `make setup` on a clone of HEAD.

The package cache is warm, because the benchmark itself runs in an environment made from it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measurement import Measurement, NotHere

ROOT = Path(__file__).resolve().parents[2]
MOST_S = 60.0
PYTHON = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def measure() -> Iterator[Measurement]:
    """Clone and set up; raises NotHere when this is no clone, CalledProcessError when it fails."""
    if not (ROOT / ".git").exists():
        raise NotHere("only a git checkout can be cloned")
    with tempfile.TemporaryDirectory(prefix="vividly-bench-") as folder:
        began = time.monotonic()
        _run("git", "clone", "--quiet", str(ROOT), f"{folder}/clone")
        # `make` inside `make` would inherit the outer one's wishes.
        plain = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
        _run("make", "-C", f"{folder}/clone", "setup", f"PYTHON={PYTHON}", environment=plain)
        yield Measurement("fresh clone until ready", time.monotonic() - began, "s", MOST_S)


def _run(*words: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL)
