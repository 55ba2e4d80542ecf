"""The two reviewed files as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """One line of a comparison; `terms` are the concepts that it may stand for."""

    terms: tuple[str, ...]
    cells: tuple[str, str]  # interest element, relation
    say: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A situation that is an instance of a concept, with roles left open."""

    name: str
    terms: tuple[str, ...]
    needs: tuple[str, ...]
    hook: tuple[str, ...]
    situation: str  # the hook in a few words, for the screen
    question: str
    rows: tuple[RowTemplate, ...]
    breaks_say: str
    breaks_shown: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One interest, its other names, and the roles that it fills."""

    name: str
    aliases: tuple[str, ...]
    roles: Mapping[str, str]


@cache
def schemas() -> tuple[Schema, ...]:
    """Read the schemas."""
    found = json.loads((_HERE / "schemas.json").read_text("utf-8"))
    return tuple(
        Schema(
            name=one["schema"],
            terms=tuple(one["terms"]),
            needs=tuple(one["needs"]),
            hook=tuple(one["hook"]),
            situation=one["shown"]["situation"],
            question=one["shown"]["question"],
            rows=tuple(
                RowTemplate(tuple(row["terms"]), (row["cells"][0], row["cells"][1]), row["say"])
                for row in one["rows"]
            ),
            breaks_say=one["breaks"]["say"],
            breaks_shown=one["breaks"]["shown"],
        )
        for one in found
    )


@cache
def profiles() -> tuple[Profile, ...]:
    """Read the profiles."""
    found = json.loads((_HERE / "profiles.json").read_text("utf-8"))
    return tuple(Profile(one["profile"], tuple(one["aliases"]), one["roles"]) for one in found)
