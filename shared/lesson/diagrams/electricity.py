"""Diagrams of charges and what they are part of: circuits, fields, atoms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.lesson.diagrams.rules import a, count, holds, label, labels, listed, number

Component = Literal["battery", "lamp", "resistor", "switch", "open_switch", "motor"]
_FIELD_PARTS = {
    "positive_charge": ("positive charge", "electric field"),
    "negative_charge": ("negative charge", "electric field"),
    "two_charges": ("positive charge", "negative charge", "electric field"),
    "plates": ("positive plate", "negative plate", "uniform field"),
    "bar_magnet": ("north pole", "south pole", "magnetic field"),
    "wire": ("current", "magnetic field"),
    "coil": ("current", "magnetic field"),
}
_SHELLS = (2, 8, 8)  # electrons that fit, of the elements up to argon
_MOST_NUCLEONS = 40


@dataclass(frozen=True, slots=True)
class Device:
    """One component of a circuit."""

    component: Component
    label: str


@dataclass(frozen=True, slots=True)
class Circuit:
    """A battery and what it drives, one after the other or side by side."""

    layout: Literal["series", "parallel"]
    devices: tuple[Device, ...]  # a battery first
    current: str = ""  # the label of the current's arrow, which runs from the plus pole
    kind: Literal["circuit"] = "circuit"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn, or a circuit that would not work so."""
        count("devices", self.devices, 2, 4)
        for place, device in enumerate(self.devices):
            label(f"devices[{place}].label", device.label)
            battery = device.component == "battery"
            holds(f"devices[{place}].component", "one battery, first", true=battery == (place == 0))
        label("current", self.current, may_be_empty=True)
        opened = any(device.component == "open_switch" for device in self.devices)
        holds("current", "none flows while a switch is open", true=not (opened and self.current))
        parallel = self.layout == "parallel"
        kinds = {device.component for device in self.devices}
        short = parallel and "switch" in kinds
        holds("devices", "a closed switch in parallel is a short circuit", true=not short)

    def parts(self) -> tuple[str, ...]:
        """Name each component, then the current."""
        current = (self.current,) if self.current else ()
        return (*(device.label for device in self.devices), *current)

    def described(self) -> str:
        """Say what is drawn."""
        names = listed([device.label for device in self.devices])
        current = f", with an arrow for the {self.current}" if self.current else ""
        return f"{a(self.layout).capitalize()} circuit of {names}{current}."


@dataclass(frozen=True, slots=True)
class Field:
    """Field lines of charges, magnets or currents."""

    source: Literal[
        "positive_charge", "negative_charge", "two_charges", "plates", "bar_magnet", "wire", "coil"
    ]
    kind: Literal["field"] = "field"

    def parts(self) -> tuple[str, ...]:
        """Name what makes the field, then the field."""
        return _FIELD_PARTS[self.source]

    def described(self) -> str:
        """Say what is drawn."""
        names = self.parts()
        return f"The lines of the {names[-1]} of {a(self.source.replace('_', ' '))}."


@dataclass(frozen=True, slots=True)
class Nuclide:
    """One atom: how many of each particle."""

    label: str
    protons: int
    neutrons: int
    electrons: int


@dataclass(frozen=True, slots=True)
class Atom:
    """One or two atoms up to argon: nucleus and electrons in shells, not to scale."""

    atoms: tuple[Nuclide, ...]
    kind: Literal["atom"] = "atom"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("atoms", self.atoms, 1, 2)
        labels("atoms", [one.label for one in self.atoms])
        for place, one in enumerate(self.atoms):
            where = f"atoms[{place}]"
            number(f"{where}.protons", one.protons, 1, sum(_SHELLS))
            number(f"{where}.neutrons", one.neutrons, 0, _MOST_NUCLEONS - one.protons)
            number(f"{where}.electrons", one.electrons, 0, sum(_SHELLS))

    def parts(self) -> tuple[str, ...]:
        """Name the parts of one atom, or the two atoms that are compared."""
        if len(self.atoms) > 1:
            return tuple(one.label for one in self.atoms)
        return ("nucleus", "electrons")

    def described(self) -> str:
        """Say what is drawn."""
        said = [
            f"{one.label} with {one.protons} protons, {one.neutrons} neutrons and"
            f" {one.electrons} electrons"
            for one in self.atoms
        ]
        return f"Not to scale: {'; '.join(said)}."
