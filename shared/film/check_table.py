"""Show a film's checks to a person, or give them to a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.film.findings import Check, failed

_COLOURS = {"ok": "green", "fails": "red", "not checked": "yellow"}


def verdict(check: Check) -> str:
    """Say in a word how a check ended."""
    if not check.checked:
        return "not checked"
    return "ok" if check.passed else "fails"


def as_table(checks: Sequence[Check], console: Console) -> None:
    """Print one row per check, and one sentence about all of them."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("check", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("found", overflow="fold")
    table.add_column("limit", overflow="fold")
    for check in checks:
        said = verdict(check)
        value = check.value.removeprefix("not checked: ")
        table.add_row(check.id, Text(said, _COLOURS[said]), Text(value), Text(check.limit))
    console.print(table)
    wrong, left = failed(checks), sum(not check.checked for check in checks)
    fine = len(checks) - len(wrong) - left
    told = f"\n{fine} of {len(checks)} checks passed, {len(wrong)} failed, {left} not checked."
    console.print(told, highlight=False)


def as_json(checks: Sequence[Check], console: Console) -> None:
    """Print the findings as one JSON object."""
    found = [{**asdict(check), "verdict": verdict(check)} for check in checks]
    told = {"passed": not failed(checks), "checks": found}
    console.out(json.dumps(told, ensure_ascii=False, indent=1), highlight=False)


def mistake(film: Path, fault: Exception, console: Console) -> None:
    """Say in one sentence why nothing could be checked."""
    told = str(fault)
    if isinstance(fault, OSError) and fault.strerror:
        told = f"{fault.filename}: {fault.strerror}."
    elif not isinstance(fault, OSError | ValueError):
        told = f"{film}: {told}."
    console.print(told, style="red", markup=False, highlight=False, soft_wrap=True)
