"""What stands behind a request in storage: its text and sources, and where its files are found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from shared import deadline
from shared.errors import Missing, Transient
from shared.ports import Objects
from shared.status.kept import Kept
from shared.status.rows import Seen

LINK_S = 15 * 60
WINDOW_S = 5 * 60  # in which a file keeps its link; so who asks has one for 10 minutes at least
READ_S = 3.0
KEPT_TEXTS, KEPT_LINKS = 200, 5_000
CITED = ("title", "authors", "section", "url", "licence", "licence_url")
Clock = Callable[[], float]


class Files(Protocol):
    """Where the objects are; asked for only when one is needed, as a client loads slowly."""

    @property
    def objects(self) -> Objects:
        """Storage."""


class Links(Protocol):
    """How somebody without an account reads one object."""

    def link(self, name: str) -> str:
        """Give a URL of an object of the generated bucket that works for `LINK_S`.

        Raises Transient.
        """


@dataclass(frozen=True, slots=True)
class Contents:
    """The text, the books it cites and the files by their kind; `complete` if nothing failed."""

    script: str | None
    sources: tuple[Mapping[str, object], ...]
    links: Mapping[str, str]
    complete: bool


class Storage:
    """Reads what never changes once, and signs a link once in a window."""

    def __init__(self, files: Files, links: Links, clock: Clock = time.time) -> None:
        self._files = files
        self._links = links
        self._clock = clock
        self._texts: Kept[str, tuple[str, Mapping[str, object]]] = Kept(KEPT_TEXTS)
        self._linked: Kept[tuple[str, int], str] = Kept(KEPT_LINKS)

    def window(self) -> int:
        """Count the stretches of time in which links stay the same."""
        return int(self._clock()) // WINDOW_S

    def contents(self, seen: Seen, window: int) -> Contents:
        """Fetch what there is of a request by now; what storage does not give is left out."""
        if not seen.plan_object:
            return Contents(None, (), {}, complete=True)
        try:
            with deadline.within(READ_S):
                script, source = self._text(seen)
                shown = seen.files.items() if seen.status == "completed" else ()
                links = {kind: self._link(name, window) for kind, name in shown}
        except (Missing, Transient):
            return Contents(None, (), {}, complete=False)
        return Contents(script, (source,), links, complete=True)

    def _text(self, seen: Seen) -> tuple[str, Mapping[str, object]]:
        known = self._texts.get(seen.lesson_id)
        if known is None:
            home = seen.plan_object.rpartition("/")[0]
            read = self._files.objects.read
            script = read("generated", f"{home}/lesson.md").decode()
            book = json.loads(read("generated", seen.plan_object))["attribution"]
            known = script, {name: book[name] for name in CITED}
            self._texts.put(seen.lesson_id, known)
        return known

    def _link(self, name: str, window: int) -> str:
        known = self._linked.get((name, window))
        if known is None:
            known = self._links.link(name)
            self._linked.put((name, window), known)
        return known
