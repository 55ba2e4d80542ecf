"""Who asks, and what of the requests is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qs

from shared.status.http import Problem
from shared.status.rows import Seen

SCHEME = "bearer"
DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token speaks for: a student, else an organisation, or an operator.

    A student's token that names an organisation too sees the student's requests alone.
    """

    subject: str
    student_id: str = ""
    organization_id: str = ""
    operator: bool = False

    def may_see(self, seen: Seen) -> bool:
        """Tell whether a request is theirs."""
        if self.operator:
            return True
        if self.student_id:
            return seen.student_id == self.student_id
        return bool(self.organization_id) and seen.organization_id == self.organization_id


class Tokens(Protocol):
    """Who signed a token, and for whom."""

    def claims(self, token: str) -> Mapping[str, object]:
        """Give the claims of a token that is valid now.

        Raises Permanent when it is not, Transient when the keys to check it cannot be fetched.
        """


def caller_of(claims: Mapping[str, object]) -> Caller:
    """Read the claims of a token that was checked; raises Problem when it speaks for nobody."""

    def text(name: str) -> str:
        value = claims.get(name, "")
        return value if isinstance(value, str) else ""

    student, organization = text("student_id"), text("organization_id")
    operator = claims.get("operator") is True
    if not (student or organization or operator):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "The token speaks for nobody.",
            "It needs a claim student_id, organization_id or operator.",
        )
    return Caller(text("sub") or student or organization, student, organization, operator)


def development_caller(text: str) -> Caller:
    """Believe a caller: `student_id=s-17`, `organization_id=o-1` or `operator=true`."""
    given = {name: values[0] for name, values in parse_qs(text).items()}
    return caller_of({**given, "operator": given.get("operator") == "true"})


def unknown(why: str) -> Problem:
    """Ask for a token."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        why,
        "Send the header Authorization: Bearer TOKEN with a valid identity token.",
        WWW_Authenticate="Bearer",
    )
