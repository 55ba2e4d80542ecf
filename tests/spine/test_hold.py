"""Claims against a store: who works, who waits, who lost."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared import hold
from shared.errors import Busy, Conflict, LeaseLost, Transient, Unreadable, Unsure
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, HISTORY, LEASE_S
from shared.ports import StoredObject
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


def test_work_that_takes_too_long_is_given_up(claims, clock):
    """Transient faults cost no attempt, but all attempts together have their time."""
    take(claims).release({}, transient=True)
    clock.pass_by(LIMITS.budget_s + 1)

    assert "time-used-up" == take(claims).out_of_budget


def test_work_within_its_time_goes_on(claims, clock):
    """However often it failed with a named transient fault."""
    for _ in range(3 * CLAIM_ATTEMPTS):
        take(claims).release({}, transient=True)
    clock.pass_by(LIMITS.budget_s - 60)

    assert "" == take(claims).out_of_budget


def test_every_run_is_in_the_history(claims, clock):
    """Released, killed, completed: each with its fence and how it ended."""
    take(claims).release({"class": "Transient"}, transient=True)
    take(claims)
    clock.pass_by(LEASE_S + 1)
    take(claims).complete(())

    past = claims.read(WORK.key).claim.history
    assert [(1, "retryable", "Transient"), (2, "lost", ""), (3, "completed", "")] == [
        (one.fence, one.outcome, one.error) for one in past
    ]


def test_the_history_does_not_grow_for_ever(claims):
    """A record has room for the latest runs; the rows hold all."""
    for _ in range(HISTORY + 5):
        take(claims).release({}, transient=True)

    past = claims.read(WORK.key).claim.history
    assert (HISTORY, HISTORY + 5) == (len(past), past[-1].fence)


def test_a_replay_gets_a_fresh_budget(claims, clock):
    """Attempts and time count anew, the fence goes on."""
    for _ in range(CLAIM_ATTEMPTS):
        held = take(claims)
        clock.pass_by(LEASE_S + 1)
    held = take(claims)
    held.park((), {"class": "Lost"})
    clock.pass_by(LIMITS.budget_s)
    hold.reopen(claims, WORK.key)

    again = take(claims)
    assert ("", held.claim.fence + 2) == (again.out_of_budget, again.claim.fence)


@pytest.mark.parametrize("end", ["completed", "in_progress"])
def test_only_work_that_was_given_up_is_replayed(claims, end):
    """Completed work is done, live work is being done."""
    held = take(claims)
    if end == "completed":
        held.complete(())

    with pytest.raises(Conflict):
        hold.reopen(claims, WORK.key)


def test_a_claim_by_a_newer_release_is_left_alone(claims):
    """While a release rolls out an old function may meet it: later, somebody can read it."""
    newer = replace(take(claims).claim, schema=2, key="render/lesson/02")
    claims.create(newer)

    with pytest.raises(Transient):
        take(claims, replace(WORK, key="render/lesson/02"))
    assert newer == claims.read("render/lesson/02").claim


def stored(fence, owner):
    return StoredObject("scenes", "a", 1, 1, "", {"fence": str(fence), "owner": owner})


@pytest.mark.parametrize(("found", "fence"), [(7, 8), (1, 2), (0, 1)])
def test_an_object_of_a_lost_record_raises_the_fence(claims, found, fence):
    """If Firestore lost the claim it counts from 1 again, and must not be taken for the old run."""
    with take(claims) as held:
        hold.adopted(stored(found, "somebody else"))

        assert fence == held.claim.fence
    assert fence == claims.read(WORK.key).claim.fence


def test_our_own_object_raises_nothing(claims):
    """What this run made itself says nothing about another."""
    with take(claims) as held:
        hold.adopted(stored(1, held.claim.owner))

        assert 1 == held.claim.fence


@pytest.mark.parametrize(
    "metadata",
    [{}, *({"fence": one} for one in ("x", "-1", "9" * 16, f"1{'0' * 20}", "9" * 5000))],
    ids=lambda one: one.get("fence", "")[:20],
)
def test_an_unsigned_object_raises_nothing(claims, metadata):
    """Somebody else may have put it there."""
    with take(claims) as held:
        hold.adopted(replace(stored(1, "x"), metadata=metadata))

        assert 1 == held.claim.fence


def test_a_run_without_time_stops_at_its_next_checkpoint(claims):
    """What it stored so far is adopted by the next run."""
    late = LIMITS.work_deadline_s + 1
    with take(claims, elapsed_s=lambda: late), pytest.raises(Transient):
        hold.checkpoint()
