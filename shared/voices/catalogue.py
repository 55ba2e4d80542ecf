"""The voices that may be paid for, and their prices.

`voices.json` is written by a person from Google's pages, at the day in `checked`.  Only voices that
are generally available stand in it: students are minors.  Prices are the highest of their kind,
so that an estimate is never too low.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from shared.lesson.plan import Service

FILE = Path(__file__).with_name("voices.json")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars from a day on: for a million characters, or tokens of text and of sound."""

    begins: date
    usd_text: float
    usd_sound: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Voices of one kind; `marks` says whether they tell when they reach a mark."""

    names: str  # a regular expression
    marks: bool
    prices: tuple[Price, ...]

    def price(self, today: date) -> Price:
        """Give the price of a day; before the first, the first."""
        begun = [one for one in self.prices if one.begins <= today]
        return max(begun or self.prices[:1], key=lambda one: one.begins)


def find(service: Service, name: str) -> Kind | None:
    """Find what kind of voice a name is; None for one that is not in the table."""
    found = (one for one in kinds()[service] if re.fullmatch(one.names, name))
    return next(found, None)


@cache
def kinds() -> Mapping[str, tuple[Kind, ...]]:
    """Read the table."""
    told = json.loads(FILE.read_text("utf-8"))
    return {service: tuple(map(_kind, told[service])) for service in ("google", "gemini")}


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(
        names=str(row["names"]),
        marks=bool(row["marks"]),
        prices=tuple(
            Price(date.fromisoformat(one["from"]), float(one["text"]), float(one["sound"]))
            for one in row["prices"]
        ),
    )
