"""What a benchmark gives: numbers with units, and how far they are from where they should be."""

from __future__ import annotations

from dataclasses import dataclass

Row = dict[str, str | float | bool | None]


class NotHere(Exception):
    """A benchmark cannot run on this machine; the text says what it lacks."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number; `most` and `least` are what it should reach, in the same unit."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        """Say what should be reached; empty when the number only informs."""
        bounds = (("≤", self.most), ("≥", self.least))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None when there is no target."""
        if not self.target:
            return None
        low = self.least is None or self.value >= self.least
        return low and (self.most is None or self.value <= self.most)

    def row(self) -> Row:
        """Give the number as JSON knows it."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "target": self.target or None,
            "met": self.met,
        }
