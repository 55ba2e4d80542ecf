"""Ask whether a weakness is known in any package that we install.  locks -> advisories.

    python ops/supply/audit.py [--database URL] [LOCK ...]

Exit code 0 when none is known, 1 when one is, 2 when the advisory database could not be asked: a
package that nobody looked up counts as not asked.  pip-audit runs in an environment of its own,
installed from the hashes beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = "ops/supply/requirements.txt"
LOCKS = ("requirements.txt", TOOLS)  # what is deployed is a part of the first; a test says so
DATABASE = "https://api.osv.dev/v1/query"
CLEAN, WEAK, UNASKED = 0, 1, 2


def main(database: str, locks: Sequence[str]) -> int:
    """Audit each lock and tell what is known; gives the exit code."""
    packages: list[dict[str, Any]] = []
    for lock in locks:
        found, fault = _audited(lock, database)
        if fault:
            told = f"{lock} was not audited; the advisory database is {database}.\n{fault}"
            return _tell(UNASKED, told)
        packages += found
    weak = list(_weaknesses(packages))
    if weak:
        return _tell(WEAK, "\n".join([*weak, "Raise its version in requirements.in: make lock"]))
    skipped = [f"{one['name']}: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    if skipped or not packages:
        return _tell(UNASKED, "\n".join([*skipped, "Not every package was audited."]))
    return _tell(CLEAN, f"No weakness is known in any of {len(packages)} packages.")


def _audited(lock: str, database: str) -> tuple[list[dict[str, Any]], str]:
    """Give what is known of each package of a lock, or why nobody could be asked."""
    uv = str(Path(sys.executable).with_name("uv"))
    words = [uv, "run", "--no-project", "--quiet", "--with-requirements", TOOLS, "pip-audit"]
    words += ["--vulnerability-service=osv", f"--osv-url={database}", "--disable-pip", "--strict"]
    words += ["--format=json", "--progress-spinner=off", "--timeout=15", f"--requirement={lock}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return [], (said or ["no word"])[-1]


def _weaknesses(packages: list[dict[str, Any]]) -> Iterator[str]:
    for one in packages:
        for weakness in one.get("vulns", ()):
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            yield f"{one['name']} {one['version']}: {weakness['id']}, mended in {mended}"


def _tell(code: int, words: str) -> int:
    (sys.stdout if code == CLEAN else sys.stderr).write(f"{words}\n")
    return code


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--database", default=DATABASE, help="an OSV database's query address")
    reader.add_argument("locks", nargs="*", default=LOCKS, metavar="LOCK", help="all, if none")
    given = reader.parse_args()
    sys.exit(main(given.database, given.locks))
