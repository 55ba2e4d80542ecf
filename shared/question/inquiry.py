"""An inquiry: what we ask a student back, with options to choose from.

A request has at most `ROUNDS` of them, one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from shared.rows import Request, RequestStatus

ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `question` is what is taught then, empty where we must ask on."""

    id: str
    text: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What we ask; its id is a request's own, and another one in each round."""

    id: str
    text: str
    options: tuple[Option, ...]

    def encoded(self) -> dict[str, Any]:
        """Write it as JSON has it."""
        return asdict(self)

    @classmethod
    def decoded(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `encoded` wrote."""
        options = tuple(Option(**option) for option in stored["options"])
        return cls(stored["id"], stored["text"], options)

    def chosen(self, answer: str) -> Option | None:
        """Find the option that an answer names, by its id or by its text."""
        said = answer.strip().casefold()
        named = (one for one in self.options if said in (one.id.casefold(), one.text.casefold()))
        return next(named, None)


@dataclass(frozen=True, slots=True)
class Round:
    """An inquiry that was made, and what was answered; empty while nobody did."""

    inquiry: Inquiry
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that was asked back, whatever has become of it since."""

    request: Request
    status: RequestStatus
    rounds: tuple[Round, ...]
    lesson_id: str = ""
    reason: str = ""

    @property
    def open(self) -> Inquiry | None:
        """The inquiry that may be answered now."""
        last = self.rounds[-1]
        return last.inquiry if self.status == "needs_input" and not last.answer else None

    def answer_to(self, inquiry_id: str) -> str | None:
        """Give what was answered to an inquiry; None when it was never made."""
        made = (one.answer for one in self.rounds if one.inquiry.id == inquiry_id)
        return next(made, None)
