"""One piece of work, delivered to the spine again and again on the fakes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from cloudevents.http import CloudEvent

from shared import stage, wiring
from shared.claim import Claim
from shared.events import ContentCompleted, Outgoing, ScriptRequested
from shared.limits import LEASE_S
from shared.ports import Services
from tests.classification.table import Answer, Reaction
from tests.fakes.claims import MemoryClaims
from tests.fakes.services import FakeServices

LESSON = "0123456789abcdef0123456789abcdef"
ASKED = ScriptRequested(LESSON)
BODY = ASKED.message().data.encode()
DONE = ContentCompleted("request", LESSON, "completed")
SORRY = ContentCompleted("request", LESSON, "failed")
Work = Callable[[ScriptRequested, Services], Sequence[Outgoing]]


class Deliveries:
    """The services of one stage, and a server's clock that moves past every lease."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.up = FakeServices(claims=MemoryClaims(lambda: self.now))
        self.services = self.up  # a test may put something broken in their place
        self.raised: BaseException | None = None

    @property
    def claim(self) -> Claim:
        """The work's claim as it stands."""
        found = self.up.claims.read(ASKED.key)
        assert found is not None
        return found.claim

    @property
    def letters(self) -> int:
        """How many dead letters were recorded."""
        return len(self.up.records.letters)

    @property
    def told(self) -> list[str]:
        """The statuses that were published, in order."""
        sent = {DONE.message().id: "completed", SORRY.message().id: "failed"}
        return [sent[message.id] for message in self.up.events.published]

    def deliver(self, work: Work) -> Reaction:
        """Deliver once, and let time pass until nobody holds a lease any more."""
        letters, told = self.letters, len(self.told)
        answer = self.answer(work)
        self.pass_by(LEASE_S + 1)
        return Reaction(
            answer,
            self.claim.state,
            spends=self.claim.attempts - self.claim.transients,
            dead_letter=self.letters > letters,
            told=len(self.told) > told,
        )

    def pass_by(self, seconds: float) -> None:
        """Let time pass on the server's clock."""
        self.now += timedelta(seconds=seconds)

    def answer(self, work: Work, body: bytes = BODY) -> Answer:
        """Deliver once, at the time that it is."""
        message = {"data": base64.b64encode(body).decode(), "messageId": "1"}
        facts = {"type": "t", "source": "//pubsub.googleapis.com", "id": "1"}
        self.raised = None
        try:
            with wiring.provided(self.services):
                event = CloudEvent(facts, {"message": message})
                stage.run(event, ScriptRequested, work, otherwise=lambda *_: [SORRY])
        except BaseException as error:
            self.raised = error
            return "redelivered"
        return "acknowledged"


def raising(error: BaseException) -> Work:
    """Give work that raises."""

    def work(event: ScriptRequested, services: Services) -> Sequence[Outgoing]:
        raise error

    return work


def succeeding(event: ScriptRequested, services: Services) -> Sequence[Outgoing]:
    """Do the work."""
    return [DONE]
