"""Sees every effect of every call, at the moment it happens, and keeps what it saw.

Each effect is held against the step invariants; what is broken is told after the step, since a run
must not be able to catch it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shared.abandoned import abandoned
from shared.claim import Claim, Past
from shared.film.scene_files import folder
from shared.film.spoken_once import clip_name
from shared.messages import Message
from shared.ports import StoredClaim, StoredObject
from tests.simulation import steps
from tests.simulation.run import Run

if TYPE_CHECKING:
    from tests.simulation.world import World


PAID = frozenset({("author", "write"), ("voice", "speak")})


class Broken(AssertionError):
    """An invariant does not hold."""


class Witness:
    """What happened so far: claims as they were last written, events, objects, paid calls."""

    def __init__(self, world: World) -> None:
        self.claims: dict[str, StoredClaim] = {}
        self.authors: dict[str, Run | None] = {}  # owner -> the run that brought it
        self.published: dict[str, Message] = {}
        self.completions: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.generations: dict[tuple[str, str], int] = {}
        self.created_s: dict[str, float] = {}
        self.payers: dict[str, list[Run]] = defaultdict(list)
        self.runs_of: dict[str, list[Run]] = defaultdict(list)
        self.ends: dict[tuple[str, int], tuple[Past, datetime]] = {}  # by key and fence
        self.statuses: dict[str, str] = {}
        self._world = world
        self._broken: list[str] = []

    def testify(self) -> None:
        """Raise Broken when something was seen that must not be."""
        if self._broken:
            raise Broken("; ".join(self._broken))

    def ended(self, run: Run) -> None:
        """See a run end; one that raised nothing has acknowledged its delivery."""
        claim = self.claims.get(run.key)
        if claim is not None:
            author, now_s = self.authors[claim.claim.owner], self._world.now_s
            self._hold(steps.a_lease_is_lost_to_another(run, claim.claim, author, now_s))
        if run.answer is not None:
            return
        self._hold(steps.acknowledged_is_settled(run, claim and claim.claim))
        self._hold(steps.settled_work_emits_again(run, claim and claim.claim))

    def begins(self, run: Run, port: str, call: str) -> None:
        """See a run stand before a call, for however long."""
        if (port, call) in PAID:
            stored = self.claims[run.key]
            author = self.authors[stored.claim.owner]
            self._hold(
                steps.nothing_is_paid_without_a_lease(run, stored, author, self._world.now())
            )

    def asked(self, run: Run, port: str, call: str, words: tuple[object, ...]) -> None:
        """See a run about to call; its claim names its work."""
        run.faults_before = len(run.faults)
        if (port, call) == ("claims", "create") and isinstance(words[0], Claim):
            run.key = words[0].key
            self.runs_of[run.key].append(run)

    def claims_create(self, run: Run | None, stored: StoredClaim, claim: Claim) -> None:
        """See a claim begin."""
        self.authors[claim.owner] = run
        self.claims[claim.key] = stored
        self._hold(steps.finalize_waits_for_all_scenes(claim, self._world.inside))

    def claims_replace(
        self, run: Run | None, stored: StoredClaim, seen: StoredClaim, claim: Claim
    ) -> None:
        """See a claim go on."""
        before = self.claims[claim.key]
        self.claims[claim.key] = stored
        if claim.owner != before.claim.owner:
            self.authors[claim.owner] = run
        for past in claim.history:
            self.ends.setdefault((claim.key, past.fence), (past, stored.update_time))
        self._hold(steps.a_settled_claim_is_never_left(before.claim, claim))
        self._hold(steps.the_fence_only_grows(before.claim, claim))
        self._hold(steps.each_takeover_counts(before.claim, claim))
        self._hold(steps.a_live_lease_is_never_taken(before, stored))
        self._hold(steps.only_its_owner_writes_a_claim(run, self.authors.get(claim.owner)))
        self._hold(steps.events_are_out_before_the_end(claim, self.published))

    def events_publish(self, run: Run | None, _: None, messages: Sequence[Message]) -> None:
        """See events leave, and hand them to the post."""
        for message in messages:
            self.published[message.id] = message
            self._world.post.publish(message, self._world.now_s)
            if run is not None:
                run.published.add(message.id)
                run.buried |= message.topic.endswith("-dead")
            if message.topic == "content-completed":
                self.completions[steps.request_of(message)].add(
                    (message.id, steps.status_of(message))
                )

    def objects_create(
        self, run: Run | None, stored: StoredObject, *_: object, **__: object
    ) -> None:
        """See an object there, created or adopted."""
        known = self.generations.setdefault((stored.bucket, stored.name), stored.generation)
        self._hold(steps.a_name_has_one_generation(stored, known))
        self.created_s.setdefault(stored.name, self._world.now_s)
        if run is not None and run is self._world.running:  # what is stored late may be missed
            run.paying.pop(stored.name, None)

    def author_write(self, run: Run, _: object, lesson_id: str, *__: object) -> None:
        """See a plan paid for."""
        self._paid(run, f"lessons/{lesson_id}/plan.json")

    def voice_speak(self, run: Run, _: object, text: str, rate_wpm: int) -> None:
        """See a sentence paid for."""
        _, lesson_id, scene = run.key.split("/")
        home, name = folder(lesson_id, int(scene)), self._world.inside.voice.name
        self._paid(run, clip_name(home, name, text, rate_wpm))

    def records_dead_letter(self, run: Run | None, *_: object) -> None:
        """See a message given up with its reason."""
        if run is not None:
            run.buried = True
        self._rows()

    def records_accept(self, *_: object) -> None:
        """See rows move."""
        self._rows()

    records_scripted = records_completed = records_ended = records_accept
    records_answered = records_cancel = records_accept
    records_ask = records_ask_again = records_resume = records_accept
    records_leave_unclear = records_expire = records_accept

    def _rows(self) -> None:
        for row in self._world.inside.records.runs(1000):
            moves = {f"request {row.request_id}": row.status}
            if row.lesson_status:
                moves[f"lesson {row.lesson_id}"] = row.lesson_status
            for what, status in moves.items():
                before = self.statuses.get(what, "")
                self.statuses[what] = status
                self._hold(steps.a_row_only_moves_forward(what, before, status))

    def _paid(self, run: Run, unit: str) -> None:
        before = self.payers[unit]
        stored_s = self.created_s.get(unit)
        self._hold(steps.nothing_is_paid_twice(unit, run, before, self._world.now_s, stored_s))
        mark = abandoned(unit.split("/")[1])
        self._hold(steps.nothing_is_paid_for_nobody(unit, run, self.created_s.get(mark)))
        before.append(run)
        run.paying[unit] = run.faults_before

    def _hold(self, broken: Iterable[str]) -> None:
        self._broken.extend(broken)
