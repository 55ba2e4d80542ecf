"""What a check says: what was found, what is allowed, and whether that is so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from shared.film.encode import FULL, Size

_TOLD = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `value` and `limit` carry their units.

    A check that lacks what it compares the file with has not been made: it fails nothing, and its
    value says what is missing.
    """

    id: str
    value: str
    limit: str
    passed: bool
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """What a plan and its scenes promise of the file; None: nobody knows.

    `frames` are the lengths of the scenes, `pauses_s` the longest silence that each may have,
    `parameters` the digest of their common encoder parameters; empty says nothing about it.
    `holds_s` is the longest stillness of each scene, `reveals_s` are the words, in seconds of the
    film, at which something appears, `titles` the chapters, `credits` what the tags must say.
    """

    frames: tuple[int, ...]
    pauses_s: tuple[float, ...]
    parameters: str = ""
    size: Size | None = FULL
    holds_s: tuple[float, ...] | None = None
    reveals_s: tuple[float, ...] | None = None
    titles: tuple[str, ...] | None = None
    credits: tuple[str, ...] | None = None
    ours: bool = True  # drawn by this project's templates, which keep the border free


def not_checked(name: str, limit: str, why: str) -> Check:
    """Say that a check could not be made, and what it would have needed."""
    return Check(name, f"not checked: {why}", limit, passed=True, checked=False)


def report(checks: Sequence[Check], expected: Expected | None = None) -> bytes:
    """Write checks as JSON, with what they compared the file with."""
    written: dict[str, object] = {
        "passed": not failed(checks),
        "checks": [asdict(one) for one in checks],
    }
    if expected is not None:
        written["expected"] = asdict(expected)
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def failed(checks: Sequence[Check]) -> list[Check]:
    """List what did not pass."""
    return [one for one in checks if not one.passed]


def told(items: Iterable[object]) -> str:
    """Write the first few of what was found wrong; "none" when nothing was."""
    return ", ".join(str(item) for item in list(items)[:_TOLD]) or "none"
