"""What every ledger promises: no cap is exceeded, no call counted twice, no end forgotten."""

from dataclasses import replace

import pytest

from shared.errors import LeaseLost
from shared.spending.breaker import FEWEST_FAULTS
from shared.spending.ledger import Bill, Call, Caps, Cost
from tests.records.given import LESSON, OTHER, at_once

CALL = Call("script/a", 1, "draft-1/gemini", LESSON, "2026-09-02", 100)
CAPS = Caps(lesson=1000, organisation=1000, day=1000, calls=100)
BILL = Bill(read=10, written=20, thought=5, micros=40)


def call(number, **others):
    """Make a call of work of its own."""
    return replace(CALL, key=f"script/{number}", **others)


def test_a_call_reserves_its_worst(ledger):
    """Until it is settled."""
    ledger.admit(CALL, CAPS)

    assert (Cost(CALL.kind, Bill(micros=100), settled=False),) == ledger.costs(LESSON)


def test_a_settled_call_costs_what_it_cost(ledger):
    """Whatever is told of it afterwards."""
    ledger.admit(CALL, CAPS)
    ledger.settle(CALL, BILL)
    ledger.settle(CALL, Bill(micros=7))
    ledger.failed(CALL, billed=False, faulty=True)

    assert (Cost(CALL.kind, BILL, settled=True),) == ledger.costs(LESSON)


def test_a_call_is_admitted_again(ledger):
    """Its answer may have got lost on the way."""
    narrow = replace(CAPS, lesson=100)

    assert ("granted", "granted", 1) == (
        ledger.admit(CALL, narrow),
        ledger.admit(CALL, narrow),
        len(ledger.costs(LESSON)),
    )


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        (replace(CAPS, lesson=150), "lesson-cap"),
        (replace(CAPS, organisation=150), "organisation-cap"),
        (replace(CAPS, day=150), "day-cap"),
        (replace(CAPS, calls=1), "busy"),
    ],
)
def test_over_a_limit(ledger, caps, word):
    """The second call does not fit."""
    ledger.admit(CALL, caps)

    assert word == ledger.admit(call(2), caps)


def test_another_lesson_of_the_school(ledger):
    """It has a budget of its own, but not a school of its own."""
    caps = replace(CAPS, lesson=100, organisation=150)
    ledger.admit(CALL, caps)

    assert "organisation-cap" == ledger.admit(call(2, lesson_id=OTHER), caps)


def test_what_was_not_billed_is_free_again(ledger):
    """A call that was refused costs nothing, one that broke off its worst."""
    caps = replace(CAPS, lesson=200)
    for number, billed in ((1, False), (2, True), (3, False)):
        ledger.admit(call(number), caps)
        ledger.failed(call(number), billed=billed, faulty=False)

    assert ([0, 100, 0], "granted") == (
        [one.bill.micros for one in ledger.costs(LESSON)],
        ledger.admit(call(4), caps),
    )


def test_callers_at_once(ledger):
    """Twenty ask, three fit."""
    caps = replace(CAPS, day=300)
    words = at_once(20, lambda number: ledger.admit(call(number), caps))

    assert (3, 17) == (words.count("granted"), words.count("day-cap"))


def test_an_overtaken_run_spends_nothing(ledger):
    """A later run of the same work has paid."""
    ledger.admit(replace(CALL, fence=2), CAPS)

    with pytest.raises(LeaseLost):
        ledger.admit(CALL, CAPS)


def test_a_call_that_has_its_end(ledger):
    """Nobody may make it again under its name."""
    ledger.admit(CALL, CAPS)
    ledger.settle(CALL, BILL)

    with pytest.raises(LeaseLost):
        ledger.admit(CALL, CAPS)


def test_faults_open_the_breaker(ledger):
    """Then nobody asks."""
    for number in range(FEWEST_FAULTS):
        ledger.admit(call(number), CAPS)
        ledger.failed(call(number), billed=False, faulty=True)

    assert "open" == ledger.admit(call(99), CAPS)


def test_our_own_faults_open_nothing(ledger):
    """A model that is gone is no outage."""
    for number in range(2 * FEWEST_FAULTS):
        ledger.admit(call(number), CAPS)
        ledger.failed(call(number), billed=False, faulty=False)

    assert "granted" == ledger.admit(call(99), CAPS)
