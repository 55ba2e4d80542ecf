"""The spine decides between acknowledge and redeliver."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cloudevents.http import CloudEvent

from shared import stage, wiring
from shared.errors import Busy, Permanent, Refused, Transient, Unreadable
from shared.events import ContentCompleted, SceneRequested, ScriptRequested
from shared.hold import Work, take
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, LEASE_S
from tests.fakes.claims import MemoryClaims
from tests.fakes.events import MemoryEvents
from tests.fakes.records import MemoryRecords
from tests.fakes.services import FakeServices

LESSON = "0123456789abcdef0123456789abcdef"
ASKED = ScriptRequested(LESSON)
DONE = ContentCompleted("request", LESSON, "completed")
SORRY = ContentCompleted("request", LESSON, "failed")


class Down(MemoryEvents):
    """A publisher that fails until it is told otherwise."""

    up = False

    def publish(self, messages):
        if not self.up:
            raise Transient("down")
        super().publish(messages)


class ForgetsTheEnd(MemoryRecords):
    """Records that cannot note how a run ended."""

    def attempt_ended(self, attempt, outcome, error):
        raise Transient("down")


class Spy:
    """Work that notes its runs and ends as told."""

    def __init__(self, *ends):
        self.runs = 0
        self._ends = list(ends)

    def __call__(self, event, services):
        self.runs += 1
        end = self._ends.pop(0) if self._ends else [DONE]
        if isinstance(end, Exception):
            raise end
        return end


@pytest.fixture
def services():
    return FakeServices()


@pytest.fixture
def deliver(services):
    """Deliver an event; gives "acknowledged" or the error that was raised."""

    def deliver(work, event=ASKED, data=None, own=services, **how):
        body = data if data is not None else event.message().data.encode()
        message = {"data": base64.b64encode(body).decode(), "messageId": "1"}
        facts = {"type": "t", "source": "//pubsub", "id": "1"}
        with wiring.provided(own):
            try:
                stage.run(CloudEvent(facts, {"message": message}), type(event), work, **how)
            except Exception as fault:
                return type(fault)
        return "acknowledged"

    return deliver


def published(services):
    return [message.id for message in services.events.published]


def state(services, key=ASKED.key):
    return services.claims.read(key).claim.state


def sorry(event, services, fault):
    return [SORRY]


def test_work_is_done_once(deliver, services):
    """A redelivery repeats the events, never the work."""
    work = Spy()

    assert ("acknowledged", "acknowledged") == (deliver(work), deliver(work))
    assert (1, [DONE.message().id] * 2) == (work.runs, published(services))


def test_a_publish_that_fails_is_repeated(deliver, services):
    """A claim completes only after its events are out: the crash between the two loses nothing."""
    down = Down()
    own = services.but(events=down)
    first = deliver(Spy(), own=own)
    down.up = True

    assert (Transient, "acknowledged") == (first, deliver(Spy(), own=own))
    assert [DONE.message().id] == published(own)


def test_no_fault_reopens_completed_work(deliver, services):
    """What fails after the claim is completed is delivered again, and finds it completed."""
    work = Spy()
    first = deliver(work, own=services.but(records=ForgetsTheEnd()))

    assert (Transient, "completed") == (first, state(services))
    assert ("acknowledged", 1) == (deliver(work), work.runs)


def test_a_transient_fault_is_delivered_again(deliver, services):
    """Raised, and the claim is free for the next delivery."""
    work = Spy(Transient("later"))

    assert (Transient, "acknowledged") == (deliver(work), deliver(work))
    assert "completed" == state(services)


def test_a_permanent_fault_is_acknowledged_and_told(deliver, services):
    """No redelivery can help: the work ends, and everybody who waits hears it."""
    assert "acknowledged" == deliver(Spy(Permanent("never")), otherwise=sorry)
    assert ("failed", [SORRY.message().id]) == (state(services), published(services))


def test_a_refusal_is_an_answer(deliver, services):
    """An honest no completes the work; it is no fault."""
    deliver(Spy(Refused("not-covered", "no")), otherwise=sorry)

    assert ("completed", [SORRY.message().id]) == (state(services), published(services))


def test_an_unknown_fault_is_retried_until_the_budget_is_gone(deliver, services):
    """The fifth time it is parked: told, recorded, acknowledged."""
    work = Spy(*[ZeroDivisionError() for _ in range(CLAIM_ATTEMPTS)])
    outcomes = [deliver(work, otherwise=sorry) for _ in range(CLAIM_ATTEMPTS)]

    assert [*[ZeroDivisionError] * (CLAIM_ATTEMPTS - 1), "acknowledged"] == outcomes
    assert ("parked", [SORRY.message().id]) == (state(services), published(services))


def test_parked_work_stays_parked(deliver):
    """Only an operator's replay goes on."""
    work = Spy(*[ZeroDivisionError() for _ in range(CLAIM_ATTEMPTS)])
    for _ in range(CLAIM_ATTEMPTS + 1):
        deliver(work)

    assert CLAIM_ATTEMPTS == work.runs


def test_work_that_kills_every_run_is_parked(deliver):
    """Five runs that died without a word are enough: everybody who waits is told."""
    now = [datetime(2030, 1, 1, tzinfo=UTC)]
    own = FakeServices(claims=MemoryClaims(lambda: now[0]))
    asked = Work(ASKED.key, "script", LESSON, stage.digest(ASKED.business()))
    for _ in range(CLAIM_ATTEMPTS):
        take(own.claims, asked, FUNCTIONS["script"], lambda: 0.0)
        now[0] += timedelta(seconds=LEASE_S + 1)
    work = Spy()

    assert ("acknowledged", 0) == (deliver(work, own=own, otherwise=sorry), work.runs)
    assert ("parked", [SORRY.message().id]) == (state(own), published(own))


def test_a_live_run_elsewhere_is_not_disturbed(deliver, services):
    """Raised, so that the work is not lost if that run dies."""
    asked = Work(ASKED.key, "script", LESSON, stage.digest(ASKED.business()))
    take(services.claims, asked, FUNCTIONS["script"], lambda: 0.0)

    work = Spy()
    assert (Busy, 0) == (deliver(work), work.runs)


def test_an_unreadable_message_is_recorded_and_acknowledged(deliver, services):
    """Nobody works on it, nobody gets it again."""
    work = Spy()

    assert "acknowledged" == deliver(work, data=b"{")
    assert (0, ["not-json"]) == (work.runs, [letter.reason for letter in services.records.letters])


def test_a_stage_without_records_passes_its_dead_letter_on(deliver, services):
    """`render` has no database: its dead-letter topic keeps what it could not read."""
    deliver(Spy(), event=SceneRequested(LESSON, 1, 1), data=json.dumps({"scene": 1}).encode())

    assert [("render-dead", "lesson_id")] == [
        (message.topic, message.attributes["field"]) for message in services.events.published
    ]


def test_a_delivery_that_comes_too_early_claims_nothing(deliver, services):
    """Another event goes on; this one is acknowledged."""
    work = Spy()
    outcome = deliver(work, ready=lambda event, services: False)

    assert ("acknowledged", 0, None) == (outcome, work.runs, services.claims.read(ASKED.key))


def test_a_fault_in_the_input_found_late_is_a_dead_letter(deliver, services):
    """What the work itself cannot read is recorded like what decoding could not."""
    deliver(Spy(Unreadable("not-a-book", "no collection")))

    assert ["not-a-book"] == [letter.reason for letter in services.records.letters]
