"""Lock every list of packages: exact versions of all that is needed, with the hashes of each.

    python ops/supply/lock.py [--upgrade]

Beside each `requirements.in`, which people write, stands the `requirements.txt` that is installed;
what all of it needs stands in `ops/supply/all.in`, and is locked in the `requirements.txt` above.
One lock fits Python 3.11 to 3.13 on every system; a version stays as it is until --upgrade.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHOLE = "ops/supply/all.in"  # what the tests run with; what is deployed has its versions
WHOLE_LOCK = "requirements.txt"
APART = "ops/supply/requirements.in"  # tools that never meet our code
WORDS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"),
    *("--custom-compile-command", "make lock", "--quiet"),
)


def inputs() -> list[str]:
    """Name every list that people write, the whole one first."""
    return [WHOLE, *sorted(str(one.relative_to(ROOT)) for one in _below("functions", "ops"))]


def main(*more: str) -> str | None:
    """Write every lock; give the last words of the first one that cannot be."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        return f"{uv} is missing: make setup brings it"
    for one in inputs():
        fault = _lock(uv, one, more)
        if fault:
            return f"{one} cannot be locked: {fault}"
    return None


def _below(*folders: str) -> Iterator[Path]:
    return (file for folder in folders for file in (ROOT / folder).rglob("requirements.in"))


def _lock(uv: Path, one: str, more: tuple[str, ...]) -> str:
    """Write the lock of one list; what is deployed takes its versions from the whole."""
    lock = WHOLE_LOCK if one == WHOLE else Path(one).with_suffix(".txt")
    bound = () if one in (WHOLE, APART) else ("--constraints", WHOLE_LOCK)
    words = [uv, "pip", "compile", one, "-o", lock, *WORDS, *bound, *more]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    return done.stderr.strip() if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
