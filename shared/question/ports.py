"""What asking back needs from the records and the library; see `shared/ports.py` for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.question.inquiry import Inquiry, Waiting
from shared.rows import Attached, Request


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section that can be taught stands: "4.2" of a chapter of a book."""

    book: str
    chapter: str
    number: str
    module: str
    title: str


class Outline(Protocol):
    """The contents page of the library."""

    def outline(self) -> tuple[Place, ...]:
        """List every section that defines a term, book by book, in the book's order."""


class Inquiries(Protocol):
    """What is known of requests that were asked back; every move happens at most once."""

    def previous(self, request: Request) -> str:
        """Give what this student's latest other request was taught; empty when there is none."""

    def ask(self, request: Request, inquiry: Inquiry) -> str:
        """Store a request that waits for an answer, with its first inquiry; commit.

        One that is known stays as it is: gives the lesson that it belongs to, empty when none.
        The same request id with other content raises Unreadable("request-id-reused").
        """

    def waiting(self, request_id: str) -> Waiting | None:
        """Read a request with all its rounds; None when it was never asked back."""

    def ask_again(self, inquired: Inquiry, answer: str, request_id: str, then: Inquiry) -> bool:
        """Note the answer to the open inquiry and make the next one, in one commit."""

    def resume(self, inquired: Inquiry, answer: str, request: Request, identity: str) -> bool:
        """Note the answer and move needs_input -> accepted with the lesson, as `accept` does.

        `request.understood` is what the answer has made of the question.
        """

    def leave_unclear(self, inquired: Inquiry, answer: str, request_id: str, reason: str) -> bool:
        """Note the answer and move needs_input -> refused, with a sentence for the student."""

    def expire(self, waited_s: float, reason: str) -> None:
        """Move who has not answered for so long, needs_input -> refused; some at a time."""

    def untold(self) -> tuple[Attached, ...]:
        """List requests that expired and that `told` was not told of."""

    def told(self, request_id: str) -> None:
        """Note that the end of an expired request is out."""
