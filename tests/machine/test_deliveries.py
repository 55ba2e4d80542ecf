"""A state machine over the real spine: whatever happens to its deliveries, the promises hold."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared import hold
from shared.events import ContentCompleted
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, LEASE_S
from tests.machine.bench import FAILED, KEY, Bench
from tests.machine.stepped import Answer, Stepped

AT_ONCE = 4  # runs
ANY = st.integers(0, AT_ONCE - 1)
LOST = st.sampled_from([Answer.LOST, Answer.NOT_DONE, Answer.LATE])
KILLED = st.sampled_from([Answer.KILLED_BEFORE, Answer.KILLED_AFTER])
FAULT = st.sampled_from([Answer.TRANSIENT, Answer.UNNAMED])
READS = ("read", "find", "pay")
UNSTORED = set(Answer) - {Answer.GIVEN, Answer.LOST, Answer.KILLED_AFTER}


class Deliveries(RuleBasedStateMachine):
    """One piece of work, its deliveries, and everything that may go wrong."""

    @initialize()
    def ask(self) -> None:
        """Begin with an event that nobody acknowledged."""
        self.bench = Bench()
        self.unacknowledged = True
        self.fences: dict[Stepped, int] = {}  # of the runs that worked
        self.unlike: set[Stepped] = set()  # deliveries of other content
        self.outdated: set[Stepped] = set()  # deliveries from before an operator's replay
        self.claims_taken = 0
        self.forgotten = False
        self.paid_slack = 1

    def teardown(self) -> None:
        """Let everything come to rest, and look at what is left."""
        try:
            for run in self.alive:
                self.finish(run)
            while self.bench.late:
                self.land()
            self.sweep()
            self.look_at_rest()
        finally:
            self.bench.close()

    @property
    def alive(self) -> list[Stepped]:
        """List the runs that stand somewhere."""
        return [run for run in self.bench.runs if run.call]

    @precondition(lambda self: self.unacknowledged and len(self.alive) < AT_ONCE)
    @rule()
    def deliver(self) -> None:
        """Deliver what nobody acknowledged, also beside a run that works on it."""
        self.bench.deliver()

    @precondition(lambda self: not self.unacknowledged and len(self.alive) < AT_ONCE)
    @rule()
    def duplicate(self) -> None:
        """Deliver what was acknowledged."""
        self.bench.deliver()

    @precondition(lambda self: self.bench.claim and len(self.alive) < AT_ONCE)
    @rule()
    def deliver_other_content(self) -> None:
        """Deliver another question under the same key."""
        self.unlike.add(self.bench.deliver("another question"))

    @precondition(lambda self: self.alive)
    @rule(i=ANY)
    def go_on(self, i: int) -> None:
        """Let a run make its call, however long it stood there."""
        self.step(self.pick(i), Answer.GIVEN)

    @precondition(lambda self: self.alive)
    @rule(i=ANY)
    def work_on(self, i: int) -> None:
        """Let a run come to its end."""
        self.finish(self.pick(i))

    @precondition(lambda self: self.alive)
    @rule(i=ANY, answer=KILLED)
    def crash(self, i: int, answer: Answer) -> None:
        """Kill a run before or after its call."""
        self.step(self.pick(i), answer)

    @precondition(lambda self: self.alive)
    @rule(i=ANY, answer=LOST)
    def lose_answer(self, i: int, answer: Answer) -> None:
        """Leave a run in the dark about its call."""
        self.step(self.pick(i), answer)

    @precondition(lambda self: self.alive)
    @rule(i=ANY, answer=FAULT)
    def fail(self, i: int, answer: Answer) -> None:
        """Refuse a run's call."""
        self.step(self.pick(i), answer)

    @precondition(lambda self: self.bench.late)
    @rule()
    def land(self) -> None:
        """Let a write that nobody answered reach the server at last."""
        before = self.bench.claim
        self.bench.land()
        if before != self.bench.claim:
            self.count_claim(before, self.bench.claim)

    @rule()
    def expire(self) -> None:
        """Let every lease end."""
        self.bench.pass_by(LEASE_S + 1)

    @precondition(lambda self: self.bench.claim and not self.bench.claim.settled)
    @rule()
    def run_out_of_time(self) -> None:
        """Let the work take longer than its budget allows."""
        self.bench.pass_by(FUNCTIONS["script"].budget_s)

    @precondition(lambda self: self.unacknowledged)
    @rule()
    def park(self) -> None:
        """Let one delivery after the other meet a fault that nobody named."""
        for _ in range(CLAIM_ATTEMPTS):
            self.bench.pass_by(LEASE_S + 1)
            run = self.bench.deliver()
            while run.call:
                self.step(run, Answer.UNNAMED if run.call in ("find", "pay") else Answer.GIVEN)

    @precondition(lambda self: self.bench.claim and self.bench.claim.state == "parked")
    @rule()
    def replay(self) -> None:
        """Do what an operator does about parked work."""
        before = self.bench.claim
        again = hold.reopen(self.bench.claims, KEY)
        assert (again.state, again.fence) == ("retryable", before.fence + 1)
        self.outdated.update(self.alive)  # the replay has a message of its own
        self.unacknowledged = True
        if self.bench.output and self.bench.output.metadata["content"] == FAILED:
            self.bench.takes += 1
            self.paid_slack += 1

    @precondition(lambda self: self.bench.claim and not any(run.call for run in self.unlike))
    @rule()
    def lose_record(self) -> None:
        """Lose the claim's record: deleted too early, or an old backup."""
        self.bench.claims.lose(KEY)
        self.forgotten = True
        self.claims_taken = 0
        self.paid_slack += 1

    @rule()
    def sweep(self) -> None:
        """Deliver again until somebody acknowledges it; stopped runs stay where they are."""
        deliveries = 0
        while self.unacknowledged:
            deliveries += 1
            assert deliveries == 1, "nothing fails any more, and yet it is delivered again"
            self.bench.pass_by(LEASE_S + 1)
            self.finish(self.bench.deliver())

    @invariant()
    def promises_hold(self) -> None:
        """Check what every state keeps."""
        self.one_output_is_effective()
        self.what_is_settled_is_published()
        self.nothing_is_paid_twice()
        self.every_claim_is_counted()

    def one_output_is_effective(self) -> None:
        """I2: what was said is what is stored, and what the claim remembers."""
        stored = self.bench.outputs
        assert self.bench.published <= {one.metadata["content"] for one in stored}
        claim = self.bench.claim
        if claim and claim.state == "completed":
            here = [f"generated/{one.name}#{one.generation} {one.sha256}" for one in stored]
            assert claim.result in here

    def what_is_settled_is_published(self) -> None:
        """A claim has its end only after the events that say so are out."""
        claim = self.bench.claim
        if claim and claim.settled:
            said = {message.id for message in self.bench.events.published}
            assert claim.emitted
            # A letter to `repair` follows its claim: the next delivery sends what did not leave.
            out_first = [one for one in claim.emitted if one.topic == ContentCompleted.topic]
            assert {message.id for message in out_first} <= said

    def nothing_is_paid_twice(self) -> None:
        """I7: one paid call, and one for each that was interrupted."""
        assert self.bench.paid <= self.paid_slack

    def every_claim_is_counted(self) -> None:
        """Attempts are the claims that were taken, whatever became of them."""
        claim = self.bench.claim
        assert claim is None or claim.attempts == self.claims_taken

    def pick(self, i: int) -> Stepped:
        """Choose one of the runs that stand somewhere."""
        return self.alive[i % len(self.alive)]

    def finish(self, run: Stepped) -> None:
        """Let a run come to its end without more faults."""
        while run.call:
            self.step(run, Answer.GIVEN)

    def step(self, run: Stepped, answer: Answer) -> None:
        """Let a run make one call, and compare what changed with what may change."""
        if answer is Answer.LATE and (run.call in READS or run in self.unlike):
            answer = Answer.NOT_DONE
        before, call, living = self.bench.claim, run.call, self.bench.lease_lives
        paid_in_vain = call == "store" and answer in UNSTORED
        paid_in_vain |= call == "pay" and answer in (Answer.LOST, Answer.KILLED_AFTER)
        self.paid_slack += paid_in_vain
        run.proceed(answer)
        after = self.bench.claim
        if before != after:
            self.look_at_move(run, before, after, living=living)
        self.look_at_work(run)
        if run.outcome == "acknowledged":
            self.look_at_end(run)

    def look_at_move(self, run, before, after, *, living) -> None:
        """I3 and I4: only a new holder or the present one moves the claim, and never back."""
        assert run not in self.unlike
        assert before is None or not before.settled
        if before is None or before.owner != after.owner:
            assert (after.owner, after.state, living) == (run.owner, "in_progress", False)
            assert run not in self.fences
        else:
            assert before.owner == run.owner
        self.count_claim(before, after)

    def count_claim(self, before, after) -> None:
        """Count a claim that was taken; whoever is past its last checkpoint pays in vain."""
        if before is None or before.owner != after.owner:
            assert before is None or after.fence == before.fence + 1
            self.claims_taken += 1
            holder = before.owner if before and before.state == "in_progress" else ""
            paying = [run for run in self.alive if run.call in ("pay", "store")]
            self.paid_slack += any(run.owner == holder for run in paying)

    def look_at_work(self, run: Stepped) -> None:
        """I3: who begins to work has a higher fence than all who worked before."""
        if run.call == "find" and run not in self.fences:
            assert self.bench.claim.owner == run.owner
            top = 0 if self.forgotten else max(self.fences.values(), default=0)
            assert self.bench.claim.fence > top
            self.fences[run] = self.bench.claim.fence

    def look_at_end(self, run: Stepped) -> None:
        """Nothing is acknowledged that was not recorded."""
        if run in self.unlike:
            assert "other-content" in {letter.reason for letter in self.bench.records.letters}
            return
        assert self.bench.published or self.bench.left_to_repair
        if run in self.outdated:
            return
        self.unacknowledged = False
        assert self.forgotten or self.bench.claim.settled

    def look_at_rest(self) -> None:
        """I1: the work is answered, or parked with everybody told."""
        claim = self.bench.claim
        assert self.bench.published or self.bench.left_to_repair
        assert claim is None or claim.settled or self.forgotten


Deliveries.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=50,
    derandomize="CI" in os.environ,
    print_blob=True,
)
TestDeliveries = Deliveries.TestCase
