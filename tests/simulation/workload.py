"""What people do in one seed: ask, ask the same, cancel, and send what nobody can read.

Somebody also puts objects into our bucket, and a book into the library.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable

from shared.abandoned import mark_abandoned
from shared.errors import Missing
from shared.film.scene_files import folder
from tests.simulation.content import FATAL, NOT_COVERED, QUESTIONS, UNCLEAR
from tests.simulation.faults import Fault
from tests.simulation.student import Student
from tests.simulation.world import World

CLOSE_S = (0.0, 5.0)
BEGIN_S = (0.0, 60.0)
LATER_S = (60.0, 5000.0)
CROWD = 30
BOOK = b"a book, as far as anybody here reads it"


class Workload:
    """Plans one seed's doings; `asked` maps each request id to its message.

    `conflicts` are the ids under which other content was sent as well, `broken` the message ids
    that nobody can read, each with the request id that can be read all the same.
    """

    def __init__(self, world: World) -> None:
        self.asked: dict[str, dict[str, object]] = {}
        self.conflicts: dict[str, list[str]] = {}
        self.broken: dict[str, str] = {}
        self._world = world
        self._random = world.random
        self._counts = world.nemesis.counts
        self._ids: list[str] = []

    def plan(self) -> None:
        """Choose who does what, and when."""
        random = self._random
        close = random.choice((CLOSE_S, BEGIN_S))  # close: one attaches while the other is at work
        first = self._request(self._question(), close)
        crowd = CROWD if random.random() < 0.01 else random.choice((0, 0, 1, 1, 2))
        for _ in range(crowd):
            self._counts[Fault.EQUAL] += 1
            self._request({**first}, close)
        if random.random() < 0.2:
            self._request(self._question())
        if random.random() < 0.2:
            self._counts[Fault.ASKED_BACK] += 1
            unclear = self._request(_asking(UNCLEAR, "text"))
            Student(self._world, unclear).wait()
        for chance, doing in (
            (0.15, self._cancel),
            (0.05, self._cancel_all),
            (0.15, self._send_other_content),
            (0.15, self._send_broken),
            (0.15, self._put_foreign),
            (0.1, self._add_book),
        ):
            if random.random() < chance:
                self._at(doing)

    def _question(self) -> dict[str, object]:
        random = self._random
        rare = random.random()
        if rare < 0.05:
            return _asking(NOT_COVERED, "text")
        if rare < 0.13:
            return _asking(random.choice(FATAL), "audio")
        return _asking(random.choice(QUESTIONS), random.choice(("text", "text", "audio")))

    def _request(
        self, asking: dict[str, object], close: tuple[float, float] = BEGIN_S
    ) -> dict[str, object]:
        message = {**asking, "request_id": str(uuid.UUID(int=self._random.getrandbits(128)))}
        self.asked[str(message["request_id"])] = message

        def send() -> None:
            self._ids.append(self._send(message))

        self._at(send, close)
        return message

    def _at(self, doing: Callable[[], object], near_s: tuple[float, float] = BEGIN_S) -> None:
        self._world.later(near_s if self._random.random() < 0.8 else LATER_S, doing)

    def _send(self, message: dict[str, object]) -> str:
        self._world.note(f"sent {message['request_id']} {message['student_query']}")
        return self._world.post.request(json.dumps(message).encode(), self._world.now_s)

    def _any_request(self) -> dict[str, object]:
        return self._random.choice(list(self.asked.values()))

    def _cancel(self) -> None:
        self._cancel_one(str(self._any_request()["request_id"]))

    def _cancel_all(self) -> None:
        for request_id in list(self.asked):
            self._cancel_one(request_id)

    def _cancel_one(self, request_id: str) -> None:
        services = self._world.services
        try:
            cancelled = services.records.cancel(request_id)
        except Missing:
            return  # nobody knows it yet
        self._world.note(f"cancelled {request_id}: {cancelled}")
        self._counts[Fault.CANCELLED] += cancelled.status == "cancelled"
        if cancelled.abandoned and self._random.random() < 0.5:  # else `repair` leaves the mark
            mark_abandoned(services.objects, cancelled.abandoned)

    def _send_other_content(self) -> None:
        self._counts[Fault.OTHER_CONTENT] += 1
        known = self._any_request()
        message_id = self._send(
            {**known, "student_query": "What is photosynthesis?", "interest": "chess"}
        )
        self.conflicts.setdefault(str(known["request_id"]), []).append(message_id)

    def _send_broken(self) -> None:
        self._counts[Fault.BROKEN] += 1
        request_id = str(uuid.UUID(int=self._random.getrandbits(128)))
        body, readable = self._random.choice(
            (
                (b"{", ""),
                (b"\xff", ""),
                (json.dumps({"request_id": request_id, "grade_level": 99}).encode(), request_id),
            )
        )
        message_id = self._world.post.request(body, self._world.now_s)
        self.broken[message_id] = readable

    def _put_foreign(self) -> None:
        """Put a scene that no plan has beside a lesson's own, as somebody else's program might."""
        for run in self._world.inside.records.runs(1000):
            if run.lesson_id:
                self._counts[Fault.FOREIGN] += 1
                for n in (77, 78, 79):
                    name = f"{folder(run.lesson_id, n)}/scene.json"
                    self._world.services.objects.create(
                        "scenes", name, b"{}", content_type="application/json"
                    )
                return
        if self._world.now_s < self._world.nemesis.until_s:  # else there may never be a lesson
            self._world.later(BEGIN_S, self._put_foreign)

    def _add_book(self) -> None:
        self._counts[Fault.NEW_BOOK] += 1
        name = f"books/llamas/{hashlib.sha256(BOOK).hexdigest()}.zip"
        self._world.services.objects.create("oer", name, BOOK, content_type="application/zip")


def _asking(question: str, modality: str) -> dict[str, object]:
    return {
        "student_id": "s-1",
        "student_query": question,
        "grade_level": 10,
        "interest": "basketball",
        "requested_modalities": [modality],
    }
