"""The front door on fakes, and time that stands still."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.config import Access
from shared.errors import Permanent
from shared.status.contents import Storage
from shared.status.front import Front
from shared.status.health import Health
from shared.status.http import Answer, Asked
from shared.status.lists import Lists
from shared.status.polls import Polls
from shared.status.rate import Rate
from shared.status.rows import Seen
from tests.fakes.objects import MemoryObjects
from tests.status.given import LESSON, SCHOOL, STUDENT, MemoryRequests

TOKENS: Mapping[str, Mapping[str, object]] = {
    "student": {"sub": "u-1", "student_id": STUDENT, "organization_id": SCHOOL},
    "stranger": {"sub": "u-2", "student_id": "s-99", "organization_id": SCHOOL},
    "school": {"sub": "u-3", "organization_id": SCHOOL},
    "other-school": {"sub": "u-4", "organization_id": "o-2"},
    "operator": {"sub": "u-5", "operator": True},
    "nobody": {"sub": "u-6"},
    "claims-too-much": {"sub": "u-7", "operator": "true"},
}
TEXT = "# Why?\n\nBecause.\n"
BOOK = {
    "title": "Physics",
    "authors": ["A. Author"],
    "section": "1.1 Motion",
    "url": "https://example.org/1-1",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "sha256": "0" * 64,
}


class KnownTokens:
    """The port Tokens on a table."""

    def claims(self, token):
        if token not in TOKENS:
            raise Permanent("The identity token has expired.")
        return TOKENS[token]


class NumberedLinks:
    """The port Links; each link is another one, as a signature would be."""

    def __init__(self):
        self.signed = 0

    def link(self, name):
        self.signed += 1
        return f"https://storage.example/{name}?signature={self.signed}"


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, read."""

    answer: Answer

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def told(self) -> Any:
        return json.loads(self.answer.body)

    @property
    def headers(self) -> Mapping[str, str]:
        return self.answer.headers


class World:
    """A front door, what stands behind it, and the time."""

    def __init__(self, *entries: Seen, origins: Sequence[str] = (), development: bool = False):
        self.now = 1_000_000.0
        self.requests = MemoryRequests(entries)
        self.objects = MemoryObjects()
        self.links = NumberedLinks()
        self.silent = {}
        home = f"lessons/{LESSON}"
        plan = json.dumps({"attribution": BOOK}).encode()
        self.objects.create("generated", f"{home}/plan.json", plan, content_type="")
        self.objects.create("generated", f"{home}/lesson.md", TEXT.encode(), content_type="")
        access = Access("us", "them", "https://keys", development, tuple(origins), "r-7", "abc")
        clock = self.clock
        self.front = Front(
            access=access,
            tokens=KnownTokens(),
            rate=Rate(clock),
            polls=Polls(self.requests, Storage(self, self.links, clock), clock),
            lists=Lists(self.requests),
            health=Health(
                {name: self.check(name) for name in ("database", "firestore", "storage")}, clock
            ),
            versions={"plan": "1"},
        )

    def clock(self) -> float:
        return self.now

    def check(self, name):
        """Make a check that fails while somebody gave it a fault."""

        def check():
            if name in self.silent:
                raise self.silent[name]

        return check

    def ask(self, path: str, who: str = "student", method: str = "GET", **headers: str) -> Got:
        """Ask as somebody; headers have underscores for hyphens."""
        where, _, text = path.partition("?")
        query = tuple(tuple(pair.split("=", 1)) for pair in text.split("&") if pair)
        known = {"Authorization": f"Bearer {who}"} if who else {}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Got(self.front.answer(Asked(method, where, query, known | given)))

    def poll(self, one: Seen, who: str = "student", **headers: str) -> Got:
        """Ask for one request."""
        return self.ask(f"/requests/{one.request_id}", who, **headers)
