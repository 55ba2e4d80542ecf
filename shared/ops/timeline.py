"""One request from its first moment to its last: moves, runs, scenes, letters, in their order."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.ops.desk import Desk
from shared.report import AttemptRow, RequestReport

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
DONE = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened; nothing in it is a student's."""

    at: datetime
    what: str


def add_words(words: Words) -> None:
    """Add the command."""
    about = "tell all that happened to one request, in its order"
    own = words.add_parser("timeline", help=about, description=f"{about.capitalize()}.")
    own.add_argument("request", metavar="REQUEST", help="its id, or the beginning of it")
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(operate=timeline, needs_cloud=False)


def timeline(options: Namespace, desk: Desk, console: Console) -> int:
    """Show one request; raises Missing where its name names none."""
    report = desk.reports.show(options.request)
    told = facts(report)
    run = report.run
    if options.json:
        about = {"request_id": run.request_id, "status": run.status, "lesson_id": run.lesson_id}
        answer = {**about, "facts": [asdict(one) for one in told]}
        sys.stdout.write(json.dumps(answer, default=str, indent=2) + "\n")
        return DONE
    table = Table(
        box=None, header_style="bold", title_justify="left", title_style="bold",
        title=f"{run.request_id}  {run.status}  lesson {run.lesson_id or 'none'}",
    )  # fmt: skip
    table.add_column("at", no_wrap=True)
    table.add_column("what", overflow="fold")
    for one in told:
        table.add_row(f"{one.at:%Y-%m-%d %H:%M:%S}", Text(one.what))
    console.print(table)
    return DONE


def facts(report: RequestReport) -> tuple[Fact, ...]:
    """List what happened, the first thing first."""
    moves = [Fact(one.at, _words(one.status, one.stage, one.reason)) for one in report.history]
    runs = [fact for one in report.attempts for fact in _run(one)]
    letters = [
        Fact(
            one.last_seen,
            f"dead letter {one.stage}/{one.message_id}: {one.reason}, {one.count} times",
        )
        for one in report.dead_letters
    ]
    lesson = report.lesson
    scenes = [
        Fact(one.rendered_at, f"scene {one.n} was known to be there")
        for one in (lesson.scenes if lesson else ())
        if one.rendered_at
    ]
    return tuple(sorted((*moves, *runs, *letters, *scenes), key=lambda one: one.at))


def _run(one: AttemptRow) -> tuple[Fact, ...]:
    named = f"{one.key}, attempt {one.fence}"
    began = Fact(one.started_at, f"{named} began")
    if one.ended_at is None:
        return (began,)
    return (began, Fact(one.ended_at, _words(f"{named} ended: {one.outcome}", "", one.error)))


def _words(what: str, stage: str, why: str) -> str:
    by = f" by {stage}" if stage else ""
    return f"{what}{by} ({why})" if why else f"{what}{by}"
