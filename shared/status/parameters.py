"""What a question may say after its question mark, each with its rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import get_args

from shared.limits import STAGES
from shared.rows import RequestStatus
from shared.status.http import Asked, bad

STATUSES: tuple[str, ...] = get_args(RequestStatus)
# As `shared/request.schema.json` has them.
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
REFERENCE = re.compile(r"[!-~]{1,128}")
MOST, USUAL, MOST_DAYS = 100, 20, 366
DIGITS = 4


def request_id(text: str) -> str:
    """Read an id; raises Problem."""
    if not UUID.fullmatch(text):
        raise bad("request_id", "must be a UUID such as 7f3c1f4e-0d5c-4d0e-9f4e-3f0f8a1f6c55")
    return text.lower()


def given(asked: Asked, *allowed: str) -> Mapping[str, str]:
    """Read the parameters, each checked; raises Problem for one that is unknown or repeated."""
    found: dict[str, str] = {}
    for name, value in asked.query:
        if name not in allowed:
            raise bad("query", f"may have {' and '.join(allowed) or 'no parameters'}")
        if name in found:
            raise bad(name, "must be there once only")
        CHECKS[name](name, value)
        found[name] = value
    return found


def required(found: Mapping[str, str], name: str) -> Mapping[str, str]:
    """Give the parameters again; raises Problem without this one."""
    if name not in found:
        raise bad(name, "must be there")
    return found


def number(found: Mapping[str, str], name: str, usual: int) -> int:
    """Read a number that was checked."""
    return int(found.get(name, usual))


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        if value not in allowed:
            raise bad(name, f"must be one of {', '.join(allowed)}")

    return check


def _up_to(most: int) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        plain = value.isascii() and value.isdecimal() and len(value) <= DIGITS
        if not (plain and 1 <= int(value) <= most):
            raise bad(name, f"must be a number from 1 to {most}")

    return check


def _reference(name: str, value: str) -> None:
    if not REFERENCE.fullmatch(value):
        raise bad(name, "must have 1 to 128 visible ASCII characters")


def _checked_when_read(name: str, value: str) -> None:
    """Leave it to `cursors`."""


CHECKS: Mapping[str, Callable[[str, str], None]] = {
    "status": _one_of(STATUSES),
    "stage": _one_of(STAGES),
    "limit": _up_to(MOST),
    "days": _up_to(MOST_DAYS),
    "correlation_id": _reference,
    "organization_id": _reference,
    "cursor": _checked_when_read,
}
