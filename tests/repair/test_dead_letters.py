"""What becomes of a dead letter: each row of the table in `shared/repair/settling.py`."""

import json
from dataclasses import replace

import pytest

from shared.claim import SCHEMA as CLAIM_SCHEMA
from shared.events import BookStored, ContentCompleted, DeadLettered, SceneStored
from shared.limits import REDRIVES
from shared.messages import SCHEMA, Arrived, Message
from shared.request import ContentRequested
from tests.pipeline.test_lessons import request
from tests.pipeline.world import pubsub_event
from tests.records.given import LESSON
from tests.repair.alone import FORWARDED, Alone, Down, scene_requested, script_requested

QUESTION = request()
ASKED = json.dumps(QUESTION)
BOOK = f"books/little/{'a' * 64}.zip"
SCENE = f"lessons/{LESSON}/scenes/01/scene.json"
TRANSPORT = {"bucketId": "scenes", "eventType": "OBJECT_FINALIZE", "payloadFormat": "JSON_API_V1"}
DONE = ContentCompleted("r1", LESSON, "completed").message()


@pytest.fixture
def world():
    """Give a world in which only `repair` works."""
    return Alone()


def resource(name, generation=7):
    """Write what storage says of an object."""
    return json.dumps({"kind": "storage#object", "name": name, "generation": str(generation)})


def content_requested():
    """Read the question as `ingest` does."""
    return ContentRequested.decode(Arrived("m1", "", ASKED.encode(), {}))


def forwarded(world, stage, message, **more):
    """Have Pub/Sub give a message up after twenty deliveries."""
    return world.bury(stage, message, **FORWARDED, **more)


# Each topic stage's own message, and the event that it asks with.
SENT = {
    "ingest": (Message("content-requests", "m1", ASKED, {"origin": "app"}), content_requested),
    "script": (script_requested().message(), script_requested),
    "render": (scene_requested(2).message(), lambda: scene_requested(2)),
}
STORED = {
    "finalize": (resource(SCENE), lambda: SceneStored(LESSON)),
    "library": (resource(BOOK), lambda: BookStored(BOOK, 7)),
}


@pytest.mark.parametrize("stage", SENT)
def test_nobody_knows_of_it(world, stage):
    """The original message is sent again, under its own id, and counts that."""
    message, _ = SENT[stage]
    row = forwarded(world, stage, message)

    (again,) = world.asked()
    assert (message.topic, message.data) == (again.topic, again.data)
    assert {**message.attributes, "redrive": "1"} == again.attributes
    assert ("sent-again", "too-many-deliveries") == (row.resolution, row.reason)


@pytest.mark.parametrize("stage", STORED)
def test_nobody_knows_of_a_stored_object(world, stage):
    """Its stage is nudged, since storage tells of an object once."""
    row = forwarded(world, stage, STORED[stage][0], **TRANSPORT)

    nudges = world.names("scenes", "nudges/") + world.names("oer", "nudges/")
    assert ("sent-again", 1) == (row.resolution, len(nudges))
    assert nudges[0].endswith("/redrive-1.json")


@pytest.mark.parametrize("stage", SENT)
def test_nobody_ever_knows_of_it(world, stage):
    """What came back as often as it may is only recorded, and left open."""
    message, _ = SENT[stage]
    row = forwarded(world, stage, message, redrive=str(REDRIVES))

    assert ([], "") == (world.asked(), row.resolution)


def test_a_nudge_that_nobody_takes(world):
    """It carries the count in its name."""
    forwarded(world, "finalize", resource(f"nudges/{LESSON}/redrive-{REDRIVES - 1}.json"))
    last = forwarded(world, "library", resource(f"nudges/{BOOK}@7/redrive-{REDRIVES}.json"))

    assert [f"nudges/{LESSON}/redrive-{REDRIVES}.json"] == world.names("scenes", "nudges/")
    assert ([], "") == (world.names("oer"), last.resolution)


@pytest.mark.parametrize("state", ["in_progress", "retryable"])
@pytest.mark.parametrize("stage", ["script", "render", "finalize"])
def test_the_sweep_owns_an_open_lesson(world, stage, state):
    """The letter is recorded, open, and nothing is sent."""
    world.scripted()
    message, event = {**SENT, **STORED}[stage]
    world.claimed(event(), state)
    row = forwarded(world, stage, message)

    assert ([], [], "") == (world.asked(), world.nudges(), row.resolution)


@pytest.mark.parametrize("state", ["in_progress", "retryable"])
@pytest.mark.parametrize("stage", ["ingest", "library"])
def test_no_row_leads_the_sweep_to_it(world, stage, state):
    """What belongs to no lesson is sent again also when a run began it."""
    message, event = {**SENT, **STORED}[stage]
    world.claimed(event(), state)
    row = forwarded(world, stage, message)

    assert "sent-again" == row.resolution
    assert 1 == len(world.asked()) + len(world.names("oer", "nudges/"))


def test_a_lesson_that_ended_without_telling(world):
    """Its rows are at their end and its claim is not: everybody is told once more."""
    request = world.completed()
    world.services.records.answered(request.request_id, "completed", "", "finalize")
    world.claimed(SceneStored(LESSON), "retryable")
    row = forwarded(world, "finalize", resource(SCENE))

    (done,) = world.completions().values()
    assert (request.request_id, "completed") == (done["request_id"], done["status"])
    assert "harmless" == row.resolution


@pytest.mark.parametrize("stage", [*SENT, *STORED])
def test_its_work_is_done(world, stage):
    """What the work emitted leaves again, under its own ids."""
    message, event = {**SENT, **STORED}[stage]
    world.claimed(event(), "completed", emitted=[DONE])
    row = forwarded(world, stage, message)

    assert ([DONE], "harmless") == (world.asked(), row.resolution)


@pytest.mark.parametrize("state", ["failed", "parked"])
@pytest.mark.parametrize("stage", [*SENT, *STORED])
def test_it_can_never_be_done(world, stage, state):
    """The letter is recorded, open, and nothing is sent again."""
    message, event = {**SENT, **STORED}[stage]
    world.claimed(event(), state, emitted=[DONE])
    row = forwarded(world, stage, message)

    assert ([], [], "") == (world.asked(), world.nudges(), row.resolution)


@pytest.mark.parametrize("state", ["failed", "parked"])
@pytest.mark.parametrize("stage", ["script", "render", "finalize"])
def test_a_lesson_that_can_never_be_done(world, stage, state):
    """It ends with the reason, and everybody who waits is told."""
    request = world.scripted()
    message, event = {**SENT, **STORED}[stage]
    world.claimed(event(), state)
    forwarded(world, stage, message)

    run = world.status(request.request_id).run
    assert ("failed", "failed") == (run.status, run.lesson_status)
    assert f"the lesson's {stage} stage gave up: no such colour" == run.reason
    assert ["failed"] == [done["status"] for done in world.completions().values()]


def test_a_failed_lesson_that_was_told_to_nobody(world):
    """The run that moved the rows died before it said so, and its claim could only be parked."""
    request = world.requested()
    world.services.records.ended(LESSON, "failed", "no such colour", "script")
    world.services.records.answered(request.request_id, "failed", "no such colour", "script")
    world.claimed(script_requested(), "parked")
    forwarded(world, "script", script_requested().message())

    (done,) = world.completions().values()
    assert (request.request_id, "failed") == (done["request_id"], done["status"])


def test_a_fault_that_nobody_named(world):
    """Who asked is told its class: neither its words nor a line of our code."""
    request = world.scripted()
    message, event = SENT["script"]
    world.claimed(event(), "parked", error=ValueError("the student's words"))
    forwarded(world, "script", message)

    reason = world.status(request.request_id).run.reason
    assert "the lesson's script stage gave up: ValueError" == reason


def test_a_lesson_that_was_done_after_all(world):
    """A parked scene takes nothing from a lesson that has its end."""
    request = world.completed()
    world.claimed(scene_requested(2), "parked")
    forwarded(world, "render", scene_requested(2).message())

    assert "completed" == world.status(request.request_id).run.lesson_status


def test_nobody_can_read_it(world):
    """It is recorded with the reason and the field, and nothing is asked of anybody."""
    row = forwarded(world, "script", '{"lesson_id": 7}')

    assert ([], "wrong-type", "lesson_id") == (world.asked(), row.reason, row.field)


def test_nobody_can_read_a_request(world):
    """Whoever sent it sees it as failed, if the id can be read."""
    asked = request(grade_level=13)
    row = forwarded(world, "ingest", json.dumps(asked))

    run = world.status(asked["request_id"]).run
    assert ("failed", asked["request_id"]) == (run.status, row.request_id)


def test_a_letter_of_a_stage_without_records(world):
    """Its own reason is recorded; what a stage gives up on purpose is never sent again."""
    dead = DeadLettered(
        "render", "m1", "wrong-type", "scene: must be a whole number", "scene", b'{"scene": "7"}'
    ).message()
    world.services.events.publish([dead])
    world.run()

    (row,) = world.services.records.given
    assert ("render", dead.id, "wrong-type", "scene") == (
        row.stage,
        row.message_id,
        row.reason,
        row.field,
    )
    assert [] == world.asked()


def test_a_readable_letter_of_a_stage_without_records(world):
    """The stage knew the message and gave it up: the row names its claim, nothing is sent."""
    body = scene_requested(2).message().data.encode()
    dead = DeadLettered("render", "m1", "attempts-used-up", "Boom: no", "", body).message()
    world.services.events.publish([dead])
    world.run()

    (row,) = world.services.records.given
    assert ("attempts-used-up", f"render/{LESSON}/02", LESSON, "") == (
        row.reason,
        row.claim_key,
        row.lesson_id,
        row.resolution,
    )
    assert [] == world.asked()


def test_an_event_that_asked_for_nothing(world):
    """Its stage would have acknowledged it."""
    row = forwarded(world, "finalize", resource(f"lessons/{LESSON}/scenes/01/video.mp4"))

    assert ("harmless", []) == (row.resolution, world.nudges())


def test_a_message_of_a_newer_release(world):
    """It is kept for whoever can read it."""
    body = json.dumps({"schema": SCHEMA + 1, "lesson_id": LESSON})
    row = forwarded(world, "script", body)

    assert ("newer-schema", "", []) == (row.reason, row.resolution, world.asked())


def test_a_claim_of_a_newer_release(world):
    """Nobody judges by what he may misread."""
    event = script_requested()
    stored = world.claimed(event)
    claims = world.services.claims
    claims.replace(
        stored, replace(stored.claim, schema=CLAIM_SCHEMA + 1, state="completed", beat=2)
    )
    row = forwarded(world, "script", event.message())

    assert ([], "") == (world.asked(), row.resolution)


def test_the_same_work_with_other_content(world):
    """The claim is another message's: this one waits for an operator."""
    event = scene_requested(2)
    world.claimed(replace(event, plan_generation=99), "completed", emitted=[DONE])
    row = forwarded(world, "render", event.message())

    assert ([], "") == (world.asked(), row.resolution)


def test_a_letter_of_nobody(world):
    """A topic that belongs to no stage loses nothing."""
    answer = world.deliver("repair", *pubsub_event("strange-dead", b"hello", "m1"))

    (row,) = world.services.records.given
    assert (200, "strange", "not-ours") == (answer, row.stage, row.reason)


def test_the_same_letter_again(world):
    """It is counted, and not sent again."""
    message, _ = SENT["script"]
    for _ in range(3):
        forwarded(world, "script", message)

    assert 1 == len(world.asked())
    assert [3] == [row.count for row in world.services.records.letters]


def test_a_row_that_cannot_be_written(world):
    """The letter comes again until its row is there."""
    letter = pubsub_event("script-dead", b"{", "m1")
    whole = world.services
    world.services = whole.but(records=Down())
    first = world.deliver("repair", *letter)
    world.services = whole
    second = world.deliver("repair", *letter)

    assert (500, 200, 1) == (first, second, len(whole.records.given))


def test_what_is_linked(world):
    """A request's letter names the request, its claim and what the claim said."""
    world.claimed(content_requested(), "parked")
    row = forwarded(world, "ingest", SENT["ingest"][0])

    assert (QUESTION["request_id"], f"ingest/{QUESTION['request_id']}") == (
        row.request_id,
        row.claim_key,
    )
    assert ("parked", "Permanent") == (
        json.loads(row.claim)["state"],
        json.loads(row.claim)["last_error"]["class"],
    )


def test_the_snapshot_repeats_no_student(world):
    """Emitted events are named, not quoted."""
    secret = ContentCompleted("r1", LESSON, "refused", reason="mySecret").message()
    world.claimed(content_requested(), "completed", emitted=[secret])
    row = forwarded(world, "ingest", SENT["ingest"][0])

    assert secret.id in row.claim
    assert "mySecret" not in row.claim
    assert QUESTION["student_query"] not in row.claim


def test_a_good_request_is_not_failed_by_its_letter(world):
    """It is sent again, and nobody is told that it failed."""
    forwarded(world, "ingest", SENT["ingest"][0])

    assert () == world.services.records.runs(10)
