"""What the commands print for a person, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from local.ask import Question
from local.stack import Stack
from shared.library.book import Source
from shared.report import AttemptRow, RequestReport, Run

COLOURS = {"completed": "green", "refused": "yellow", "failed": "red", "accepted": "cyan"}
SHORT = 8  # digits of an id
FIRST = ("film", "audio", "text", "captions", "transcript", "sources")


def ready(stack: Stack, console: Console) -> None:
    """Say that the stack runs, where, and what to do next."""
    console.print("[bold]The pipeline is running.[/bold] Ctrl-C ends it; its state stays.")
    table = Table.grid(padding=(0, 2))
    for name, value in stack.running.environment.items():
        table.add_row(f"  {name}", value)
    for name, pid in stack.pids().items():
        table.add_row(f"  {name}", f"process {pid}")
    console.print(table, highlight=False)
    console.print('Ask it in another terminal:  .venv/bin/python -m local lesson "Why is …?"')


def asked(question: Question, request_id: str, seconds: float, console: Console) -> None:
    """Repeat what was asked."""
    console.print(f"[bold]{_plain(question.text)}[/bold]", highlight=False)
    facts = [question.interest, f"grade {question.grade}", ", ".join(question.modalities)]
    said = " · ".join(fact for fact in facts if fact)
    console.print(
        f"  {_plain(said)} · request {request_id[:SHORT]} · accepted after {seconds:.1f} s",
        highlight=False,
    )


def ended(report: RequestReport, files: Mapping[str, Path], console: Console) -> None:
    """Show how a request ended: its files and the timeline, or the reason."""
    status = report.run.status
    console.print(f"[{COLOURS.get(status, 'white')}]{status}[/]", end="")
    console.print(f"  {_plain(report.run.reason)}", highlight=False)
    _files(files, console)
    _timeline(report, console)


def show(report: RequestReport, files: Mapping[str, Path], text: str, console: Console) -> None:
    """Show everything that is known of a request."""
    run, who = report.run, report.asked
    console.print(f"[bold]{_plain(run.question) or '(unreadable)'}[/bold]", highlight=False)
    console.print(
        f"  request {run.request_id} · lesson {run.lesson_id or 'none'}\n"
        f"  {_plain(who.interest) or 'no interest'} · grade {who.grade_level or '?'}"
        f" · {', '.join(run.modalities)}",
        highlight=False,
    )
    for move in report.history:
        console.print(
            f"  {_clock(move.at)}  [{COLOURS.get(move.status, 'white')}]{move.status}[/]"
            f"  {move.stage}  {_plain(move.reason)}",
            highlight=False,
        )
    for letter in report.dead_letters:
        console.print(
            f"  dead letter at {letter.stage}: {letter.reason}: {_plain(letter.detail)}",
            highlight=False,
        )
    _files(files, console)
    _timeline(report, console)
    if text:
        console.print(Markdown(text))


def runs(rows: Sequence[Run], console: Console) -> None:
    """List requests, newest first."""
    if not rows:
        console.print("No requests yet. Ask one: make lesson")
        return
    table = Table(box=None, header_style="bold")
    for heading in ("request", "asked", "status", "scenes", "question"):
        table.add_column(heading, no_wrap=heading != "question")
    for row in rows:
        scenes = f"{row.rendered}/{row.scenes}" if row.scenes else ""
        status = f"[{COLOURS.get(row.status, 'white')}]{row.status}[/]"
        said = _plain(row.question) or f"({_plain(row.reason)})"
        table.add_row(row.request_id[:SHORT], _clock(row.created_at), status, scenes, said)
    console.print(table)


def books(sources: Sequence[Source], console: Console) -> None:
    """List the textbooks."""
    for source in sources:
        console.print(
            f"[bold]{_plain(source.title)}[/bold]  {', '.join(source.authors)}"
            f"  {_plain(source.licence.name)}",
            highlight=False,
        )


def as_json(report: RequestReport, files: Mapping[str, Path]) -> dict[str, Any]:
    """Give a report for programs."""
    return {**asdict(report), "paths": {kind: str(path) for kind, path in files.items()}}


def _files(files: Mapping[str, Path], console: Console) -> None:
    order = [kind for kind in FIRST if kind in files]
    for kind in [*order, *sorted(files.keys() - set(order))]:
        # One path a line and never wrapped: it is there to be copied.
        console.print(f"  {kind:<11}{files[kind]}", soft_wrap=True, highlight=False, markup=False)


def _timeline(report: RequestReport, console: Console) -> None:
    steps = list(_steps(report))
    if not steps:
        return
    start = min(step.started_at for step in steps)
    console.print("  timeline")
    for step in steps:
        begin = (step.started_at - start).total_seconds()
        took = (step.ended_at - step.started_at).total_seconds() if step.ended_at else None
        how = step.outcome or "no end recorded"
        length = f"{took:6.2f} s" if took is not None else "       ?"
        name = step.stage + (" " + step.key[-2:] if step.stage == "render" else "")
        tried = f" (attempt {step.fence})" if step.fence > 1 else ""
        console.print(f"    {begin:6.2f} s  {name:<10} {length}  {how}{tried}", highlight=False)


def _steps(report: RequestReport) -> Iterator[AttemptRow]:
    yield from sorted(report.attempts, key=lambda attempt: attempt.started_at)


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")


def _plain(text: str) -> str:
    """Keep square brackets of a student's words from being read as markup."""
    return text.replace("[", r"\[")
