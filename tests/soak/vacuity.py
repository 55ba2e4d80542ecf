"""Whether a soak could have found anything: what was to happen happened, what was to be seen was.

A short soak has no time for all of it.  What it left out is no finding, but is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.soak.flatness import NEEDED_S, judged
from tests.soak.history import Gauged, History, LessonRow, Planned, Sent, Struck

KINDS = (
    "kill a worker", "kill a server", "freeze a worker", "restart PostgreSQL", "kill the cloud",
    "cut the power", "cloud: ",
)  # fmt: skip
DECK_S = 240.0  # within which the nemesis deals each of its blows
SENT, COMPLETED = 0.9, 0.8  # shares of what was planned, and of the lessons that were asked for


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that this soak does not show; `excused` when it was too short for it."""

    what: str
    excused: bool = False


def gaps(history: History) -> list[Gap]:
    """Name everything that a soak does not show."""
    planned = history.of(Planned)
    if not planned:
        return [Gap("nothing was planned")]
    return [
        *_load(history, planned[0]),
        *_faults(history, planned[0]),
        *_lives(history, planned[0]),
    ]


def empty(history: History) -> Iterator[str]:
    """Find what a soak of this length should have shown."""
    for gap in gaps(history):
        if not gap.excused:
            yield f"not shown: {gap.what}"


def _load(history: History, planned: Planned) -> Iterator[Gap]:
    sent = history.of(Sent)
    if len(sent) < max(1, SENT * planned.requests):
        yield Gap(f"only {len(sent)} of {planned.requests} messages were sent")
    wanted = sum(one.role == "first" and one.end == "completed" for one in sent)
    completed = sum(lesson.status == "completed" for lesson in history.of(LessonRow))
    if completed < max(1, COMPLETED * wanted):
        yield Gap(f"only {completed} of {wanted} lessons were completed")


def _faults(history: History, planned: Planned) -> Iterator[Gap]:
    struck = {one.fault for one in history.of(Struck)}
    for kind in KINDS:
        if not any(fault.startswith(kind) for fault in struck):
            yield Gap(f"{kind.rstrip(': ')} never struck", excused=planned.storm_s < DECK_S)


def _lives(history: History, planned: Planned) -> Iterator[Gap]:
    gauged = {one.process for one in history.of(Gauged)}
    if not gauged:
        yield Gap("no process was gauged", excused=planned.calm_s < NEEDED_S)
    for name in sorted(gauged - {process for process, _ in judged(history)}):
        what = f"no process of {name} lived long enough to be judged for leaks"
        yield Gap(what, excused=planned.calm_s < NEEDED_S)
