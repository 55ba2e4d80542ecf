"""What is spent on models: asked before each call, told after it.

A call is admitted with the most that it can cost, and settled with what it did cost; one whose
end nobody told keeps its reservation.  So no cap is ever exceeded, whoever dies when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Verdict = Literal["granted", "lesson-cap", "organisation-cap", "day-cap", "busy", "open"]
SERVICE = "vertex"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent, in micro-dollars, and the most calls in any minute."""

    lesson: int
    organisation: int  # in a day
    day: int
    calls: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What is spent or reserved now, in micro-dollars, and the calls of the last minute."""

    lesson: int = 0
    organisation: int = 0
    day: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call before it is made; (key, fence, kind) names it once."""

    key: str  # of the claim
    fence: int
    kind: str  # "draft-1/gemini-3.8-flash"
    lesson_id: str
    price_version: str
    worst: int  # micro-dollars

    @property
    def stage(self) -> str:
        """Whose work it is."""
        return self.key.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a call came to: tokens, and micro-dollars."""

    read: int = 0
    written: int = 0
    thought: int = 0
    micros: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """A row of the ledger as it is shown; one that is not settled is a reservation.

    `characters` are those of a lesson's speech, which has no tokens.
    """

    kind: str
    bill: Bill
    settled: bool
    characters: int = 0


def summed(costs: Sequence[Cost]) -> str:
    """Say in a line what some calls cost."""
    micros = sum(one.bill.micros for one in costs)
    tokens = sum(one.bill.read + one.bill.written + one.bill.thought for one in costs)
    asked = sum(not one.characters for one in costs)
    characters = sum(one.characters for one in costs)
    calls = "1 call" if asked == 1 else f"{asked} calls"
    told = [f"{micros / 1_000_000:.4f} USD"]
    told += [f"{tokens} tokens in {calls}"] if asked or not characters else []
    told += [f"{characters} characters spoken"] if characters else []
    open_ones = sum(not one.settled for one in costs)
    reserved = f"; {open_ones} of them only reserved" if open_ones else ""
    return ", ".join(told) + reserved


class Ledger(Protocol):
    """Who keeps the account; all instances share it, and it decides one call at a time."""

    def admit(self, call: Call, caps: Caps) -> Verdict:
        """Reserve the worst that a call can cost, or say why not.

        Asking again for a call that was admitted grants it again.  Raises LeaseLost when a later
        run of the same work has been here, or this very call has its end.
        """

    def settle(self, call: Call, bill: Bill) -> None:
        """Note that a call was answered and what it cost; repeating it changes nothing."""

    def failed(self, call: Call, *, billed: bool, faulty: bool) -> None:
        """Note a call without an answer: `faulty` counts against the service.

        One that may have been billed keeps its reservation, settled as if it were spent.
        """

    def costs(self, lesson_id: str) -> tuple[Cost, ...]:
        """List what a lesson cost, oldest first."""


def decided(worst: int, spent: Spent, caps: Caps, *, lets_through: bool) -> Verdict:
    """Decide about one call; `lets_through` is the breaker's word."""
    if spent.lesson + worst > caps.lesson:
        return "lesson-cap"
    if spent.organisation + worst > caps.organisation:
        return "organisation-cap"
    if spent.day + worst > caps.day:
        return "day-cap"
    if not lets_through:
        return "open"
    return "busy" if spent.calls >= caps.calls else "granted"
