"""Amounts of money in settings: given in dollars, counted in micro-dollars."""

from __future__ import annotations

from collections.abc import Mapping

MICROS = 1_000_000  # of a dollar


def micros(name: str, told: Mapping[str, str], problems: list[str]) -> int:
    """Read a setting as millionths of its unit; a wrong one is named among the problems."""
    try:
        found = float(told[name])
    except ValueError:
        found = -1.0
    if not 0 <= found < MICROS:
        problems.append(f"{name} is {told[name]!r}; it must be a number from 0")
        return 0
    return int(found * MICROS)
