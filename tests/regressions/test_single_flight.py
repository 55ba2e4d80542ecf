"""A class asks the same at once: one lesson, paid for once, and everybody is answered."""

from collections import Counter

from tests.pipeline.test_lessons import request
from tests.pipeline.world import World

CLASS = 1001  # one more than Pub/Sub takes in a call
SEED = 7


def test_a_thousand_equal_requests_delivered_three_times_each():
    """In random order: one plan, one narration of each scene, a thousand completions."""
    world = World(SEED, copies=3)
    asked = [request(modalities=("audio",)) for _ in range(CLASS)]
    world.send(*asked)
    world.run()

    statuses = Counter(world.status(one["request_id"]).run.status for one in asked)
    scenes = Counter(
        stored.name
        for stored in world.services.objects.list("scenes", "lessons/")
        if stored.name.endswith("scene.json")
    )
    lesson = world.status(asked[0]["request_id"]).lesson
    attempts = [claim.attempts for key, claim in world.services.claims.all.items() if key[0] == "r"]
    assert {"completed": CLASS} == statuses, f"seed {SEED}"
    assert (1, CLASS) == (world.services.author.calls, len(world.completions()))
    assert (len(lesson.scenes), {1}) == (len(scenes), set(scenes.values()) | set(attempts))


def test_a_class_that_waits_together_as_its_lesson_ends():
    """All have attached before: what ends the lesson answers more than one call can carry."""
    world = World(SEED)
    asked = [request() for _ in range(CLASS)]
    world.send(*asked)
    arrived, world.waiting = world.waiting, []
    answers = Counter(world.deliver(*one) for one in arrived)
    waiting = Counter(world.status(one["request_id"]).run.status for one in asked)
    world.run()

    ended = Counter(world.status(one["request_id"]).run.status for one in asked)
    assert ([CLASS], {"accepted": CLASS}) == (list(answers.values()), waiting)
    assert ({"completed": CLASS}, CLASS) == (ended, len(world.completions()))
