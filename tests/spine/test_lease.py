"""A lease by its holder's own clock: until when a run may pay and store."""

from datetime import UTC, datetime, timedelta

import pytest

from shared import hold
from shared.errors import LeaseLost, Transient
from shared.limits import FUNCTIONS, LEASE_S
from tests.fakes.claims import MemoryClaims

LIMITS = FUNCTIONS["render"]
WORK = hold.Work("render/lesson/01", "render", "lesson", "hash")


class Clock:
    """A server's clock that a test moves."""

    def __init__(self):
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def claims(clock):
    return MemoryClaims(clock)


def take(claims, elapsed_s=lambda: 0.0):
    return hold.take(claims, WORK, LIMITS, elapsed_s)


@pytest.fixture
def elapsed():
    """Give a run's own clock, in seconds since it began: a test moves it."""
    return [0.0]


@pytest.mark.parametrize("ask", [hold.checkpoint, hold.still_ours])
def test_a_run_whose_lease_is_over_stops_before_it_pays(claims, elapsed, ask):
    """It was frozen, or its beats came to nothing: somebody else may have begun meanwhile."""
    with take(claims, elapsed_s=lambda: elapsed[0]):
        elapsed[0] = LEASE_S - 1
        ask()
        elapsed[0] = LEASE_S
        with pytest.raises(LeaseLost):
            ask()


def test_a_lease_counts_from_before_its_write(clock, elapsed):
    """The server may have begun to count long before its answer came."""

    class Late(MemoryClaims):
        def create(self, claim):
            stored = super().create(claim)
            elapsed[0] += 30
            return stored

    with take(Late(clock), elapsed_s=lambda: elapsed[0]):
        elapsed[0] = LEASE_S
        with pytest.raises(LeaseLost):
            hold.still_ours()


def test_a_takeover_has_a_lease_of_its_own(claims, clock, elapsed):
    """However long it took to find out that the work may be taken over."""
    take(claims)
    clock.pass_by(LEASE_S + 1)
    times = iter([0.0, 20.0])
    with take(claims, elapsed_s=lambda: next(times, LEASE_S + 19)):
        hold.still_ours()


def test_a_confirmed_write_keeps_the_claim(claims, elapsed):
    """Every write of the record is a beat as well."""
    with take(claims, elapsed_s=lambda: elapsed[0]) as held:
        elapsed[0] = LEASE_S - 1
        held.raise_fence(7)
        elapsed[0] = LEASE_S + 1

        hold.still_ours()
        elapsed[0] = 2 * LEASE_S
        with pytest.raises(LeaseLost):
            hold.still_ours()


def test_finished_work_may_be_stored_after_the_work_deadline(claims):
    """Nothing is begun any more, but what is done is not thrown away."""
    late = LIMITS.work_deadline_s + 1
    with take(claims, elapsed_s=lambda: late):
        hold.still_ours()


def test_nobody_is_stopped_outside_of_any_run():
    """The command line holds no claim."""
    hold.still_ours()


class Breaks(MemoryClaims):
    """Claims that cannot be replaced while a fault is set."""

    fault = None

    def replace(self, seen, claim):
        if self.fault is not None:
            raise self.fault
        return super().replace(seen, claim)


@pytest.mark.parametrize("fault", [Transient("down"), ZeroDivisionError("nobody named it")])
def test_a_beat_that_fails_is_tried_again(clock, elapsed, fault):
    """Whatever it met: a beat that ended for good would be a lease that ends."""
    claims = Breaks(clock)
    held = take(claims, elapsed_s=lambda: elapsed[0])
    claims.fault = fault
    elapsed[0] = LEASE_S - 1
    went_on = held.beat()
    claims.fault = None

    assert (True, True) == (went_on, held.beat())
    elapsed[0] = LEASE_S + 1
    held.still_ours()


def test_a_beat_that_was_not_confirmed_keeps_nothing(clock, elapsed):
    """Beats that fail until the lease is over are no reason to go on."""
    claims = Breaks(clock)
    held = take(claims, elapsed_s=lambda: elapsed[0])
    claims.fault = Transient("down")
    for elapsed[0] in (30, 60, 90):
        held.beat()

    with pytest.raises(LeaseLost):
        held.checkpoint()


def test_a_beat_of_a_run_that_was_taken_over_is_the_last(claims, clock):
    """Nothing is left to renew, and the next checkpoint says so."""
    stale = take(claims)
    clock.pass_by(LEASE_S + 1)
    take(claims)

    assert not stale.beat()
    with pytest.raises(LeaseLost):
        stale.still_ours()


def test_no_beat_comes_after_the_timeout(claims, elapsed):
    """A run that outlived its function would hold its claim for ever."""
    held = take(claims, elapsed_s=lambda: elapsed[0])
    elapsed[0] = LIMITS.timeout_s + 1

    assert not held.beat()


def test_a_raised_fence_prolongs_no_lease_beyond_the_function(claims, elapsed):
    """It is a beat as well, and bound like any other."""
    held = take(claims, elapsed_s=lambda: elapsed[0])
    elapsed[0] = LIMITS.timeout_s
    held.raise_fence(7)

    assert 15 == claims.read(WORK.key).claim.lease_s
