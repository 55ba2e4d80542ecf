"""The port to the account of what is spoken: asked once for a lesson, told once what it came to.

A lesson reserves, before any scene is asked for, what `shared.film.counted` lets its scenes spend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.spending.ledger import Caps, Verdict


@dataclass(frozen=True, slots=True)
class Narrated:
    """A whole lesson's speech before it is paid for; `worst` in micro-dollars."""

    lesson_id: str
    voice: str
    price_version: str
    characters: int
    worst: int


class Budget(Protocol):
    """Who keeps the account; it decides about one lesson at a time."""

    def reserve(self, narrated: Narrated, caps: Caps) -> Verdict:
        """Reserve what a lesson's speech may cost, or say why not; once for each lesson."""

    def settle(self, lesson_id: str, characters: int, micros: int) -> None:
        """Note what a lesson's speech came to; repeating it changes nothing."""
