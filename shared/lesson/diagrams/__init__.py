"""Diagrams as data: what is drawn and how it is labelled, never where or in which color.

Each kind is a frozen record that refuses data which cannot be drawn or is not so in nature.
`parts` names what appears one after the other, numbered from 1; 0 is what stands there at first.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import get_args, get_origin, get_type_hints

from shared.lesson.diagrams.bindings import diagram_for
from shared.lesson.diagrams.kinds import Diagram

__all__ = ["Diagram", "described", "diagram_for", "parts", "written"]


def parts(diagram: Diagram) -> tuple[str, ...]:
    """Give the label of each part in drawing order; part `k` is the k-th, from 1."""
    return diagram.parts()


def described(diagram: Diagram) -> str:
    """Describe a diagram in one sentence, for those who do not see it."""
    return diagram.described()


def written(diagram: Diagram) -> tuple[str, ...]:
    """Give every text of a diagram's data, to be checked against the fonts."""
    return (*diagram.parts(), *_texts(diagram))


def _texts(record: object) -> list[str]:
    """Collect the free texts of a record, words of closed lists left out."""
    found: list[str] = []
    if not is_dataclass(record):
        return found
    hints = get_type_hints(type(record))
    for one in fields(record):
        value = getattr(record, one.name)
        values = value if isinstance(value, tuple) else (value,)
        inner = get_args(hints[one.name])[:1] if get_origin(hints[one.name]) is tuple else ()
        is_text = str in (hints[one.name], *inner)
        for each in values:
            found += [each] if is_text and isinstance(each, str) else _texts(each)
    return found
