"""Every interleaving of the protocol, within bounds: nothing breaks."""

from functools import cache

import pytest

from tests.model.explore import explore
from tests.model.variants import OURS
from tests.model.world import FAILED


@cache
def space(name):
    return explore(OURS[name].model)


@pytest.mark.parametrize("name", OURS)
def test_no_promise_is_broken(name):
    """No state breaks a promise, and from every one the work comes to rest without more faults."""
    assert {} == space(name).wrong


@pytest.mark.parametrize("name", OURS)
def test_much_was_explored(name):
    """A model whose steps got lost would keep every promise."""
    assert space(name).states >= OURS[name].states


def test_work_ends_completed_and_parked():
    """Both ends are met: the output is published, or everybody is told that there is none."""
    rests = space("two runs, two faults").rests
    ends = {(world.record.state, world.sink == FAILED) for world in rests}

    # Parked with an output: the run that parked the work found what a dead one had stored.
    assert {("completed", False), ("parked", True), ("parked", False)} == ends


def test_faults_are_met_to_the_end():
    """Some rests come after every fault, some after a takeover, some after a duplicate."""
    rests = space("two runs, two faults").rests

    assert any(world.faults == 0 and world.duplicates == 0 for world in rests)
    assert any(world.record.fence == 3 for world in rests)


def test_replayed_work_is_completed():
    """An operator's replay of parked work may end completed, under a higher fence."""
    rests = space("an operator's replay").rests

    assert any(w.reopens == 0 and w.record.state == "completed" and w.sink > 0 for w in rests)


def test_lost_events_are_met():
    """Some lessons end although both events that may be lost were lost."""
    assert any(world.losses == 0 for world in space("two events are lost, repair sweeps").rests)
