"""What is not ours, too new or out of order has one answer each, and hurts nothing else."""

import json
from dataclasses import replace

import pytest

from shared.claim import SCHEMA
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World, pubsub_event

OTHER = "Why do we have seasons?"
STRANGE = "lessons/00000000000000000000000000000000/scenes/01/scene.json"


def lesson_of(world, asked):
    """Bring a request as far as its plan; gives the lesson's id."""
    world.send(asked)
    while not world.status_is_scripted(asked):
        world.step()
    return world.status(asked["request_id"]).run.lesson_id


class Stepped(World):
    """A world that delivers one event at a time."""

    def step(self):
        """Deliver the next event that is not a scene's."""
        self.collect()
        name, headers, body = next(one for one in self.waiting if one[0] in ("ingest", "script"))
        self.waiting.remove((name, headers, body))
        self.deliver(name, headers, body)

    def status_is_scripted(self, asked):
        """Tell whether the plan is there, and nothing rendered."""
        runs = self.services.records.runs(10)
        mine = [run for run in runs if run.request_id == asked["request_id"]]
        return bool(mine) and mine[0].lesson_status == "scripted"

    def put(self, name, content=b"?", **metadata):
        """Put an object into the scenes bucket, as somebody else."""
        self.services.objects.create(
            "scenes", name, content, content_type="text/plain", metadata=metadata
        )


@pytest.fixture
def world():
    """Give a world."""
    return Stepped()


@pytest.mark.parametrize("name", ["readme.txt", "lessons/x/scenes/01/scene.json", STRANGE])
def test_an_object_that_nobody_asked_for(world, name):
    """Acknowledged at once; the next lesson is as good as any."""
    world.put(name)
    asked = request(modalities=("audio",))
    world.send(asked)
    world.run()

    assert "completed" == world.status(asked["request_id"]).run.status
    assert 0 == sum(n for (_, status), n in world.outcomes.items() if status >= 300)


def test_a_scene_that_is_not_in_the_plan(world):
    """The plan's own scenes decide when the set is complete."""
    asked = request(modalities=("audio",))
    lesson = lesson_of(world, asked)
    world.put(f"lessons/{lesson}/scenes/99/scene.json")
    world.run()

    assert "completed" == world.status(asked["request_id"]).run.status


@pytest.mark.parametrize("metadata", [{}, {"fence": "x"}, {"fence": "7", "attempts": "[[]]"}])
def test_a_scene_that_somebody_else_wrote(world, metadata):
    """Its lesson fails, saying so; another one completes."""
    asked, other = request(modalities=("audio",)), request(OTHER, modalities=("audio",))
    lesson = lesson_of(world, asked)
    world.put(f"lessons/{lesson}/scenes/01/scene.json", **metadata)
    world.send(other)
    world.run()

    failed = world.status(asked["request_id"]).run
    assert ("failed", True) == (failed.status, "description" in failed.reason)
    assert "completed" == world.status(other["request_id"]).run.status


@pytest.mark.parametrize(
    ("function", "source"),
    [
        ("ingest", "//pubsub.googleapis.com/projects/demo/topics/scene-requested"),
        ("script", "//pubsub.googleapis.com/projects/demo/topics/content-requests"),
        ("finalize", "//storage.googleapis.com/projects/_/buckets/generated"),
        ("library", "//storage.googleapis.com/projects/_/buckets/scenes"),
    ],
)
def test_an_event_of_another_topic_or_bucket(world, function, source):
    """Somebody attached the wrong trigger: recorded, acknowledged, not worked on."""
    headers, body = pubsub_event("any", json.dumps(request()).encode(), "1")

    assert 200 == world.deliver(function, {**headers, "ce-source": source}, body)
    letters = [(letter.stage, letter.reason) for letter in world.services.records.letters]
    assert [(function, "not-ours")] == letters


def test_a_book_of_an_old_generation(world):
    """What was replaced meanwhile is not indexed, and not tried again."""
    name = f"books/physics/{'a' * 64}.zip"
    resource = {"name": name, "bucket": "oer", "generation": "1"}
    headers, _ = pubsub_event("any", b"", "1")
    source = "//storage.googleapis.com/projects/_/buckets/oer"

    status = world.deliver("library", {**headers, "ce-source": source}, json.dumps(resource))
    claim = world.services.claims.read(f"library/{name}@1").claim
    assert (200, "completed", "Superseded") == (status, claim.state, claim.last_error["class"])


def test_a_plan_with_other_bytes(world):
    """Scenes drawn after another plan would not fit together: the lesson fails, saying so."""
    asked = request(modalities=("audio",))
    lesson = lesson_of(world, asked)
    world.services.objects.tamper("generated", f"lessons/{lesson}/plan.json", b"{}")
    world.run()

    run = world.status(asked["request_id"]).run
    assert ("failed", True) == (run.status, "digest" in run.reason)


def test_a_claim_of_a_newer_release(world):
    """It waits for an instance that can read it, and stays as it is."""
    asked = request()
    body = json.dumps(asked).encode()
    event = ("ingest", *pubsub_event("content-requests", body, "1"))
    world.deliver(*event)
    key = f"ingest/{asked['request_id']}"
    stored = world.services.claims.read(key)
    newer = replace(stored.claim, schema=SCHEMA + 1, state="retryable")
    world.services.claims.replace(stored, newer)

    assert world.deliver(*event) >= 300
    assert newer == world.services.claims.read(key).claim


@pytest.mark.parametrize("function", ["script", "render"])
def test_a_message_of_a_newer_release(world, function):
    """It is delivered again until the release that sent it has rolled out; it is no dead letter."""
    topic = {"script": "script-requested", "render": "scene-requested"}[function]
    event = pubsub_event(topic, b'{"schema": 2, "lesson": "a"}', "1")

    assert world.deliver(function, *event) >= 300
    assert ((), ()) == (world.services.records.letters, world.services.events.published)


def test_a_request_with_a_field_that_nobody_knows(world):
    """A product may add one before this pipeline knows it: the request is answered."""
    asked = request(schema_version=9)
    world.send(asked)
    world.run()

    assert "completed" == world.status(asked["request_id"]).run.status


def test_the_same_id_with_another_question(world):
    """Merging would answer one of them wrongly: the first one stays, the second is recorded."""
    asked = request()
    world.send(asked)
    world.run()
    before = world.services.claims.read(f"ingest/{asked['request_id']}").claim
    world.send({**asked, "student_query": OTHER})
    world.run()

    assert ["other-content"] == [letter.reason for letter in world.services.records.letters]
    assert before == world.services.claims.read(f"ingest/{asked['request_id']}").claim
    assert "completed" == world.status(asked["request_id"]).run.status
