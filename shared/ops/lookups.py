"""The operator's commands that only look: requests, their counts, the database's indexes."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.limits import STAGES
from shared.ops.desk import Desk
from shared.ops.indexes import judged
from shared.status import body
from shared.status.parameters import STATUSES
from shared.status.rows import Seen

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
DONE = 0
MOST = 10_000
MEBIBYTE = 1024 * 1024


def add_words(words: Words) -> None:
    """Add the commands; each names the function that runs it as `operate`."""
    about = "list requests, newest first, of everybody or of one"
    own = words.add_parser("requests", help=about, description=f"{about.capitalize()}.")
    whose = own.add_mutually_exclusive_group()
    whose.add_argument("--student", help="of one student reference")
    whose.add_argument("--organization", help="of one organisation")
    whose.add_argument("--correlation", help="those that their sender knows by this id")
    whose.add_argument("--failed-in", choices=STAGES, metavar="STAGE", help="failures of a stage")
    own.add_argument("--status", choices=STATUSES, default="", help="only of one status")
    own.add_argument("--limit", type=_number, default=50, help="at most so many (default 50)")
    _ends(own, requests)
    own = words.add_parser("counts", help="count an organisation's requests by their status")
    own.add_argument("--organization", required=True)
    own.add_argument("--days", type=_number, default=30, help="of the last days (default 30)")
    _ends(own, counts)
    about = "size, use and redundancy of each index of the database"
    _ends(words.add_parser("indexes", help=about), indexes)


def requests(options: Namespace, desk: Desk, console: Console) -> int:
    """List requests."""
    found = _found(options, desk)
    if options.json:
        _print([body.entry(one) for one in found])
        return DONE
    table = _table("request", "status", "%", "stage", "created", "ended", "failed in")
    for one in found:
        told = body.entry(one)
        times = (one.created_at, one.finished_at)
        created, ended = (at.strftime("%Y-%m-%d %H:%M:%S") if at else "" for at in times)
        _row(table, one.request_id, one.status, told["progress_percentage"],
             told["current_stage"], created, ended, one.error_stage)  # fmt: skip
    console.print(table if found else "No requests.")
    return DONE


def counts(options: Namespace, desk: Desk, console: Console) -> int:
    """Count requests."""
    counted = desk.requests.counts(options.organization, options.days)
    if options.json:
        _print(dict(counted))
        return DONE
    table = _table("status", "requests")
    for status, count in counted.items():
        _row(table, status, count)
    console.print(table)
    return DONE


def indexes(options: Namespace, desk: Desk, console: Console) -> int:
    """Report on every index, the largest first."""
    verdicts = sorted(judged(desk.indexes.all()), key=lambda one: -one.index.size_bytes)
    if options.json:
        _print([{**asdict(one.index), "said": one.said, "covered_by": one.covered_by}
                for one in verdicts])  # fmt: skip
        return DONE
    table = _table("index", "MiB", "scans", "verdict", "on")
    for one in verdicts:
        index = one.index
        columns = f"{index.columns} where {index.predicate}" if index.predicate else index.columns
        size = f"{index.size_bytes / MEBIBYTE:.1f}"
        _row(table, index.name, size, index.scans, one.said, f"{index.table}: {columns}")
    console.print(table)
    return DONE


def _found(options: Namespace, desk: Desk) -> tuple[Seen, ...]:
    """Ask what the words ask for; raises ValueError for a status that the list cannot have."""
    status, limit, asked = options.status, options.limit, desk.requests
    if options.status and (options.correlation or options.failed_in):
        raise ValueError("--status goes with --student, --organization or alone.")
    if options.correlation:
        return asked.correlated(options.correlation, limit)
    if options.failed_in:
        return asked.failures(options.failed_in, None, limit)
    if options.student:
        return asked.of_student(options.student, status, None, limit)
    if options.organization:
        return asked.of_organization(options.organization, status, None, limit)
    return asked.of_all(status, None, limit)


def _ends(own: argparse.ArgumentParser, operate: Callable[[Namespace, Desk, Console], int]) -> None:
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(operate=operate, needs_cloud=False)


def _number(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from 1 to {MOST}")
    return int(text)


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(headings[0], no_wrap=True, overflow="ignore")  # it is there to be copied
    for heading in headings[1:]:
        table.add_column(heading, overflow="fold")
    return table


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(Text(str(cell)) for cell in cells))


def _print(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, default=str, ensure_ascii=False, indent=2) + "\n")
