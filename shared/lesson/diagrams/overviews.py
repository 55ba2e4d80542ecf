"""Diagrams that put things in order: timelines, cycles, tables, flows, layers, particles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.lesson.diagrams.rules import count, holds, label, labels, listed


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: a year or another time, and what came."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in the order of time, evenly spaced."""

    events: tuple[Happening, ...]
    kind: Literal["timeline"] = "timeline"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("events", self.events, 2, 6)
        for place, event in enumerate(self.events):
            label(f"events[{place}].when", event.when)
            label(f"events[{place}].what", event.what)

    def parts(self) -> tuple[str, ...]:
        """Name each event."""
        return tuple(event.what for event in self.events)

    def described(self) -> str:
        """Say what is drawn."""
        return f"A timeline: {'; '.join(f'{one.when}, {one.what}' for one in self.events)}."


@dataclass(frozen=True, slots=True)
class Cycle:
    """Steps that lead back to the first."""

    steps: tuple[str, ...]
    kind: Literal["cycle"] = "cycle"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("steps", self.steps, 3, 6)
        labels("steps", self.steps)

    def parts(self) -> tuple[str, ...]:
        """Name each step."""
        return self.steps

    def described(self) -> str:
        """Say what is drawn."""
        return f"A cycle: {', then '.join(self.steps)}, and from there to the start."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what it is about, and a cell for each thing that is compared."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Two or three things compared, row by row."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("columns", self.columns, 2, 3)
        labels("columns", self.columns)
        count("rows", self.rows, 1, 4)
        labels("rows", [row.label for row in self.rows])
        for place, row in enumerate(self.rows):
            field = f"rows[{place}].cells"
            count(field, row.cells, len(self.columns), len(self.columns))
            for index, cell in enumerate(row.cells):
                label(f"{field}[{index}]", cell)

    def parts(self) -> tuple[str, ...]:
        """Name each row."""
        return tuple(row.label for row in self.rows)

    def described(self) -> str:
        """Say what is drawn."""
        rows = "; ".join(f"{row.label}: {' against '.join(row.cells)}" for row in self.rows)
        return f"A table that compares {listed(self.columns)}: {rows}."


@dataclass(frozen=True, slots=True)
class Side:
    """What comes in or goes out beside a step; steps count from 1."""

    step: int
    way: Literal["in", "out"]
    label: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps one after the other, and what comes in or goes out on the way."""

    steps: tuple[str, ...]
    sides: tuple[Side, ...] = ()
    kind: Literal["flow"] = "flow"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("steps", self.steps, 2, 5)
        labels("steps", self.steps)
        count("sides", self.sides, 0, 3)
        for place, side in enumerate(self.sides):
            label(f"sides[{place}].label", side.label)
            there = 1 <= side.step <= len(self.steps)
            holds(f"sides[{place}].step", "must be one of the steps", true=there)
        taken = {(side.step, side.way) for side in self.sides}
        holds("sides", "must not share a place", true=len(taken) == len(self.sides))

    def parts(self) -> tuple[str, ...]:
        """Name each step, then what is beside them."""
        return (*self.steps, *(side.label for side in self.sides))

    def described(self) -> str:
        """Say what is drawn."""
        sides = "".join(
            f"; {one.label} {'enters' if one.way == 'in' else 'leaves'} at {self._at(one)}"
            for one in self.sides
        )
        return f"From {' to '.join(self.steps)}{sides}."

    def _at(self, side: Side) -> str:
        return self.steps[side.step - 1]


@dataclass(frozen=True, slots=True)
class Layers:
    """A ball in layers, named from the outside to the center; not to scale."""

    names: tuple[str, ...]
    kind: Literal["layers"] = "layers"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("names", self.names, 2, 4)
        labels("names", self.names)

    def parts(self) -> tuple[str, ...]:
        """Name each layer."""
        return self.names

    def described(self) -> str:
        """Say what is drawn."""
        return f"A ball cut open, from the outside to the center: {listed(self.names)}."


@dataclass(frozen=True, slots=True)
class Sample:
    """A box of particles: how they are packed, and how fast they move."""

    label: str
    state: Literal["solid", "liquid", "gas"]
    speed: Literal["slow", "fast"]


@dataclass(frozen=True, slots=True)
class Particles:
    """Boxes of particles side by side."""

    samples: tuple[Sample, ...]
    kind: Literal["particles"] = "particles"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("samples", self.samples, 1, 3)
        labels("samples", [sample.label for sample in self.samples])

    def parts(self) -> tuple[str, ...]:
        """Name each box."""
        return tuple(sample.label for sample in self.samples)

    def described(self) -> str:
        """Say what is drawn."""
        said = [
            f"{one.label} with {one.speed} particles, packed as in a {one.state}"
            for one in self.samples
        ]
        return f"Boxes of particles: {'; '.join(said)}."
