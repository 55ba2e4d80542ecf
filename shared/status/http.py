"""A question and its answer, as HTTP has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `headers` are named in title case, `query` has every pair."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A question that has no answer; RFC 9457 says how that is told.

    `title` is a sentence, `detail` says what to do; neither quotes the question.
    """

    def __init__(
        self, status: HTTPStatus, title: str, detail: str, *, field: str = "", **headers: str
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Answer:
        """Tell it."""
        told = {"type": "about:blank", "title": self.title, "status": self.status.value}
        told |= {"detail": self.detail} | ({"field": self.field} if self.field else {})
        headers = {"Content-Type": PROBLEM, "Cache-Control": "no-store", **self.headers}
        return Answer(self.status.value, encoded(told), headers)


def encoded(told: object) -> bytes:
    """Write JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def answered(told: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Answer with JSON that nobody keeps."""
    headers = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return Answer(status.value, encoded(told), headers)


def bad(field: str, rule: str) -> Problem:
    """Refuse a question for one of its values; the rule says what it must be."""
    return Problem(HTTPStatus.BAD_REQUEST, f"{field} {rule}.", "Ask again with a right value.",
                   field=field)  # fmt: skip
