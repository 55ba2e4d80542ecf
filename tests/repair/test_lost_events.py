"""Every event of a kind gets lost once: two ticks later everything is there."""

from datetime import timedelta

import pytest

from shared.limits import NUDGE_AGAIN_S
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World
from tests.repair.lossy import LossyWorld

AGAIN = timedelta(seconds=NUDGE_AGAIN_S + 1)
KINDS = {"script": ("text",), "render": ("audio",), "finalize": ("audio",)}


@pytest.mark.parametrize("loses", KINDS)
def test_a_kind_of_event_that_gets_lost(loses):
    """Two ticks later the lesson is completed, and everything was paid for once."""
    world = LossyWorld(loses)
    asked = request(modalities=KINDS[loses])
    world.send(asked)
    world.run()
    before = world.status(asked["request_id"]).run.status
    for _ in range(2):
        world.tick()
        world.run()

    assert world.lost
    assert ("accepted", "completed") == (before, world.status(asked["request_id"]).run.status)
    assert (1, 1) == (world.services.author.calls, len(world.completions()))


def test_a_quiet_world_costs_nothing():
    """Where nothing stands still a tick emits nothing."""
    world = World()
    world.send(request())
    world.run()
    before = world.services.events.published
    world.tick()
    world.run()

    assert before == world.services.events.published
