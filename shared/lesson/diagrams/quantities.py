"""Diagrams of quantities: graphs, energy bars, number lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from shared.lesson.diagrams.rules import (
    MOST_LABELS,
    count,
    holds,
    label,
    labels,
    listed,
    number,
)

_LARGEST = 1e9
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Axis:
    """What runs along an axis; `unit` may be empty."""

    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a graph, in the units of its axes."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a graph."""

    label: str
    points: tuple[Point, ...]
    smooth: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A label at a place of a graph; the place gets a dot."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Graph:
    """One quantity against another: at most two lines, and notes at places of them."""

    x: Axis
    y: Axis
    numbers: bool  # whether the axes carry numbers
    lines: tuple[Curve, ...]
    notes: tuple[Note, ...] = ()
    kind: Literal["graph"] = "graph"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        for field, axis in (("x", self.x), ("y", self.y)):
            label(f"{field}.label", axis.label)
            label(f"{field}.unit", axis.unit, may_be_empty=True)
        count("lines", self.lines, 1, 2)
        for place, line in enumerate(self.lines):
            where = f"lines[{place}]"
            label(f"{where}.label", line.label)
            _points(f"{where}.points", line.points)
        count("notes", self.notes, 0, MOST_LABELS - 2 - len(self.lines))
        for place, note in enumerate(self.notes):
            label(f"notes[{place}].label", note.label)
            self._within(f"notes[{place}]", note)

    def _within(self, field: str, note: Note) -> None:
        every = [point for line in self.lines for point in line.points]
        number(f"{field}.x", note.x, min(one.x for one in every), max(one.x for one in every))
        number(f"{field}.y", note.y, min(one.y for one in every), max(one.y for one in every))

    def parts(self) -> tuple[str, ...]:
        """Name each line, then each note."""
        return (*(one.label for one in self.lines), *(one.label for one in self.notes))

    def described(self) -> str:
        """Say what is drawn."""
        lines = listed([one.label for one in self.lines])
        notes = listed([one.label for one in self.notes])
        marked = f"; marked: {notes}" if notes else ""
        return f"A graph of {self.y.label} against {self.x.label}: {lines}{marked}."


@dataclass(frozen=True, slots=True)
class Stage:
    """One moment, with a value for each kind of energy."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EnergyBars:
    """How a constant amount of energy is shared at two to four moments."""

    energies: tuple[str, ...]
    stages: tuple[Stage, ...]
    kind: Literal["energy_bars"] = "energy_bars"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn, or energy that is lost."""
        count("energies", self.energies, 2, 4)
        labels("energies", self.energies)
        count("stages", self.stages, 2, 4)
        labels("stages", [stage.label for stage in self.stages])
        for place, stage in enumerate(self.stages):
            field = f"stages[{place}].values"
            count(field, stage.values, len(self.energies), len(self.energies))
            for value in stage.values:
                number(field, value, 0, 1000)
            lost = sum(stage.values) - sum(self.stages[0].values)
            holds(field, "must add up to the same energy", true=abs(lost) < _CLOSE)
        holds("stages[0].values", "must hold energy", true=sum(self.stages[0].values) > 0)

    def parts(self) -> tuple[str, ...]:
        """Name each moment."""
        return tuple(stage.label for stage in self.stages)

    def described(self) -> str:
        """Say what is drawn."""
        said = [f"{one.label}: {self._most(one)}" for one in self.stages]
        return f"Bars of equal height for the energy, mostly, {'; '.join(said)}."

    def _most(self, stage: Stage) -> str:
        most = max(stage.values)
        return listed(
            [name for name, value in zip(self.energies, stage.values, strict=True) if value == most]
        )


@dataclass(frozen=True, slots=True)
class Jump:
    """An arrow above a number line."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Place:
    """A mark on a number line."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line with numbers, places on it and arrows along it."""

    axis: Axis
    start: float
    end: float
    step: float
    places: tuple[Place, ...]
    jumps: tuple[Jump, ...]
    kind: Literal["number_line"] = "number_line"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        label("axis.label", self.axis.label)
        label("axis.unit", self.axis.unit, may_be_empty=True)
        number("start", self.start, -_LARGEST, _LARGEST)
        number("end", self.end, -_LARGEST, _LARGEST)
        holds("end", "must be after the start", true=self.end > self.start)
        number("step", self.step, (self.end - self.start) / 12, self.end - self.start)
        count("places", self.places, 0, 4)
        count("jumps", self.jumps, 0, 3)
        holds("places", "or jumps must be there", true=bool(self.places or self.jumps))
        for index, place in enumerate(self.places):
            label(f"places[{index}].label", place.label)
            number(f"places[{index}].at", place.at, self.start, self.end)
        for index, jump in enumerate(self.jumps):
            label(f"jumps[{index}].label", jump.label)
            number(f"jumps[{index}].start", jump.start, self.start, self.end)
            number(f"jumps[{index}].end", jump.end, self.start, self.end)
            holds(f"jumps[{index}].end", "must not be its start", true=jump.start != jump.end)

    def parts(self) -> tuple[str, ...]:
        """Name each place, then each arrow."""
        return (*(one.label for one in self.places), *(one.label for one in self.jumps))

    def described(self) -> str:
        """Say what is drawn."""
        unit = f" {self.axis.unit}" if self.axis.unit else ""
        places = [f"{one.label} at {one.at:g}{unit}" for one in self.places]
        jumps = [f"{one.label} from {one.start:g} to {one.end:g}{unit}" for one in self.jumps]
        return f"A number line of {self.axis.label} with {listed([*places, *jumps])}."


def _points(field: str, points: tuple[Point, ...]) -> None:
    count(field, points, 2, 24)
    for place, point in enumerate(points):
        number(f"{field}[{place}].x", point.x, -_LARGEST, _LARGEST)
        number(f"{field}[{place}].y", point.y, -_LARGEST, _LARGEST)
    ordered = all(one.x <= two.x for one, two in pairwise(points))
    holds(field, "must go from left to right", true=ordered and points[0].x < points[-1].x)
