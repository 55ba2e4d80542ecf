"""What an instance of every function says to the database in a busy hour, through its ports.

Run by `python -m tests.upgrade.record` at a release, never afterwards: the tape is what is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.gcp.ledger import SqlLedger
from shared.gcp.letters import SqlLetters
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.upkeep import SqlUpkeep
from shared.lesson.plan import Brief
from shared.ops.letters import Chosen
from shared.rows import Attempt, Request
from shared.spending.ledger import Bill, Call, Caps
from tests.library.books import book, passage, section
from tests.ops.given import action, dead
from tests.records.given import PLAN, VIDEO, asked

NEEDS_INPUT = "update content_requests set status = 'needs_input' where id = %s"
CALL = Call("script/1", 1, "draft-1/gemini", "", "2026-09-02", 100)
LEFT = (5, 7, 8, 13, 14)
COVERED = Brief("Why does a moving object keep moving?", "basketball", "9-12", ("text",))
CAPS = Caps(lesson=1000, organisation=1000, day=1000, calls=100)


def lesson(n: int) -> str:
    """Name a lesson."""
    return f"{n:032x}"


def request(n: int) -> Request:
    """Make a request with a number as its id; the sampler book covers what is left to others."""
    one = replace(asked(), request_id=str(UUID(int=n)))
    return replace(one, brief=COVERED) if n in LEFT else one


class Instance:
    """The ports of all functions over one connection."""

    def __init__(self, postgres: Postgres) -> None:
        self.postgres = postgres
        self.records = SqlRecords(postgres)
        self.library = SqlLibrary(postgres)
        self.ledger = SqlLedger(postgres)
        self.letters = SqlLetters(postgres)
        self.upkeep = SqlUpkeep(postgres)

    def before(self) -> None:
        """Bring requests into every status, and leave work open."""
        self.library.add(book(section("m1", passage("m1#p1", "A puck moves over ice."))))
        self._made(1)
        self._ended(2, "refused", "not covered")
        self._ended(3, "failed", "attempts used up")
        self._accepted(4)
        self.records.cancel(str(UUID(int=4)))
        self._accepted(5)
        self.postgres.alone(lambda sql: sql.run(NEEDS_INPUT, str(UUID(int=5))))
        letter = replace(dead("1"), request_id=str(UUID(int=6)), ends_request=True)
        self.records.dead_letter(letter)
        self.records.dead_letter(dead("2"))
        for n in (7, 9, 10, 11, 13):
            self._accepted(n)
        self.records.accept(request(8), lesson(7))
        self.records.scripted(lesson(9), PLAN, ("title", "recap"))
        self.records.attempt_started(Attempt("script/10", 1, "script", lesson(10), "me"))
        self.ledger.admit(replace(CALL, lesson_id=lesson(1)), CAPS)
        self.ledger.settle(replace(CALL, lesson_id=lesson(1)), Bill(10, 20, 5, 40))
        self.ledger.admit(replace(CALL, key="script/10", lesson_id=lesson(10)), CAPS)

    def during(self) -> None:
        """Go on: end what is open, take up what is new, but leave 7, 8, 13 and 14 to others."""
        self.ledger.settle(replace(CALL, key="script/10", lesson_id=lesson(10)), Bill(1, 2, 3, 4))
        self._ended(12, "refused", "not covered")
        self.records.completed(lesson(9), self._files(9))
        self._answered(9, "completed")
        self._scripted_and_made(10)
        self.records.cancel(str(UUID(int=11)))
        self._accepted(14)
        self.records.dead_letter(dead("2"))
        self.records.dead_letter(dead("3"))
        self._settle_letters()
        newer = section("m2", passage("m2#p1", "The sky is blue."))
        self.library.add(book(newer, digit="f", generation=2))
        self.library.search(("sky",), 5)
        self.library.section("m2")
        self._look_around()
        self._made(15)

    def _look_around(self) -> None:
        upkeep = self.upkeep
        for look in (upkeep.stalled, upkeep.unanswered, upkeep.overdue, upkeep.archives):
            look()
        for one in upkeep.abandoned():
            upkeep.marked(one)

    def _settle_letters(self) -> None:
        for row in self.letters.list(Chosen(stages=("ingest",))):
            self.letters.noted(row, action("replay"))
            self.letters.replayed(row, action("replay"))

    def _accepted(self, n: int) -> None:
        self.records.accept(request(n), lesson(n))
        self.records.lesson(lesson(n))

    def _made(self, n: int) -> None:
        self._accepted(n)
        self._scripted_and_made(n)

    def _scripted_and_made(self, n: int) -> None:
        run = Attempt(f"script/{n}", 1, "script", lesson(n), "me")
        self.records.attempt_started(run)
        self.records.scripted(lesson(n), PLAN, ("title", "recap"))
        self.records.attempt_ended(run, "completed", "")
        scene = Attempt(f"render/{n}", 1, "render", lesson(n))
        self.records.attempts_told([scene])
        self.records.rendered(lesson(n), {1: scene, 2: scene})
        self.records.completed(lesson(n), self._files(n))
        self._answered(n, "completed")

    def _ended(self, n: int, status: str, reason: str) -> None:
        self._accepted(n)
        self.records.ended(lesson(n), status, reason, "script")  # type: ignore[arg-type]
        self._answered(n, status, reason)

    def _answered(self, n: int, status: str, reason: str = "") -> None:
        for one in self.records.attached(lesson(n)):
            self.records.answered(one.request_id, status, reason, "script")  # type: ignore[arg-type]

    def _files(self, n: int) -> dict[str, str]:
        names: Sequence[str] = VIDEO
        return {name: f"lessons/{lesson(n)}/{name}" for name in names}
