"""The spine decides between acknowledge and redeliver."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cloudevents.http import CloudEvent

from shared import deadline, stage, wiring
from shared.errors import Busy, Permanent, Refused, Superseded, Transient, Unnamed, Unreadable
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


class Killed(KeyboardInterrupt):
    """The process ends at once."""


class Spy:
    """Work that notes its runs and ends as told."""

    def __init__(self, *ends):
        self.runs = 0
        self._ends = list(ends)

    def __call__(self, event, services):
        self.runs += 1
        end = self._ends.pop(0) if self._ends else [DONE]
        if isinstance(end, BaseException):
            raise end
        return end


@pytest.fixture
def services():
    return FakeServices()


@pytest.fixture
def deliver(services):
    """Deliver an event; gives "acknowledged" or the error that was raised."""

    def deliver(work, event=ASKED, data=None, own=services, source="//pubsub", **how):
        body = data if data is not None else event.message().data.encode()
        message = {"data": base64.b64encode(body).decode(), "messageId": "1"}
        facts = {"type": "t", "source": source, "id": "1"}
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


def test_a_permanent_fault_that_nobody_tells_of_is_a_dead_letter(deliver, services):
    """Work without a last word of its own leaves a row that names its claim."""
    assert "acknowledged" == deliver(Spy(Permanent("never")))

    (letter,) = services.records.letters
    assert ("failed", "permanent", "never") == (state(services), letter.reason, letter.detail)


def test_a_refusal_is_an_answer(deliver, services):
    """An honest no completes the work; it is no fault."""
    deliver(Spy(Refused("not-covered", "no")), otherwise=sorry)

    assert ("completed", [SORRY.message().id]) == (state(services), published(services))


def test_an_unknown_fault_is_retried_until_the_budget_is_gone(deliver, services):
    """The fifth time it is parked: told, recorded, acknowledged."""
    work = Spy(*[ZeroDivisionError() for _ in range(CLAIM_ATTEMPTS)])
    outcomes = [deliver(work, otherwise=sorry) for _ in range(CLAIM_ATTEMPTS)]

    assert [*[Unnamed] * (CLAIM_ATTEMPTS - 1), "acknowledged"] == outcomes
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


def test_work_that_is_asked_for_no_more_is_acknowledged(deliver, services):
    """Nothing is emitted, nobody is told, and no redelivery begins it again."""
    outcome = deliver(Spy(Superseded("nobody waits")), otherwise=sorry)

    assert ("acknowledged", "completed", []) == (outcome, state(services), published(services))


def test_a_permanent_fault_at_the_gate_ends_under_the_claim(deliver, services):
    """What the gate cannot read the work cannot either; redelivering it would help nobody."""

    def gate(event, services):
        raise Permanent("no plan")

    outcome = deliver(Spy(Permanent("no plan")), ready=gate, otherwise=sorry)

    assert ("acknowledged", "failed") == (outcome, state(services))


def test_a_transient_fault_at_the_gate_is_delivered_again(deliver, services):
    """Nothing is claimed."""

    def gate(event, services):
        raise Transient("later")

    assert (Transient, None) == (deliver(Spy(), ready=gate), services.claims.read(ASKED.key))


@pytest.mark.parametrize(
    "source",
    [
        "//pubsub.googleapis.com/projects/p/topics/scene-requested",
        "//storage.googleapis.com/projects/_/buckets/script-requested",
    ],
)
def test_an_event_of_another_source_is_a_dead_letter(deliver, services, source):
    """A trigger that was attached to the wrong topic must not be worked on, nor lost."""
    work = Spy()

    assert ("acknowledged", 0) == (deliver(work, source=source), work.runs)
    assert ["not-ours"] == [letter.reason for letter in services.records.letters]


def test_a_message_by_a_newer_release_waits_for_it(deliver, services):
    """While a release rolls out, an old function may meet what a new one sent."""
    data = json.dumps({"schema": 2, "lesson": LESSON}).encode()

    assert (Transient, ()) == (deliver(Spy(), data=data), services.records.letters)


def test_work_that_took_too_long_is_parked_with_its_last_error(deliver):
    """Time is a budget as well: everybody is told, and the letter says what went wrong last."""
    now = [datetime(2030, 1, 1, tzinfo=UTC)]
    own = FakeServices(claims=MemoryClaims(lambda: now[0]))
    deliver(Spy(Transient("the model is out")), own=own)
    now[0] += timedelta(seconds=FUNCTIONS["script"].budget_s + 1)

    assert "acknowledged" == deliver(Spy(), own=own, otherwise=sorry)
    assert ("parked", [SORRY.message().id]) == (state(own), published(own))
    assert [("time-used-up", "Transient: the model is out")] == [
        (letter.reason, letter.detail) for letter in own.records.letters
    ]


def test_every_run_has_its_row(deliver):
    """A killed run told nothing: the next one tells it."""
    now = [datetime(2030, 1, 1, tzinfo=UTC)]
    own = FakeServices(claims=MemoryClaims(lambda: now[0]))
    with pytest.raises(KeyboardInterrupt):
        deliver(Spy(Killed()), own=own)
    now[0] += timedelta(seconds=LEASE_S + 1)
    deliver(Spy(Transient("later")), own=own)
    deliver(Spy(), own=own)

    assert [(1, "lost", ""), (2, "retryable", "Transient"), (3, "completed", "")] == [
        (row.fence, row.outcome, row.error) for row in own.records.attempts(ASKED.key)
    ]


def test_a_lost_claim_goes_on_above_its_old_fence(deliver, services):
    """If Firestore forgets, the rows remember: no two runs bear one name."""
    deliver(Spy())
    forgetful = services.but(claims=MemoryClaims())
    deliver(Spy(), own=forgetful)

    assert 2 == forgetful.claims.read(ASKED.key).claim.fence
    assert [1, 2] == [row.fence for row in services.records.attempts(ASKED.key)]


def test_no_call_outlives_the_function(deliver, services):
    """Inside a run each call gets at most what is left of the function's time."""
    left = []

    def work(event, services):
        left.append(deadline.left_s(10_000))
        return []

    deliver(work)

    assert left[0] <= FUNCTIONS["script"].timeout_s
    assert 10_000 == deadline.left_s(10_000)


class CannotBegin(MemoryRecords):
    """Records that are down while a run begins."""

    def attempt_started(self, attempt):
        raise Transient("down")


def test_a_database_that_is_down_costs_no_attempt(deliver, services):
    """However long it lasts: the claim is given back each time, and nothing is parked."""
    down = services.but(records=CannotBegin())
    for _ in range(2 * CLAIM_ATTEMPTS):
        assert Transient is deliver(Spy(), own=down)

    assert ("acknowledged", "completed") == (deliver(Spy()), state(services))


def test_an_end_that_cannot_be_told_costs_no_attempt(deliver):
    """Nobody hears of the failure while the publisher is down: it is told afterwards, once."""
    own = FakeServices(events=Down())
    permanent = [Permanent("never")] * (2 * CLAIM_ATTEMPTS + 1)
    work = Spy(*permanent)
    for _ in range(2 * CLAIM_ATTEMPTS):
        assert Transient is deliver(work, own=own, otherwise=sorry)
    own.events.up = True

    assert "acknowledged" == deliver(work, own=own, otherwise=sorry)
    assert ("failed", [SORRY.message().id]) == (state(own), published(own))
