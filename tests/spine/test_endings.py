"""Ends that cannot be told, or that are another run's to tell."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cloudevents.http import CloudEvent

from shared import deadline, stage, wiring
from shared.errors import LeaseLost, Permanent, Refused, Transient, Unnamed, Unreadable
from shared.events import ContentCompleted, SceneRequested, ScriptRequested
from shared.hold import Work, take
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, LEASE_S, MAX_DELIVERIES, PARKING_ATTEMPTS
from tests.fakes.claims import MemoryClaims
from tests.fakes.events import MemoryEvents
from tests.fakes.services import FakeServices

LESSON = "0123456789abcdef0123456789abcdef"
ASKED = ScriptRequested(LESSON)
SORRY = ContentCompleted("request", LESSON, "failed")


class Down(MemoryEvents):
    """A publisher that does not answer."""

    def publish(self, messages):
        raise Transient("down")


class World:
    """The services of one stage, and a time that passes for all of them."""

    def __init__(self):
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.services = FakeServices(claims=MemoryClaims(lambda: self.now))
        self.told = 0

    def deliver(self, work, otherwise=None, event=ASKED, own=None):
        """Deliver an event; gives "acknowledged" or the error that was raised."""
        data = base64.b64encode(event.message().data.encode()).decode()
        facts = {"type": "t", "source": "//pubsub", "id": "1"}
        arrived = CloudEvent(facts, {"message": {"data": data, "messageId": "1"}})
        end = otherwise or self.sorry
        with wiring.provided(own or self.services), deadline.timed_by(self.monotonic):
            try:
                stage.run(arrived, type(event), work, otherwise=end)
            except Exception as fault:
                return type(fault)
        return "acknowledged"

    def monotonic(self):
        """Tell the time by the clock of a run's instance."""
        return self.now.timestamp()

    def sorry(self, event, services, fault):
        """Tell everybody who waits."""
        self.told += 1
        return [SORRY]

    def claim(self, event=ASKED):
        """Give the claim as it stands."""
        return self.services.claims.read(event.key).claim


@pytest.fixture
def world():
    return World()


def breaks(event, services):
    """Meet a fault that nobody named."""
    raise ZeroDivisionError


def cannot_say(event, services, fault):
    """Meet one in the place of a last word."""
    raise KeyError


@pytest.mark.parametrize(
    "fault",
    [Permanent("never"), Refused("not-covered", "no"), Unreadable("not-a-plan", "x"), Exception()],
)
def test_a_run_that_was_taken_over_ends_nothing(world, fault):
    """Its successor may well complete what it would tell everybody has failed."""
    spent = 0 if isinstance(fault, Permanent | Refused) else CLAIM_ATTEMPTS - 1
    for _ in range(spent):
        world.deliver(breaks)

    def overtaken(event, services):
        world.now += timedelta(seconds=LEASE_S + 1)
        asked = Work(ASKED.key, "script", LESSON, stage.digest(ASKED.business()))
        take(services.claims, asked, FUNCTIONS["script"], lambda: 0.0)
        raise fault

    assert LeaseLost is world.deliver(overtaken)
    assert (0, (), "in_progress") == (
        world.told,
        world.services.records.letters,
        world.claim().state,
    )


def test_an_outage_while_it_is_parked_costs_nothing(world):
    """The work has had its five attempts: no outage gives it another, and none takes the claim."""
    down = FakeServices(claims=world.services.claims, events=Down())
    outcomes = [world.deliver(breaks) for _ in range(CLAIM_ATTEMPTS - 1)]
    runs = []

    def once_more(event, services):
        runs.append(1)
        raise ZeroDivisionError

    outcomes += [world.deliver(once_more, own=down) for _ in range(MAX_DELIVERIES)]

    assert [*[Unnamed] * (CLAIM_ATTEMPTS - 1), *[Transient] * MAX_DELIVERIES] == outcomes
    assert (1, "retryable") == (len(runs), world.claim().state)
    assert ("acknowledged", "parked") == (world.deliver(once_more), world.claim().state)
    assert [SORRY.message().id] == [one.id for one in world.services.events.published]


@pytest.mark.parametrize("event", [ASKED, SceneRequested(LESSON, 1, 1)], ids=["script", "render"])
def test_work_that_cannot_be_parked_with_a_last_word_is_left_to_repair(world, event):
    """It is not repeated until its deliveries run out: the claim is parked, a letter says so."""
    outcomes = [world.deliver(breaks, cannot_say, event)]
    while outcomes[-1] != "acknowledged" and len(outcomes) < MAX_DELIVERIES:
        assert "retryable" == world.claim(event).state
        outcomes.append(world.deliver(breaks, cannot_say, event))
    letter = world.services.events.published[-1]

    assert CLAIM_ATTEMPTS + PARKING_ATTEMPTS + 1 == len(outcomes)
    assert ("parked", "KeyError") == (
        world.claim(event).state,
        world.claim(event).last_error["class"],
    )
    assert (f"{event.stage}-dead", "untold") == (letter.topic, letter.attributes["reason"])


def test_a_letter_that_did_not_leave_is_in_the_claim(world):
    """A run that dies between the two is made good by the next delivery."""
    down = FakeServices(claims=world.services.claims, events=Down())
    for _ in range(CLAIM_ATTEMPTS + PARKING_ATTEMPTS):
        world.deliver(breaks, cannot_say)

    assert (Transient, "parked") == (world.deliver(breaks, own=down), world.claim().state)
    assert "acknowledged" == world.deliver(breaks)
    assert ["script-dead"] == [one.topic for one in world.services.events.published]


def test_work_that_could_not_be_parked_at_first_is_parked(world):
    """A fault that passes leaves a last word after all."""
    for _ in range(CLAIM_ATTEMPTS):
        world.deliver(breaks, cannot_say)

    assert ("acknowledged", "parked") == (world.deliver(breaks), world.claim().state)
    assert 1 == world.told
