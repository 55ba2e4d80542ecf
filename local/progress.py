"""Show a lesson on its way: a live view on a terminal, one line per change anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a lesson is: the stage at work now, and the scenes that are there."""

    stage: str  # ingest, script, render or finalize; "" when it is over
    scenes: int = 0
    rendered: int = 0
    waits: str = ""  # what it waits for, when that is worth saying


class View(Protocol):
    """Something that shows sights."""

    def show(self, sight: Sight) -> None:
        """Take the newest sight."""


class Lines:
    """One line per change, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = ""

    def show(self, sight: Sight) -> None:
        """Print the sight unless it says the same as the last one."""
        line = describe(sight)
        if line and line != self._last:
            self._console.print(f"  {line}", highlight=False, markup=False)
        self._last = line


class Live:
    """A bar that moves, for people."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar: TaskID = progress.add_task("ingest", total=None)

    def show(self, sight: Sight) -> None:
        """Move the bar."""
        known = sight.scenes > 0
        self._progress.update(
            self._bar,
            description=describe(sight) or "done",
            total=sight.scenes + 1 if known else None,
            completed=sight.rendered + (0 if sight.stage else 1),
        )


def describe(sight: Sight) -> str:
    """Say in a few words what is going on."""
    if sight.waits:
        return f"{sight.stage}: {sight.waits}"
    if sight.stage == "render":
        return f"render: scene {min(sight.rendered + 1, sight.scenes)} of {sight.scenes}"
    said = {
        "ingest": "ingest: accepting the request",
        "script": "script: finding passages, writing the plan",
        "finalize": "finalize: joining the scenes, checking the film",
    }
    return said.get(sight.stage, "")


@contextmanager
def shown(console: Console) -> Iterator[View]:
    """Give the view that fits where the output goes."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<48}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Live(progress)
