"""A student who is asked back, and answers: rightly, twice, otherwise, or not in time.

Whoever is not answered looks again later, so that every request comes to its end; and somebody
else answers in the student's place, which must change nothing.
"""

from __future__ import annotations

import json

from shared.question.expiry import EXPIRED
from shared.question.inquiry import Inquiry
from tests.simulation.faults import Fault
from tests.simulation.world import World

LOOKS_S = (5.0, 120.0)
PATIENCE_S = 20_000.0  # after which a request that nobody ever stored is not looked for any more


class Student:
    """Waits for a request to be asked back, and answers until it no longer waits."""

    def __init__(self, world: World, message: dict[str, object]) -> None:
        self._world = world
        self._message = message
        self._random = world.random

    def wait(self) -> None:
        """Look again in a while."""
        self._world.later(LOOKS_S, self._look)

    def _look(self) -> None:
        request_id = str(self._message["request_id"])
        found = self._world.inside.records.waiting(request_id)
        if found is None and self._world.now_s < self._world.nemesis.until_s + PATIENCE_S:
            self.wait()
        elif found is not None and found.status == "needs_input":
            if found.open is not None:
                self._react(found.open)
            self.wait()

    def _react(self, inquiry: Inquiry) -> None:
        random, counts = self._random, self._world.nemesis.counts
        if self._world.repairs and random.random() < 0.2:
            counts[Fault.UNANSWERED] += 1
            self._world.services.records.expire(-1, EXPIRED)  # as if a day had passed
            return
        if random.random() < 0.3:
            counts[Fault.STRANGER] += 1
            self._answer(inquiry, student="s-666")
        if random.random() < 0.5:
            counts[Fault.OTHER_ANSWER] += 1
            self._answer(inquiry)
        self._answer(inquiry)

    def _answer(self, inquiry: Inquiry, student: str = "") -> None:
        option = self._random.choice(inquiry.options)
        answer = {
            "request_id": self._message["request_id"],
            "student_id": student or self._message["student_id"],
            "answers": {inquiry.id: option.id},
        }
        self._world.post.request(json.dumps(answer).encode(), self._world.now_s)
