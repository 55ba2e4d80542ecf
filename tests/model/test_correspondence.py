"""The model is a model of this code: its ways are walked by the real spine, step by step."""

import random
from collections import Counter

import pytest

from shared.limits import CLAIM_ATTEMPTS, LEASE_S
from tests.machine.bench import FAILED, Bench
from tests.machine.stepped import Answer
from tests.model.spine import Spine
from tests.model.world import FAILED as NO_OUTPUT
from tests.model.world import Bounds, Rules

WALKS = 200
STEPS = 80
BOUNDS = Bounds(runs=3, faults=12, duplicates=3, attempts=CLAIM_ATTEMPTS, beats=False)
CALLS = {
    "read_create": "read",
    "take_over": "replace",
    "read_back": "read",
    "raise_fence": "replace",
    "complete": "replace",
    "release": "replace",
    "park": "replace",
    "replay": "publish",
    "acknowledge": "",
}
ANSWERS = {
    "sent, no answer": Answer.LOST,
    "not sent": Answer.NOT_DONE,
    "done, no answer": Answer.LOST,
    "not done, no answer": Answer.NOT_DONE,
    "on the wire, no answer": Answer.LATE,
    "no answer": Answer.TRANSIENT,
    "Transient": Answer.TRANSIENT,
    "a fault that nobody named": Answer.UNNAMED,
    "crash": Answer.KILLED_BEFORE,
}


def weight(step):
    """Walk on more often than into trouble, but often enough to where the budget ends."""
    if step.label.endswith("nobody named"):
        return 9
    return 1 if step.fault or "deliver" in step.label else 6


class Walk:
    """One way through the model, and the real runs beside it."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 - an order, no secret
        self.spine = Spine(Rules(), BOUNDS)
        self.world = self.spine.model().start
        self.bench = Bench()
        self.runs = {}
        self.owners = {}
        self.labels = []

    def go(self):
        """Walk until nothing can happen, or long enough."""
        for _ in range(STEPS):
            possible = list(self.spine.steps(self.world))
            if not possible:
                return
            step = self.random.choices(possible, [weight(step) for step in possible])[0]
            self.labels.append(step.label)
            self._do(step.label, step.world)
            self.world = step.world
            assert self._modelled() == self._real(), "\n".join(self.labels)

    def _do(self, label, after):
        if label.startswith("lease over"):
            self.bench.pass_by(LEASE_S + 1)
        elif label == "the write on the wire lands":
            self.bench.land()
        elif label == "the write on the wire is lost":
            self.bench.late.clear()
        else:
            number, _, rest = label.partition(": ")
            self._do_run(int(number), rest, after)

    def _do_run(self, i, label, after):
        if label.startswith("deliver"):
            self.runs[i] = self.bench.deliver()
            self.owners[after.runs[i].owner] = self.runs[i].owner
        elif self.runs[i].call:
            self.runs[i].proceed(ANSWERS.get(label.rpartition(": ")[2], Answer.GIVEN))
        if after.runs[i] is None:
            expected = {"acknowledge": "acknowledged", "crash": "killed"}.get(label, "raised")
            alive = self.runs.pop(i)
            assert expected in ("killed", alive.outcome), self.labels

    def _modelled(self):
        record, owner = self.world.record, self.owners.get
        claim = record and (owner(record.owner), record.state, *record[2:6])
        names = {token: owner(token, FAILED) for token in (self.world.sink, *self.world.published)}
        names[NO_OUTPUT] = FAILED
        standing = {
            i: CALLS.get(run.at, run.at) for i, run in enumerate(self.world.runs) if run is not None
        }
        published = {names[token] for token in self.world.published}
        return claim, names[self.world.sink] if self.world.sink else None, published, standing

    def _real(self):
        claim, output = self.bench.claim, self.bench.output
        found = claim and (
            *(claim.owner, claim.state, claim.fence, claim.beat),
            *(claim.attempts, claim.transients),
        )
        standing = {i: run.call for i, run in self.runs.items()}
        content = output and output.metadata["content"]
        return found, content, self.bench.published, standing


@pytest.fixture(scope="module")
def walked():
    """Walk all the ways; gives how often each step was taken."""
    counts = Counter()
    for seed in range(WALKS):
        walk = Walk(seed)
        try:
            walk.go()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        finally:
            walk.bench.close()
        counts.update(label.partition(": ")[2] or label for label in walk.labels)
    return counts


def test_code_and_model_decide_alike(walked):
    """After every step claim, output, events and each run's next call are the model's."""
    assert walked.total() > WALKS


@pytest.mark.parametrize(
    "step",
    [
        "take_over",
        "raise_fence: conflict",
        "complete",
        "release",
        "park",
        "replay",
        "read: Busy",
        "read back: mine",
        "read back: LeaseLost",
        "store: adopt the winner's",
        "complete: done, no answer",
        "the write on the wire lands",
        "crash",
    ],
)
def test_every_kind_of_step_is_walked(walked, step):
    """Ways that never met a takeover or a lost answer would prove nothing."""
    assert walked[step] > 0
