"""Claims against a store: who works, who waits, who lost."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared import hold
from shared.errors import Busy, Conflict, LeaseLost, Transient, Unreadable, Unsure
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, LEASE_S
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


class LosesAnswers:
    """Claims that write and then say nothing: as many times as told."""

    def __init__(self, claims, times=1):
        self.claims = claims
        self.times = times
        self.read = claims.read

    def create(self, claim):
        return self._perhaps(self.claims.create(claim))

    def replace(self, seen, claim):
        return self._perhaps(self.claims.replace(seen, claim))

    def _perhaps(self, stored):
        if self.times:
            self.times -= 1
            raise Unsure("no answer")
        return stored


class Silent(MemoryClaims):
    """Claims that neither write nor say so."""

    def create(self, claim):
        raise Unsure("no answer")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def claims(clock):
    return MemoryClaims(clock)


def take(claims, work=WORK, elapsed_s=lambda: 0.0):
    return hold.take(claims, work, LIMITS, elapsed_s)


def test_the_first_run_gets_the_work(claims):
    """A key that nobody claimed is claimed, with the first fence."""
    assert (1, 1) == ((held := take(claims)).claim.fence, held.claim.attempts)


def test_a_second_run_waits_while_the_lease_lives(claims, clock):
    """Acknowledging a duplicate beside a live run would lose the work if that run dies."""
    take(claims)
    clock.pass_by(LEASE_S - 1)

    with pytest.raises(Busy):
        take(claims)


def test_a_waiting_run_writes_nothing(claims):
    """Busy costs no attempt."""
    before = take(claims).claim
    with pytest.raises(Busy):
        take(claims)

    assert before == claims.read(WORK.key).claim


def test_a_run_takes_over_when_the_lease_is_over(claims, clock):
    """A dead run's work goes to the next delivery, under a higher fence."""
    take(claims)
    clock.pass_by(LEASE_S + 1)

    assert (2, 2) == ((held := take(claims)).claim.fence, held.claim.attempts)


def test_a_run_that_was_taken_over_cannot_complete(claims, clock):
    """A stale run changes nothing, however late it comes."""
    stale = take(claims)
    clock.pass_by(LEASE_S + 1)
    winner = take(claims)

    with pytest.raises(LeaseLost):
        stale.complete([])
    assert winner.claim == claims.read(WORK.key).claim


def test_a_run_that_was_taken_over_cannot_release(claims, clock):
    """A stale run does not free the claim of the run that works now."""
    stale = take(claims)
    clock.pass_by(LEASE_S + 1)
    take(claims)

    with pytest.raises(LeaseLost):
        stale.release({}, transient=True)


def test_the_fence_survives_a_release(claims):
    """A released claim goes on counting."""
    take(claims).release({}, transient=True)

    assert 2 == take(claims).claim.fence


def test_completed_work_is_settled(claims):
    """A duplicate of finished work gets what that work emitted."""
    take(claims).complete([])

    assert "completed" == take(claims).claim.state


def test_the_same_key_with_other_content_is_refused(claims):
    """Two different requests under one id are never merged."""
    take(claims)

    with pytest.raises(Unreadable, match="other content"):
        take(claims, replace(WORK, payload_hash="other"))


def test_a_create_whose_answer_got_lost_is_ours(claims):
    """Read back: the stored owner is this run."""
    assert 1 == take(LosesAnswers(claims)).claim.fence


def test_a_completion_whose_answer_got_lost_is_ours(claims):
    """Read back: the stored beat is this run's last one."""
    losing = LosesAnswers(claims, times=0)
    held = take(losing)
    losing.times = 1
    held.complete([])

    assert "completed" == claims.read(WORK.key).claim.state


def test_a_store_that_never_answers_is_transient(clock):
    """Without an answer nobody may work."""
    with pytest.raises(Transient):
        take(Silent(clock))


def test_crashes_use_the_budget_up(claims, clock):
    """A run that dies without a word costs an attempt; five of them are enough."""
    for _ in range(CLAIM_ATTEMPTS):
        assert not take(claims).out_of_budget
        clock.pass_by(LEASE_S + 1)

    assert take(claims).out_of_budget


def test_transient_faults_cost_none_of_the_budget(claims):
    """An outage of an hour parks nothing."""
    for _ in range(3 * CLAIM_ATTEMPTS):
        take(claims).release({}, transient=True)

    assert not take(claims).out_of_budget


def test_a_lease_never_outlives_its_function(claims):
    """Without this bound a run that outlived its timeout would renew for ever."""
    late = take(claims, elapsed_s=lambda: LIMITS.timeout_s + 5)

    assert 10 == late.claim.lease_s


def test_work_stops_at_its_deadline(claims):
    """What cannot end in time is left to the next delivery."""
    elapsed = [0.0]
    held = take(claims, elapsed_s=lambda: elapsed[0])
    with held:
        hold.checkpoint()
        elapsed[0] = LIMITS.work_deadline_s + 1
        with pytest.raises(Transient):
            hold.checkpoint()


def test_a_race_has_one_winner(claims):
    """Eight claimers at once: one works, seven wait."""
    outcomes = []
    start = threading.Barrier(8)

    def race():
        start.wait()
        try:
            outcomes.append(take(claims).claim.fence)
        except Busy:
            outcomes.append("busy")

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [1, *["busy"] * 7] == sorted(outcomes, key=str)


def test_a_race_for_a_dead_run_has_one_winner(claims, clock):
    """Of two that see the lease over, the second to write loses."""
    take(claims)
    clock.pass_by(LEASE_S + 1)
    seen = claims.read(WORK.key)
    take(claims)

    with pytest.raises(Conflict):
        claims.replace(seen, seen.claim.taken_over("other", LEASE_S, seen.read_time))
