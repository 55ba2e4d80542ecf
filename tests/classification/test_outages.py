"""A port that is down: deliveries wait, nothing is acknowledged, nothing is used up."""

import pytest

from shared.errors import Transient
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS
from tests.classification.deliveries import ASKED, Deliveries, raising, succeeding
from tests.classification.stubs import claims, events
from tests.classification.thrown import OF_CLIENTS, made

LONG = 3 * CLAIM_ATTEMPTS  # deliveries


class Down:
    """A port whose every call raises."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, name):
        def fail(*_, **__):
            raise self._error

        return fail


class Counted:
    """Work that counts its runs."""

    def __init__(self):
        self.runs = 0

    def __call__(self, event, services):
        self.runs += 1
        return succeeding(event, services)


def test_without_claims_nobody_works():
    """Whatever the claims' client throws: redelivered, and no work that might be paid for."""
    work = Counted()
    seen = set()
    for kind in OF_CLIENTS:
        deliveries = Deliveries()
        deliveries.services = deliveries.up.but(claims=claims(made(kind)))
        seen.add(deliveries.answer(work))

    assert ({"redelivered"}, 0) == (seen, work.runs)


def test_without_a_way_out_nothing_is_acknowledged():
    """Whatever the publisher's client throws, the claim is not completed."""
    seen = set()
    for kind in OF_CLIENTS:
        deliveries = Deliveries()
        deliveries.services = deliveries.up.but(events=events(made(kind)))
        seen.add(deliveries.answer(succeeding))
        assert deliveries.claim.state != "completed"

    assert {"redelivered"} == seen


@pytest.mark.parametrize("port", ["records", "events"])
def test_an_outage_uses_nothing_up(port):
    """However many deliveries it outlasts, the first one after it completes."""
    deliveries = Deliveries()
    deliveries.services = deliveries.up.but(**{port: Down(Transient("down"))})
    during = {deliveries.deliver(succeeding).answer for _ in range(LONG)}
    deliveries.services = deliveries.up

    assert ({"redelivered"}, "completed") == (during, deliveries.deliver(succeeding).state)


def test_without_records_a_dead_letter_is_delivered_again():
    """What could not be recorded as given up is not given up."""
    deliveries = Deliveries()
    deliveries.services = deliveries.up.but(records=Down(Transient("down")))

    assert "redelivered" == deliveries.answer(succeeding, b"{")


def test_a_transient_fault_is_parked_when_its_time_is_up():
    """The budget of time ends what the budget of attempts never would, with its reason."""
    deliveries = Deliveries()
    deliveries.deliver(raising(Transient("still down")))
    budget_s = FUNCTIONS[ASKED.stage].budget_s
    deliveries.pass_by(budget_s)
    last = deliveries.deliver(succeeding)

    (letter,) = deliveries.up.records.letters
    assert ("acknowledged", "parked", True) == (last.answer, last.state, last.told)
    assert ("time-used-up", True) == (letter.reason, "still down" in letter.detail)
