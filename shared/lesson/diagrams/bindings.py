"""The reviewed file of diagrams, each bound to the key terms that it is true of."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.lesson.diagrams.kinds import Diagram
from shared.lesson.typed import read
from shared.library.words import plain, stems

_FILE = Path(__file__).with_name("diagrams.json")
_TELLING = 2  # stems of a term: one alone, like energy or field, stands in too many others


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

    A term is matched by its name, then by its stems, then by a longer name that it contains
    ("Newton's first law of motion: inertia"); all terms are tried one way before the next.
    """
    free = [one for one in bindings() if one.diagram not in used]
    for fits in (_named, _alike, _contained):
        for term in terms:
            rated = [(fits(term, name), one) for one in free for name in one.terms]
            best = max(rated, key=lambda pair: pair[0], default=(0, None))
            if best[0] and best[1]:
                return best[1].diagram
    return None


def _named(term: str, name: str) -> int:
    return int(plain(term).strip() == plain(name))


def _alike(term: str, name: str) -> int:
    return int(stems(term) == stems(name) != frozenset())


def _contained(term: str, name: str) -> int:
    """Count the stems of a name that is part of a longer term."""
    own = stems(name)
    return len(own) if len(own) >= _TELLING and own < stems(term) else 0
