"""What each index of the database costs, what it is used for, and which could go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Index:
    """One index; `keys` are its columns in order, with direction and operator class.

    `scans` counts since the statistics began, on this server alone.  `constraint` tells that it
    enforces a rule, whether anybody reads it or not.
    """

    name: str
    table: str
    columns: str
    keys: tuple[str, ...]
    method: str
    predicate: str
    constraint: bool
    valid: bool
    size_bytes: int
    scans: int
    rows_read: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """An index, and what is to be said of it."""

    index: Index
    said: str
    covered_by: str = ""


class Indexes(Protocol):
    """What the database knows of its indexes."""

    def all(self) -> tuple[Index, ...]:
        """List them by table and name; raises Transient."""


def judged(indexes: Sequence[Index]) -> tuple[Verdict, ...]:
    """Say of each whether it is used, broken or redundant."""
    return tuple(_judged(one, indexes) for one in indexes)


def _judged(one: Index, indexes: Sequence[Index]) -> Verdict:
    if not one.valid:
        return Verdict(one, "invalid: an interrupted build left it; migrate again")
    covering = next((other for other in indexes if _covers(other, one)), None)
    if covering is not None and not one.constraint:
        return Verdict(one, f"redundant: {covering.name} begins with the same", covering.name)
    if one.constraint:
        return Verdict(one, "enforces a rule")
    return Verdict(one, "used" if one.scans else "never used since the statistics began")


def _covers(other: Index, one: Index) -> bool:
    """Tell whether all that one index can find, another finds as well."""
    same_rows = (other.table, other.method, other.predicate) == (
        one.table, one.method, one.predicate,
    )  # fmt: skip
    begins = other.keys[: len(one.keys)] == one.keys
    # Of two equal ones, the one that enforces a rule stays, else the first by name.
    longer = len(other.keys) > len(one.keys) or other.constraint or other.name < one.name
    return other.name != one.name and other.valid and same_rows and begins and longer
