"""The reviewed files as values: `profiles/` by theme of life, `schemas/` by topic.

The order counts: the first schema that fits is taken, so the closest ones stand first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
PROFILES = ("ball_sports", "sports", "arts", "technology", "nature_and_home")
SCHEMAS = (
    "motion", "science", "energy", "waves", "light", "electricity", "quantum", "life", "earth",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """One line of a comparison; `terms` are the concepts that it may stand for.

    A word with two meanings names `beside` it terms of which the section must have one.
    """

    terms: tuple[str, ...]
    cells: tuple[str, str]  # interest element, relation
    say: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """A situation that is an instance of a concept, with roles left open.

    A term `aside` may have a row, but the situation does not explain it: it leads no comparison.
    """

    name: str
    needs: tuple[str, ...]
    hook: tuple[str, ...]
    situation: str  # the hook in a few words, for the screen
    question: str
    rows: tuple[RowTemplate, ...]
    breaks_say: str
    breaks_shown: str
    aside: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that the situation is an instance of."""
        named = dict.fromkeys(term for row in self.rows for term in row.terms)
        return tuple(term for term in named if term not in self.aside)


@dataclass(frozen=True, slots=True)
class Profile:
    """One interest, its other names, and the roles that it fills."""

    name: str
    aliases: tuple[str, ...]
    roles: Mapping[str, str]


@cache
def schemas() -> tuple[Schema, ...]:
    """Read the schemas."""
    return tuple(
        Schema(
            name=one["schema"],
            needs=tuple(one["needs"]),
            hook=tuple(one["hook"]),
            situation=one["shown"]["situation"],
            question=one["shown"]["question"],
            rows=tuple(_row(row) for row in one["rows"]),
            breaks_say=one["breaks"]["say"],
            breaks_shown=one["breaks"]["shown"],
            aside=tuple(one.get("aside", ())),
        )
        for one in _read("schemas", SCHEMAS)
    )


@cache
def profiles() -> tuple[Profile, ...]:
    """Read the profiles."""
    return tuple(
        Profile(one["profile"], tuple(one["aliases"]), one["roles"])
        for one in _read("profiles", PROFILES)
    )


def _row(row: Mapping[str, Any]) -> RowTemplate:
    first, second = row["cells"]
    return RowTemplate(
        tuple(row["terms"]), (first, second), row["say"], tuple(row.get("beside", ()))
    )


def _read(folder: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for name in names:
        yield from json.loads((_HERE / folder / f"{name}.json").read_text("utf-8"))
