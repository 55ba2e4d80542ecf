"""A bar for what takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from rich import progress
from rich.console import Console

MOMENT_S = 2.0


class Progress:
    """A bar that shows itself after two seconds, and only to people."""

    def __init__(self, total: int, monotonic: Callable[[], float], console: Console) -> None:
        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(bar_width=24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
        )
        self._bar = progress.Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("dead letters", total=total)
        self._monotonic = monotonic
        self._began = monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        """Begin to watch."""
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._bar.stop()

    def waits(self, what: str) -> None:
        """Say what goes on."""
        self._bar.update(self._task, description=what)
        self._show_if_long()

    def step(self) -> None:
        """Note that one more is dealt with."""
        self._bar.update(self._task, advance=1, description="dead letters")
        self._show_if_long()

    def _show_if_long(self) -> None:
        long = self._monotonic() - self._began > MOMENT_S
        if long and not self._shown and self._bar.console.is_terminal:
            self._bar.start()
            self._shown = True
