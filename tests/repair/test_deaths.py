"""`repair` dies at any of its port calls: what it leaves in the end is what it always leaves."""

import pytest

from shared.events import BookStored, SceneStored
from shared.messages import Message
from tests.records.given import LESSON
from tests.repair.alone import FORWARDED, scene_requested, script_requested
from tests.repair.dying import Dying
from tests.repair.test_dead_letters import BOOK, DONE, SCENE, SENT, resource
from tests.repair.test_sweep import AGAIN, BUDGET

MOST = 60  # calls; no sweep of these few rows needs more


def letter(world, stage, message, state="", event=None):
    """Have Pub/Sub give a message up, whose claim is in a state."""
    if state:
        world.claimed(event, state, emitted=[DONE])
    sent = message if isinstance(message, Message) else Message("", "", message)
    attributes = {**sent.attributes, **FORWARDED}
    world.services.events.publish([Message(f"{stage}-dead", "dead", sent.data, attributes)])


def abandoned(world):
    """Abandon a lesson, and let nobody mark it."""
    request = world.scripted()
    world.services.records.cancel(request.request_id)


def everything(world):
    """Let something stand still in every part of the sweep."""
    world.requested()
    world.store("oer", BOOK)
    letter(world, "ingest", SENT["ingest"][0])


SCENE_EVENT, ROWS = SceneStored(LESSON), resource(SCENE)
# What stands still, and how much time passes before the first tick.
SITUATIONS = {
    "no plan": lambda world: world.requested(),
    "no scene": lambda world: world.scripted(),
    "complete set": lambda world: world.scripted((1, "scene"), (2, "scene"), (3, "scene")),
    "no answer": lambda world: world.completed(),
    "no mark": abandoned,
    "a book": lambda world: world.store("oer", BOOK),
    "overdue": everything,
    "unknown letter": lambda world: letter(world, "script", SENT["script"][0]),
    "unknown object": lambda world: letter(world, "library", resource(BOOK)),
    "letter of done work": lambda world: letter(
        world, "library", resource(BOOK), "completed", BookStored(BOOK, 7)
    ),
    "letter of a parked scene": lambda world: (
        world.scripted(),
        letter(world, "render", scene_requested(2).message(), "parked", scene_requested(2)),
    ),
    "letter of an ended lesson": lambda world: (
        world.completed(),
        letter(world, "finalize", ROWS, "retryable", SCENE_EVENT),
    ),
    "letter of an open lesson": lambda world: (
        world.requested(),
        letter(world, "script", SENT["script"][0], "retryable", script_requested()),
    ),
    "unreadable letter": lambda world: letter(world, "script", "{"),
}


def effects(situation, world):
    """Give what is there after two ticks: events and objects by name, every row's status."""
    SITUATIONS[situation](world)
    world.run()
    for _ in range(2):
        world.tick(BUDGET if situation == "overdue" else AGAIN * 2)
        world.run()
    records, objects = world.services.records, world.services.objects

    def wanted(message):
        # Who cannot tell which lessons are overdue may ask for one of them once more.
        return situation != "overdue" or message.topic != "script-requested"

    names = [one.name for bucket in ("oer", "scenes") for one in objects.list(bucket, "")]
    return (
        {(message.topic, message.data) for message in world.asked() if wanted(message)},
        {name.rpartition("/")[0] if name.startswith("nudges/") else name for name in names},
        {(run.lesson_id, run.status, run.lesson_status) for run in records.runs(10)},
        {(row.stage, row.message_id, row.reason) for row in records.letters},
    )


def redacted(found):
    """Leave out what differs from world to world: the request's id."""
    events, *others = found
    return [{(topic, len(data)) for topic, data in events}, *others]


@pytest.mark.parametrize("how", ["before", "after", "lost"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_death_at_any_call_leaves_the_same(situation, how):
    """At its first call, at its second, and so on to the last."""
    calm = redacted(effects(situation, Dying()))
    for n in range(1, MOST):
        world = Dying(n, how)
        found = redacted(effects(situation, world))
        if not world.died:
            break

        assert calm == found, f"it died at call {n}"
    else:
        pytest.fail("more calls than expected")
    assert n > 3
