"""A scene of another plan than the lesson's own, before and after the right one."""

import pytest

from shared.events import SceneRequested
from shared.film.scene_files import folder
from shared.lesson import codec
from tests.film.plans import LESSON_ID, brief_lesson
from tests.pipeline.world import World, pubsub_event

STRANGE = 4711  # no generation that the fake ever gives


@pytest.fixture
def world():
    """Give a world in which nothing is stored yet."""
    return World()


def scripted(world):
    """Store the plan of an audio lesson; gives its generation."""
    name, plan = f"lessons/{LESSON_ID}/plan.json", codec.encode(brief_lesson(("audio",)))
    stored = world.services.objects.create("generated", name, plan, content_type="x/json")
    return stored.generation


def deliver(world, generation):
    """Have the first scene of a plan's generation asked for; gives the answer's status."""
    message = SceneRequested(LESSON_ID, 1, generation).message()
    envelope = pubsub_event("scene-requested", message.data.encode(), str(generation))
    return world.deliver("render", *envelope)


def left(world):
    """Name what lies in the scene's folder, sentences aside, and what else was published."""
    found = world.services.objects.list("scenes", folder(LESSON_ID, 1))
    names = [one.name.rpartition("/")[2] for one in found if "/said/" not in one.name]
    return names, world.services.events.published


def test_a_scene_of_another_plan_comes_first(world):
    """It is acknowledged without a claim, so that the right one is rendered."""
    generation = scripted(world)
    strange = deliver(world, STRANGE), left(world), world.services.claims.all
    right = deliver(world, generation)

    assert ((200, ([], ()), {}), 200) == (strange, right)
    assert (["narration.flac", "scene.json"], ()) == left(world)


def test_a_scene_of_another_plan_comes_last(world):
    """It changes nothing, and nobody writes it a dead letter."""
    deliver(world, scripted(world))
    before = left(world), world.services.claims.all
    strange = deliver(world, STRANGE)

    assert (200, before) == (strange, (left(world), world.services.claims.all))


def test_a_scene_of_another_plan_comes_before_any_plan(world):
    """As long as no plan tells which is right, none of them takes the claim."""
    early = deliver(world, STRANGE), world.services.claims.all
    right = deliver(world, scripted(world))

    assert ((500, {}), 200) == (early, right)
    assert (["narration.flac", "scene.json"], ()) == left(world)
