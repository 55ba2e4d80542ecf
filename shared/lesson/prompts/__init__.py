"""The instructions that a model is given: one file for each version, never changed once used.

A version is part of a lesson's identity, so two of them can be compared by shares: which one a
lesson gets depends on what is asked alone, and is the same in every function.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.events import digest
from shared.identity import normalised
from shared.lesson.plan import Brief

FOLDER = Path(__file__).parent
_WHOLE = 0x10000


def names() -> tuple[str, ...]:
    """Name every version."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.md")))


@cache
def text(name: str) -> str:
    """Read a version."""
    return (FOLDER / f"{name}.md").read_text("utf-8")


def shares(wanted: str) -> Mapping[str, int]:
    """Read `1` or `1:90 2:10`; raises ValueError."""
    found: dict[str, int] = {}
    for word in wanted.split():
        name, _, share = word.partition(":")
        if name not in names():
            raise ValueError(f"{name} is no file of shared/lesson/prompts")
        if not (share or "1").isdecimal() or int(share or 1) < 1 or name in found:
            raise ValueError(f"{word}: must be a version and its share, such as 1:90")
        found[name] = int(share or 1)
    if not found:
        raise ValueError("names no version")
    return found


def chosen(brief: Brief, wanted: Mapping[str, int]) -> str:
    """Choose the version of a lesson by what is asked."""
    asked = {
        "question": normalised(brief.question),
        "interest": normalised(brief.interest),
        "grade_band": brief.grade_band,
    }
    point = int(digest({"prompt": asked})[:4], 16) * sum(wanted.values()) / _WHOLE
    for name, share in wanted.items():
        point -= share
        if point < 0:
            return name
    raise AssertionError("a point lies below the sum")
