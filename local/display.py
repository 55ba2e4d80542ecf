"""What the commands print for a person, and the same as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from local import inquiring
from local.ask import Question
from local.stack import Stack
from local.state_folder import FOLDER
from shared.library.book import Source
from shared.report import RequestReport, Run
from shared.spending.ledger import summed

COLOURS = {"completed": "green", "refused": "yellow", "failed": "red", "accepted": "cyan",
           "needs_input": "magenta"}  # fmt: skip
SHORT = 8  # digits of an id
NAME_WIDTH = 17
FIRST = ("film", "audio", "text", "captions", "transcript", "sources")


def mistake(text: str, console: Console) -> None:
    """Say what went wrong, in the words that were written for it."""
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


def ready(stack: Stack, folder: Path, console: Console) -> None:
    """Say that the stack runs, where, and what to do next."""
    console.print("[bold]The pipeline is running.[/bold] Ctrl-C ends it; its state stays.\n")
    names = {
        "FIRESTORE_EMULATOR_HOST": "Firestore",
        "PUBSUB_EMULATOR_HOST": "Pub/Sub",
        "STORAGE_EMULATOR_HOST": "Storage",
        "DATABASE_URL": "PostgreSQL",
    }
    for variable, name in names.items():
        _fact(name, stack.running.environment[variable].partition("?")[0], console)
    for name, pid in stack.pids().items():
        _fact(name, f"{stack.url(name)}  process {pid}", console)
    _fact("logs", str(folder / "logs"), console)
    console.print("\nIn another terminal:")
    state = "" if folder == FOLDER else f" --state {shlex.quote(str(folder))}"
    command = f".venv/bin/python -m local{state}"
    for words in ('lesson "Why do we have seasons?"', "runs", "--help"):
        _verbatim(f"  {command} {words}", console)


def asked(question: Question, request_id: str, seconds: float, console: Console) -> None:
    """Repeat what was asked."""
    console.print(f"[bold]{escape(question.text)}[/bold]", highlight=False)
    facts = [question.interest, f"grade {question.grade}", ", ".join(question.modalities)]
    said = " · ".join(fact for fact in facts if fact)
    console.print(
        f"  {escape(said)} · request {request_id[:SHORT]} · accepted after {seconds:.1f} s",
        highlight=False,
    )


def ended(report: RequestReport, files: Mapping[str, Path], console: Console) -> None:
    """Show how a request ended: its files and the timeline, or the reason."""
    console.print(_reasoned(report.run.status, report.run.reason))
    _files(files, console)
    _timeline(report, console)


def show(report: RequestReport, files: Mapping[str, Path], text: str, console: Console) -> None:
    """Show everything that is known of a request."""
    run, who = report.run, report.asked
    console.print(f"[bold]{escape(run.question) or '(unreadable)'}[/bold]", highlight=False)
    facts = [who.interest, f"grade {who.grade_level}" if who.grade_level else "", *run.modalities]
    _fact("request", run.request_id, console)
    _fact("lesson", run.lesson_id or "none", console)
    _fact("asked", " · ".join(fact for fact in facts if fact) or "nothing readable", console)
    if report.costs:
        _fact("cost", summed(report.costs), console)
    if report.history:
        console.print("\n  history")
    for move in report.history:
        line = _reasoned(move.status, move.reason, f"  {_clock(move.at)}", f"{move.stage:<8}")
        console.print(line)
    for made in report.rounds:
        line = _reasoned("asked back", f"{made.inquiry.text} -> {made.answer or '…'}", "")
        console.print(line)
    if report.open is not None:
        inquiring.show(report.open, console)
    for letter in report.dead_letters:
        times = f", {letter.count} times" if letter.count > 1 else ""
        said = f"{letter.detail} ({letter.reason}, at {letter.stage}{times})"
        console.print(_reasoned("dead letter", said, ""))
    console.print()
    _files(files, console)
    _timeline(report, console)
    if text:
        console.print()
        lesson_text(text, console)


def lesson_text(text: str, console: Console) -> None:
    """Show a lesson's Markdown."""
    from rich.markdown import Markdown  # noqa: PLC0415  # 0.1 s

    console.print(Markdown(text))


def runs(rows: Sequence[Run], console: Console) -> None:
    """List requests, newest first."""
    if not rows:
        console.print("No requests yet. Ask one: make lesson")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("request", "asked", "status", "scenes", "question"):
        table.add_column(heading, no_wrap=heading != "question")
    for row in rows:
        filmed = row.scenes and row.modalities != ("text",)
        scenes = f"{row.rendered}/{row.scenes}" if filmed else ""
        status = Text(row.status, COLOURS.get(row.status, ""))
        said = Text(row.question or f"({row.reason})")
        table.add_row(row.request_id[:SHORT], _clock(row.created_at), status, scenes, said)
    console.print(table)


def books(sources: Sequence[Source], console: Console) -> None:
    """List the textbooks."""
    if not sources:
        console.print("No books yet. The first start adds the sampler: make up")
    for source in sources:
        console.print(f"[bold]{escape(source.title)}[/bold]", highlight=False)
        facts = (", ".join(source.authors), source.licence.name)
        console.print(
            "  " + " · ".join(fact for fact in facts if fact), markup=False, highlight=False
        )


def as_json(report: RequestReport, files: Mapping[str, Path]) -> dict[str, Any]:
    """Give a report for programs."""
    questions = [asdict(report.open)] if report.open else []
    paths = {kind: str(path) for kind, path in files.items()}
    return {**asdict(report), "questions": questions, "paths": paths}


def _files(files: Mapping[str, Path], console: Console) -> None:
    """Name each file by its whole path, on one line however long: it is there to be copied."""
    order = [kind for kind in FIRST if kind in files]
    for kind in [*order, *sorted(files.keys() - set(order))]:
        _fact(kind.replace("_", " "), str(files[kind]), console)


def _timeline(report: RequestReport, console: Console) -> None:
    steps = sorted(report.attempts, key=lambda attempt: attempt.started_at)
    if not steps:
        return
    console.print("\n  timeline")
    for step in steps:
        begin = (step.started_at - steps[0].started_at).total_seconds()
        took = (step.ended_at - step.started_at).total_seconds() if step.ended_at else None
        length = f"{took:7.2f} s" if took is not None else "        ?"
        how = step.outcome or "no end recorded"
        tried = f" (run {step.fence})" if step.fence > 1 else ""
        name = f"render {step.key[-2:]}" if step.stage == "render" else step.stage
        _verbatim(f"  {begin:7.2f} s  {name:<9} {length}  {how}{tried}", console)


def _reasoned(status: str, reason: str, *before: str) -> Table:
    """Lay out a status with its reason beside it, however many lines that takes."""
    row = Table.grid(padding=(0, 2, 0, 0))
    for _ in (*before, status):
        row.add_column(no_wrap=True)
    row.add_row(*before, Text(status, COLOURS.get(status, "")), Text(reason))
    return row


def _fact(name: str, value: str, console: Console) -> None:
    _verbatim(f"  {name:<{NAME_WIDTH}} {value}", console)


def _verbatim(line: str, console: Console) -> None:
    """Print a line that is there to be copied: the terminal breaks it where it must, not we."""
    console.print(line, soft_wrap=True, highlight=False, markup=False)


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
