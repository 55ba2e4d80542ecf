"""The reviewed file of diagrams, each bound to the key terms that it is true of."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.lesson.diagrams.kinds import Diagram
from shared.lesson.typed import read
from shared.library.words import plain, stems

_FILE = Path(__file__).with_name("diagrams.json")
_PARTS = re.compile(r"[:,;]|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Binding:
    """A diagram and the terms that it shows."""

    terms: tuple[str, ...]
    diagram: Diagram


@cache
def bindings() -> tuple[Binding, ...]:
    """Read the file; raises Unreadable with the path of the first field at fault."""
    found = json.loads(_FILE.read_text("utf-8"))
    made = read(tuple[Binding, ...], found)
    assert isinstance(made, tuple)  # noqa: S101 - for the type checker: `read` gives what was asked
    return made


def diagram_for(terms: Sequence[str], used: Collection[Diagram] = ()) -> Diagram | None:
    """Find the diagram that shows the first possible of these terms, and was not used before.

    A term is matched by its name, then by its stems, then as a heading of several terms; all are
    tried one way before the next.  No name inside a longer one counts: electric potential energy
    is not what lifting gives.
    """
    free = [one for one in bindings() if one.diagram not in used]
    for fits in (_named, _alike, _in_heading):
        for term in terms:
            for one in free:
                if any(fits(term, name) for name in one.terms):
                    return one.diagram
    return None


def _named(term: str, name: str) -> bool:
    return plain(term).strip() == plain(name)


def _alike(term: str, name: str) -> bool:
    return stems(term) == stems(name) != frozenset()


def _in_heading(term: str, name: str) -> bool:
    """Compare each part of a heading: "Newton's First Law of Motion: Inertia" has two."""
    return any(_alike(part, name) for part in _PARTS.split(term))
