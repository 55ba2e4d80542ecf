"""Take each guard away in turn: `python -m tests.mutation [NAME ...] [--json | --markdown]`.

Each guard is removed in a copy of the tree, where some test must fail that did not fail before.
A guard that no test misses, or whose text is not found exactly once, makes this fail; so does a
test that is red while all guards are there.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutation.guards import GUARDS, Guard

ROOT = Path(__file__).parents[2]
KILLER = re.compile(r"^(?:FAILED|ERROR) (?! )(.+?)(?: - .*)?$", re.MULTILINE)  # no line of a log
TESTS_PASSED, TESTS_FAILED = 0, 1  # pytest's exit codes
LONGEST_S = 600
LONGEST_OF_ALL_S = 1800


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one guard's removal; `killed_by` is the test that missed it."""

    guard: str
    protects: str
    killed_by: str
    seconds: float


def main() -> int:
    """Remove the named guards, or all of them."""
    names = [guard.name for guard in GUARDS]
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--markdown", action="store_true", help="print a table for the docs")
    options = parser.parse_args()
    unknown = set(options.names) - set(names)
    if unknown:
        parser.error(f"no guard is called {', '.join(sorted(unknown))}")
    chosen = [guard for guard in GUARDS if guard.name in (options.names or names)]
    verdicts = _judged(chosen, Console(stderr=True))
    if options.json:
        print(json.dumps([asdict(one) for one in verdicts], indent=2))
    elif options.markdown:
        print(_markdown(verdicts))
    else:
        Console().print(_table(verdicts))
    return 0 if all(one.killed_by for one in verdicts) else 1


def _judged(guards: Sequence[Guard], console: Console) -> list[Verdict]:
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        tree = Path(folder) / "tree"
        _copy(tree)
        with console.status("With every guard …"):
            require_green(tuple(dict.fromkeys(test for one in guards for test in one.tests)), tree)
        for n, guard in enumerate(guards, 1):
            with console.status(f"{n} of {len(guards)}: without {guard.name} …"):
                verdicts.append(_without(guard, tree))
    return verdicts


def _copy(tree: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)


def _without(guard: Guard, tree: Path) -> Verdict:
    file = tree / guard.file
    whole = file.read_text("utf-8")
    if whole.count(guard.text) != 1:
        raise SystemExit(f"{guard.name}: its text is not exactly once in {guard.file}")
    began = time.monotonic()
    file.write_text(whole.replace(guard.text, guard.without), "utf-8")
    try:
        killed_by = _failing(guard.tests, tree)
    finally:
        file.write_text(whole, "utf-8")
    return Verdict(guard.name, guard.protects, killed_by, round(time.monotonic() - began, 1))


def require_green(tests: Sequence[str], tree: Path) -> None:
    """Stop where a test fails anyway: that it fails without a guard would say nothing."""
    ran = _run(tests, tree, LONGEST_OF_ALL_S)
    if ran.returncode != TESTS_PASSED:
        found = KILLER.search(ran.stdout)
        raise SystemExit(f"red with every guard in place: {found[1] if found else ran.stdout}")


def _failing(tests: Sequence[str], tree: Path) -> str:
    """Run tests until the first one fails; gives its name, or nothing when all pass."""
    ran = _run(tests, tree, LONGEST_S)
    found = KILLER.search(ran.stdout)
    return found[1] if ran.returncode == TESTS_FAILED and found else ""


def _run(tests: Sequence[str], tree: Path, longest_s: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command, cwd=tree, check=False, capture_output=True, text=True, timeout=longest_s
    )


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table("guard", "protects", "missed by", "seconds")
    for one in verdicts:
        table.add_row(one.guard, one.protects, one.killed_by or "[red]nobody", f"{one.seconds}")
    return table


def _markdown(verdicts: Sequence[Verdict]) -> str:
    rows = [f"| {one.guard} | {one.protects} | `{one.killed_by}` |" for one in verdicts]
    return "\n".join(["| guard | protects | missed by |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.exit(main())
