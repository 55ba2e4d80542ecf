"""The canary: a lesson every ten minutes that nobody asked for, and nobody pays for."""

import json
import re

import pytest

from local.topology import CANARY_TICK, TICK
from shared.canary import ORGANISATION, CanaryRequested, is_canary
from shared.repair.asked import CANARY
from tests.fakes.vertex_server import FakeVertex
from tests.gemini.desk import Desk
from tests.observation.lines import only, written
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World, pubsub_event
from tests.project.import_closure import ROOT

PLAN = ROOT / "tests" / "deploy" / "golden" / "canary.txt"


def ticked(*ticks, world=None, copies=1):
    """Have the scheduler's ticks delivered, each so often."""
    world = world or World(copies=copies)
    for tick in ticks:
        world.post("repair", *pubsub_event("repair-tick", CANARY_TICK, tick))
    world.run()
    return world


def runs(world):
    """List the requests of a world, with whose they are."""
    return [world.status(run.request_id) for run in world.services.records.runs(9)]


def test_a_tick_makes_a_lesson_of_its_own():
    """Two ticks are two requests of the reserved organisation, and two lessons."""
    found = runs(ticked("tick-1", "tick-2"))

    assert [("completed", ORGANISATION)] * 2 == [
        (one.run.status, one.asked.organization_id) for one in found
    ]
    assert 2 == len({one.run.lesson_id for one in found})


def test_a_tick_that_comes_twice_asks_once():
    """Its request's id is made of the tick's."""
    assert 1 == len(runs(ticked("tick-1", copies=3)))


def test_it_is_told_apart_from_customers():
    """By which no objective counts it."""
    with written() as read:
        ticked("tick-1")

    assert {"canary"} == {one["kind"] for one in read() if "kind" in one}
    assert 1 == len(only(read(), "request_ended", outcome="completed"))


def test_no_model_is_paid_for_it():
    """Where a model writes the lessons of students."""
    with FakeVertex() as server:
        desk = Desk(server)
        ticked("tick-1", world=desk)
        canaries = desk.calls
        desk.send(request())
        desk.run()

        assert (0, True) == (canaries, desk.calls > 0)


@pytest.mark.parametrize(
    "interest", ["canary", "canary birds", "canary 0123456", "Canary 01234567"]
)
def test_a_student_who_likes_canaries_is_none(interest):
    """Only the reserved pattern is."""
    sent = json.loads(CanaryRequested("tick-1").message().data)
    brief = type("Brief", (), {"interest": interest})
    own = type("Brief", (), {"interest": sent["interest"]})

    assert (False, True) == (is_canary(brief), is_canary(own))


def test_the_scheduler_says_what_repair_understands():
    """And the tick of every minute is none."""
    assert (CANARY, True) == (CANARY_TICK, TICK != CANARY_TICK)


def test_a_deployments_own_canary_is_one_as_well():
    """It has the same fields, so it is counted as a canary."""
    (said,) = re.findall(r"--message=(\{.*?\})'", PLAN.read_text("utf-8"))
    ours = json.loads(CanaryRequested("tick-1").message().data)
    theirs = json.loads(said)

    assert ours.keys() == theirs.keys()
    fixed = ours.keys() - {"request_id", "interest"}
    assert {name: ours[name] for name in fixed} == {name: theirs[name] for name in fixed}
