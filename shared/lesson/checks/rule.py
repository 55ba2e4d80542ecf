"""A rule: the ids of what it finds, why it is there, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.lesson.checks.finding import Finding
from shared.lesson.plan import Plan
from shared.library.book import Material

Look = Callable[[Plan, Material], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `reason` is its function's docstring, one sentence or two."""

    ids: tuple[str, ...]
    reason: str
    look: Look


def rule(*ids: str) -> Callable[[Look], Rule]:
    """Make a rule of a function that yields findings with these ids."""

    def made(look: Look) -> Rule:
        return Rule(ids, " ".join((look.__doc__ or "").split()), look)

    return made
