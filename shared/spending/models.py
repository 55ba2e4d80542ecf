"""The models that may be asked: where, until when, for how much.

`models.json` is read by a person from Google's pages, at the day in `checked`.  A model without a
day of general availability is a preview: Google's terms keep those out of products, and students
are minors.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("models.json")
SOON = timedelta(days=60)
_UNSETTLED = re.compile(r"preview|exp|latest")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, from a day on; the same in micro-dollars for one token."""

    begins: date
    read: float
    written: float

    @property
    def version(self) -> str:
        """Name it in the ledger."""
        return self.begins.isoformat()

    def micros(self, read: int, written: int) -> int:
        """Give what so many tokens cost, in micro-dollars; cached ones count in full."""
        return math.ceil(read * self.read + written * self.written)


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the table; `retires` is the first day on which it may be gone."""

    name: str
    available: date | None
    retires: date | None
    locations: tuple[str, ...]
    prices: tuple[Price, ...]

    def price(self, today: date) -> Price:
        """Give the price of a day; before the first, the first."""
        begun = [one for one in self.prices if one.begins <= today]
        return max(begun or self.prices[:1], key=lambda one: one.begins)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model at a location, to be asked in its turn."""

    model: Model
    location: str


def candidates(
    wanted: str, today: date, *, previews: bool, known: Mapping[str, Model] | None = None
) -> tuple[Candidate, ...]:
    """Read `model@location …`, in the order to be asked; raises ValueError with every problem."""
    known = models() if known is None else known
    found: list[Candidate] = []
    problems: list[str] = []
    for word in wanted.split():
        name, _, location = word.partition("@")
        model = known.get(name)
        if model is None:
            problems.append(f"{name} is not in shared/spending/models.json")
            continue
        if not previews and (model.available is None or model.available > today):
            problems.append(f"{name} is not generally available; students are minors")
        if not previews and _UNSETTLED.search(name):
            problems.append(f"{name} is a preview by its name; students are minors")
        if (location or model.locations[0]) not in model.locations:
            problems.append(f"{name} is at {', '.join(model.locations)}, not at {location}")
        found.append(Candidate(model, location or model.locations[0]))
    if problems or not found:
        raise ValueError("; ".join(problems) or "no model is named")
    return tuple(found)


def warnings(found: tuple[Candidate, ...], today: date) -> tuple[str, ...]:
    """Say which models retire soon, or may be gone already."""
    told = []
    for one in found:
        retires = one.model.retires
        if retires is not None and retires - SOON <= today:
            may = "may be gone since" if retires <= today else "may be gone from"
            told.append(f"{one.model.name} {may} {retires.isoformat()}: name a successor")
    return tuple(told)


@cache
def models() -> dict[str, Model]:
    """Read the table."""
    told = json.loads(FILE.read_text("utf-8"))
    return {row["id"]: _model(row) for row in told["models"]}


@cache
def embedding_models() -> dict[str, tuple[Model, int]]:
    """Read the models that make vectors, each with the number of texts that one call may bring."""
    told = json.loads(FILE.read_text("utf-8"))
    return {row["id"]: (_model(row), int(row["texts"])) for row in told["embedding_models"]}


def _model(row: dict[str, Any]) -> Model:
    return Model(
        name=str(row["id"]),
        available=_day(row["ga"]),
        retires=_day(row["retires"]),
        locations=tuple(row["locations"]),
        prices=tuple(
            Price(date.fromisoformat(one["from"]), float(one["in"]), float(one["out"]))
            for one in row["prices"]
        ),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None
