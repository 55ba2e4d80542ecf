"""One piece of work on the fakes: delivered to the real spine, one call of a port at a time."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

from cloudevents.http import CloudEvent

from shared import deadline, hold, stage, wiring
from shared.claim import Claim
from shared.errors import Conflict, PipelineError
from shared.events import ContentCompleted, Origin
from shared.messages import Arrived, Message, read_object, read_text
from shared.ports import Services, StoredClaim, StoredObject
from tests.fakes.claims import MemoryClaims
from tests.fakes.events import MemoryEvents
from tests.fakes.objects import MemoryObjects
from tests.fakes.records import MemoryRecords
from tests.fakes.services import FakeServices
from tests.machine.stepped import Answer, Stepped, stepped

LESSON = "0123456789abcdef0123456789abcdef"
KEY = f"script/{LESSON}"
FAILED = "failed"  # what stands in the output's place when there is none


@dataclass(frozen=True, slots=True)
class Asked:
    """An event for the one piece of work; `content` is its business input."""

    stage: ClassVar[str] = "script"
    source: ClassVar[Origin] = ("topics", "script-requested")
    request_id: ClassVar[str] = ""
    correlation_id: ClassVar[str] = ""

    content: str
    key: str = KEY
    lesson_id: str = LESSON

    def business(self) -> Mapping[str, str]:
        """Give what decides the result."""
        return {"content": self.content}

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery."""
        return cls(read_text(read_object(arrived.body), "content"))


class LosableClaims(MemoryClaims):
    """Claims whose record may get lost: deleted too early, or an old backup."""

    def lose(self, key: str) -> None:
        """Forget a record."""
        with self._lock:
            self._stored.pop(key, None)


class SteppedClaims:
    """Claims before which a run stands."""

    def __init__(self, claims: MemoryClaims) -> None:
        self._claims = claims

    def read(self, key: str) -> StoredClaim | None:
        """Stand before a read."""
        return stepped().before("read", lambda: self._claims.read(key))

    def create(self, claim: Claim) -> StoredClaim:
        """Stand before a create, which tells the run's owner."""
        stepped().owner = claim.owner
        return stepped().before("create", lambda: self._claims.create(claim))

    def replace(self, seen: StoredClaim, claim: Claim) -> StoredClaim:
        """Stand before a compare-and-set."""
        return stepped().before("replace", lambda: self._claims.replace(seen, claim))


class SteppedObjects(MemoryObjects):
    """Objects before which a run stands."""

    def find(self, bucket, name):
        """Stand before a look-up."""
        return stepped().before("find", lambda: super(SteppedObjects, self).find(bucket, name))

    def create(self, bucket, name, content, **facts):
        """Stand before a create-only write; a failure is told from content by its call."""
        create = super().create
        call = "otherwise" if content == FAILED.encode() else "store"
        return stepped().before(call, lambda: create(bucket, name, content, **facts))


class SteppedEvents(MemoryEvents):
    """Events before which a run stands."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Stand before a publish."""
        publish = super().publish
        stepped().before("publish", lambda: publish(messages))


class Bench:
    """The stores, the server's clock and the runs of one piece of work."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.claims = LosableClaims(lambda: self.now)
        self.objects = SteppedObjects()
        self.events = SteppedEvents()
        self.records = MemoryRecords(lambda: self.now)
        self.late: list[Callable[[], object]] = []
        self.runs: list[Stepped] = []
        self.paid = 0
        self.takes = 1  # a replay of failed work begins afresh beside the failure
        self._open = ExitStack()
        self._open.enter_context(
            wiring.provided(
                FakeServices(
                    claims=SteppedClaims(self.claims),
                    objects=self.objects,
                    events=self.events,
                    records=self.records,
                )
            )
        )

    def close(self) -> None:
        """End what still runs."""
        for run in self.runs:
            while run.call:
                run.proceed(Answer.KILLED_BEFORE)
        self._open.close()

    def deliver(self, content: str = "question") -> Stepped:
        """Start a run for one delivery; it stands before its first call."""
        data = base64.b64encode(json.dumps({"content": content}).encode()).decode()
        facts = {"type": "t", "source": "//pubsub", "id": "1"}
        event = CloudEvent(facts, {"message": {"data": data, "messageId": content}})

        def go() -> None:
            with deadline.timed_by(self.monotonic):
                stage.run(event, Asked, self.work, otherwise=self.otherwise)

        run = Stepped(go, self.late)
        self.runs.append(run)
        return run

    def work(self, asked: Asked, services: Services) -> Sequence[ContentCompleted]:
        """Adopt the output or pay for one, as every function of the pipeline does."""
        stored = services.objects.find("generated", self.name)
        if stored is None:
            hold.checkpoint()
            content = stepped().before("pay", self._pay)
            stored = self._store(services, content)
        hold.adopted(stored)
        hold.produced(stored)
        return [told(stored)]

    def otherwise(
        self, asked: Asked, services: Services, fault: PipelineError
    ) -> Sequence[ContentCompleted]:
        """Say in the output's place that there will be none."""
        return [told(self._store(services, FAILED))]

    def pass_by(self, seconds: float) -> None:
        """Let time pass, the server's and that of every run."""
        self.now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Tell the time by the clock of a run's instance."""
        return self.now.timestamp()

    def land(self) -> None:
        """Let the oldest late write reach the server."""
        try:
            self.late.pop(0)()
        except Conflict:
            return

    @property
    def name(self) -> str:
        """Name the object that this work comes down to."""
        return f"lessons/{LESSON}/plan-{self.takes}.json"

    @property
    def claim(self) -> Claim | None:
        """The claim as it stands."""
        return self.claims.all.get(KEY)

    @property
    def output(self) -> StoredObject | None:
        """The output as it stands."""
        return MemoryObjects.find(self.objects, "generated", self.name)

    @property
    def outputs(self) -> tuple[StoredObject, ...]:
        """The outputs of all takes."""
        return self.objects.list("generated", f"lessons/{LESSON}/")

    @property
    def lease_lives(self) -> bool:
        """Whether somebody's lease is not over, by the server's clock."""
        stored = self.claims.read(KEY)
        if stored is None or stored.claim.state != "in_progress":
            return False
        return stored.read_time - stored.update_time <= timedelta(seconds=stored.claim.lease_s)

    @property
    def published(self) -> set[str]:
        """What was said of the work, each once."""
        told = [one for one in self.events.published if one.topic == ContentCompleted.topic]
        return {json.loads(message.data)["reason"] for message in told}

    @property
    def left_to_repair(self) -> bool:
        """Whether parking failed so often that a letter asks `repair` to tell everybody."""
        return any(one.topic == "script-dead" for one in self.events.published)

    def _pay(self) -> str:
        self.paid += 1
        return hold.signature()["owner"]

    def _store(self, services: Services, content: str) -> StoredObject:
        return services.objects.create(
            "generated",
            self.name,
            content.encode(),
            content_type="text/plain",
            metadata={**hold.signature(), "content": content},
        )


def told(stored: StoredObject) -> ContentCompleted:
    """Say which output is effective."""
    return ContentCompleted("request", LESSON, "completed", reason=stored.metadata["content"])
