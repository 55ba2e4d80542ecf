"""Lists of requests: what the caller may see, newest first, page by page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from shared.status import body, cursors
from shared.status.callers import Caller
from shared.status.http import Answer, Asked, Problem, answered
from shared.status.parameters import USUAL, given, number, required
from shared.status.rows import Place, Requests, Seen

OPERATORS = ("Only an operator may ask this.", "Use a token with the claim operator.")
ListOf = Callable[[Place | None, int], tuple[Seen, ...]]


class Lists:
    """Answers for several requests at once; no id of a student is ever part of a URL."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def requests(self, asked: Asked, caller: Caller) -> Answer:
        """List a student's requests, an organisation's, or for an operator everybody's."""
        found = given(asked, "status", "limit", "cursor")
        limit, status = number(found, "limit", USUAL), found.get("status", "")
        listed = f"requests/{status}"
        return _paged(self._of(caller, status), found.get("cursor"), limit, listed)

    def correlated(self, asked: Asked, caller: Caller) -> Answer:
        """List the caller's requests that their sender knows by one id, on one page."""
        found = required(given(asked, "correlation_id", "limit"), "correlation_id")
        same = self._requests.correlated(found["correlation_id"], number(found, "limit", USUAL))
        return _page([one for one in same if caller.may_see(one)], "")

    def failures(self, asked: Asked, caller: Caller) -> Answer:
        """List what failed in one stage, for an operator."""
        found = required(given(asked, "stage", "limit", "cursor"), "stage")
        if not caller.operator:
            raise Problem(HTTPStatus.FORBIDDEN, *OPERATORS)
        stage = found["stage"]
        return _paged(
            lambda place, limit: self._requests.failures(stage, place, limit),
            found.get("cursor"),
            number(found, "limit", USUAL),
            f"failures/{stage}",
        )

    def summary(self, asked: Asked, caller: Caller) -> Answer:
        """Count an organisation's requests of the last days by their status."""
        found = given(asked, "days", "organization_id")
        organization = found.get("organization_id", "")
        if not caller.operator:
            if caller.student_id or organization not in ("", caller.organization_id):
                raise Problem(HTTPStatus.FORBIDDEN, *OPERATORS)
            organization = caller.organization_id
        required({"organization_id": organization} if organization else {}, "organization_id")
        days = number(found, "days", 30)
        counted = self._requests.counts(organization, days)
        return answered({"organization_id": organization, "days": days, "requests": dict(counted)})

    def _of(self, caller: Caller, status: str) -> ListOf:
        if caller.operator:
            return lambda place, limit: self._requests.of_all(status, place, limit)
        if caller.student_id:
            student = caller.student_id
            return lambda place, limit: self._requests.of_student(student, status, place, limit)
        organization = caller.organization_id
        return lambda place, limit: self._requests.of_organization(
            organization, status, place, limit
        )


def _paged(read: ListOf, cursor: str | None, limit: int, listed: str) -> Answer:
    place = None if cursor is None else cursors.read(cursor, listed)
    entries = read(place, limit + 1)  # one more tells whether there is another page
    shown = entries[:limit]
    if len(entries) <= limit:
        return _page(shown, "")
    last = shown[-1]
    failed = listed.startswith("failures/")
    at = last.failed_at if failed and last.failed_at else last.created_at
    return _page(shown, cursors.written(Place(at, last.request_id), listed))


def _page(entries: tuple[Seen, ...] | list[Seen], next_cursor: str) -> Answer:
    told = [body.entry(one) for one in entries]
    return answered({"requests": told, "next_cursor": next_cursor or None})
