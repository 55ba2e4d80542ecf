"""What the worker that this pipeline replaces did wrong, one test for each, by its number."""

import inspect
import json
import logging
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from local.topology import PIPELINE
from shared import config
from shared.errors import Permanent, Transient, Unsure
from shared.events import ScriptRequested
from shared.gcp.dial import connect, hang_up
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.library import SqlLibrary
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.records import SqlRecords
from shared.gcp.storage import StorageObjects
from shared.gcp.upkeep import SqlUpkeep
from shared.limits import ACK_DEADLINE_S, CLAIM_ATTEMPTS, FUNCTIONS
from shared.log import log
from shared.migrate import migrate, pending
from shared.migrations import FOLDER, read
from shared.ports import Claims, Events, Library, Objects, Records, Upkeep
from shared.rows import LessonStatus, RequestStatus
from tests.pipeline.brevity import BriefAuthor
from tests.pipeline.test_lessons import FailsOnce, request
from tests.pipeline.world import World, pubsub_event
from tests.records.given import LESSON, scripted

POISON = "Why do we have seasons?"
ALL = {f"r{n:02}" for n in range(1, 22)}
NOT_YET = {
    "r19": "no stage calls a model yet",
}


class Poisoned(BriefAuthor):
    """An author whom one question breaks, each time."""

    def __init__(self):
        super().__init__()
        self.asked = Counter()

    def write(self, lesson_id, brief, material):
        self.asked[brief.question] += 1
        if brief.question == POISON:
            raise ZeroDivisionError
        return super().write(lesson_id, brief, material)


class Sick(BriefAuthor):
    """An author who is out of order for the first calls."""

    def __init__(self, times):
        super().__init__()
        self.times = times

    def write(self, lesson_id, brief, material):
        if self.times:
            self.times -= 1
            raise Transient("out of order")
        return super().write(lesson_id, brief, material)


class Stopped(BriefAuthor):
    """An author in whose first call the instance is told to stop."""

    stopped = False

    def write(self, lesson_id, brief, material):
        if not self.stopped:
            self.stopped = True
            raise SystemExit
        return super().write(lesson_id, brief, material)


def run(world, *asked):
    world.send(*asked)
    world.run()
    return [world.status(one["request_id"]).run.status for one in asked]


def test_every_failure_has_its_test():
    """None is forgotten, and none is claimed that is not there."""
    named = set(re.findall(r"^def test_(r\d\d)_", Path(__file__).read_text("utf-8"), re.MULTILINE))

    assert (ALL, set()) == (named | NOT_YET.keys(), named & NOT_YET.keys())


def test_r01_a_bad_message_is_never_delivered_again():
    """It was raised, and so came again for ever: now it is recorded and acknowledged."""
    world = World()
    run(world)
    world.send(*[b"{"] * 200)
    world.run()

    assert {("ingest", 200): 200} == dict(world.outcomes)


def test_r02_one_bad_message_does_not_starve_the_others():
    """352 failures in 300 s from one message: now its tries are few, and the others complete."""
    world = World()
    world.services = world.services.but(author=Poisoned())
    statuses = run(world, request(POISON), *(request(interest=f"music {n}") for n in range(20)))

    assert (["failed"], {"completed"}) == (statuses[:1], set(statuses[1:]))
    assert CLAIM_ATTEMPTS == world.services.author.asked[POISON]


def test_r03_a_dead_letter_has_somebody_who_records_it():
    """The dead-letter topic was attached to nothing: now each one leads to a row."""
    taken = {arrow.source for arrow in PIPELINE.subscriptions}
    given_up = {arrow.dead_topic for arrow in PIPELINE.subscriptions if arrow.dead_topic}
    world = World()
    world.post("render", *pubsub_event("scene-requested", b"{}", "1"))
    world.run()

    assert set() == given_up - taken
    assert ["render"] == [letter.stage for letter in world.services.records.letters]


def test_r04_the_first_transient_fault_is_not_the_last_word():
    """A handler wrote "failed", and the redelivery passed it by."""
    world = World()
    world.services = world.services.but(author=Sick(3 * CLAIM_ATTEMPTS))

    assert ["completed"] == run(world, request())


def test_r05_a_question_back_is_shown_answered_and_never_a_fault():
    """It was stored as pending, counted as an error and never answered: now it goes on."""
    world = World()
    asked = request("help with homework")
    waits = run(world, asked)
    report = world.status(asked["request_id"])
    answer = {**asked, "answers": {report.open.id: "What is inertia?"}}
    ended = run(world, answer)

    assert (["needs_input"], ["completed"]) == (waits, ended)
    assert "completed" == report.attempts[0].outcome
    assert () == world.services.records.letters


def test_r06_an_outage_is_never_shown_as_the_students_mistake():
    """A broken model was told as "please rephrase": now nothing is said until it works."""
    world = World()
    world.services = world.services.but(author=Sick(2))
    asked = request()
    run(world, asked)

    moves = [move.status for move in world.status(asked["request_id"]).history]
    assert ["accepted", "completed"] == moves


def test_r07_duplicates_at_once_are_worked_on_once():
    """The status was read, 20 to 90 s worked, nothing claimed."""
    world = World(copies=10)
    statuses = run(world, request())

    assert (["completed"], 1) == (statuses, world.services.author.calls)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_r08_no_function_outlives_its_delivery(name):
    """1,800 s of work under a lease of 600: now no stale run can write when the next one comes."""
    assert FUNCTIONS[name].last_lease_end_s < ACK_DEADLINE_S


def test_r09_a_row_without_its_event_is_made_good():
    """The row was committed, the publish failed: pending for ever."""
    world = World()
    world.services = world.services.but(
        events=FailsOnce(world.services.events, "publish", world, "ingest")
    )

    assert ["completed"] == run(world, request())


def test_r09_the_same_request_twice_is_one():
    """Retries made twins."""
    world = World()
    asked = request()
    run(world, asked, asked)

    assert (1, 1) == (len(world.completions()), len(world.services.records.runs(10)))


class Broken:
    """A port whose named call fails."""

    def __init__(self, port, call):
        self._port = port
        self._call = call

    def __getattr__(self, name):
        if name == self._call:
            return self._fail
        return getattr(self._port, name)

    def _fail(self, *words, **named):
        raise Unsure("the database failed")


@pytest.mark.parametrize(
    ("function", "call"),
    [
        *(("ingest", call) for call in ("attempt_started", "accept", "lesson", "attempt_ended")),
        *(("script", call) for call in ("lesson", "scripted", "completed", "attached", "answered")),
    ],
)
def test_r10_no_database_error_is_swallowed(function, call):
    """They became None or False, and the work went on unrecorded: now the delivery comes again."""
    world = World()
    world.send(request())
    if function == "script":
        world.deliver(*world.waiting.pop())
        world.collect()
    world.services = world.services.but(records=Broken(world.services.records, call))

    assert world.deliver(*world.waiting.pop()) >= 300


def test_r11_an_instance_that_is_told_to_stop_gives_its_work_back():
    """The flag was never read: now the next delivery goes on at once, under the next fence."""
    world = World()
    world.services = world.services.but(author=Stopped())
    asked = request()
    world.send(asked)
    world.deliver(*world.waiting.pop())
    (message,) = world.services.events.published
    event = ScriptRequested(json.loads(message.data)["lesson_id"])
    delivery = ("script", *pubsub_event("script-requested", message.data.encode(), message.id))
    with pytest.raises(SystemExit):
        world.deliver(*delivery)

    assert "retryable" == world.services.claims.read(event.key).claim.state
    assert 200 == world.deliver(*delivery)
    assert 2 == world.services.claims.read(event.key).claim.fence


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("content_request_status", get_args(RequestStatus)),
        ("lesson_status", get_args(LessonStatus)),
    ],
)
def test_r12_the_database_knows_every_status_that_the_code_writes(postgres, name, statuses):
    """It lacked some, and the writes were retried for ever."""
    with postgres.transaction() as sql:
        rows = sql.all(f"select unnest(enum_range(null::{name}))::text")

    assert set(statuses) == {status for (status,) in rows}


def test_r13_all_faults_of_the_settings_are_told_at_once():
    """Names were typed in many places, and missing ones came to light one at a time."""
    with pytest.raises(config.BadSettings) as told:
        config.read({"STORAGE_EMULATOR_HOST": "localhost:1", "ENVIRONMENT": "moon", "VOICE": "?"})

    for name in ("GOOGLE_CLOUD_PROJECT", "STORAGE_EMULATOR_HOST", "ENVIRONMENT", "VOICE"):
        assert name in str(told.value)


def test_r14_the_schema_is_brought_up_to_date_twice(postgres, database_url):
    """The second run found that "the type exists"."""
    connection = connect(database_url, 60)
    migrate(connection)
    left = pending(connection, read(FOLDER))
    hang_up(connection)

    assert () == left


def test_r15_a_completion_names_files_that_are_there():
    """A nested result was read as flat: completed, with nothing in it."""
    world = World()
    run(world, request(modalities=("audio",)))
    (done,) = world.completions().values()
    there = [world.services.objects.find("generated", name) for name in done["files"].values()]

    assert {"audio", "captions", "transcript", "plan"} <= done["files"].keys()
    assert None not in there


@pytest.mark.parametrize(
    ("grade", "status"),
    [(8, "completed"), ("8", "completed"), (None, "failed"), ("1-8", "failed"), (0, "failed")],
)
def test_r16_a_grade_of_an_old_shape(grade, status):
    """It made loops, or the text "None" in a prompt."""
    world = World()
    asked = request(grade_level=grade)

    assert [status] == run(world, asked)
    assert "None" not in world.status(asked["request_id"]).run.reason


@pytest.mark.parametrize(
    ("port", "adapter"),
    [
        (Claims, FirestoreClaims),
        (Objects, StorageObjects),
        (Events, PubSubEvents),
        (Records, SqlRecords),
        (Upkeep, SqlUpkeep),
        (Library, SqlLibrary),
    ],
)
def test_r17_every_call_of_a_port_exists_in_production(port, adapter):
    """Methods were called that nobody had written."""
    calls = {name for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}

    assert set() == {name for name in calls if not callable(getattr(adapter, name, None))}


class Unprintable:
    """Something that cannot be written down."""

    def __str__(self):
        raise ValueError


def test_r18_a_broken_log_line_changes_nothing(monkeypatch):
    """A format error after each paid call had it paid for three times."""
    monkeypatch.setattr(logging, "raiseExceptions", False)
    world = World()
    plain = world.services.author.write

    def write(*words):
        log.warning("paid %d", Unprintable(), extra={"what": Unprintable()})
        return plain(*words)

    world.services.author.write = write

    assert (["completed"], 1) == (run(world, request()), world.services.author.calls)


def test_r20_nothing_is_completed_without_its_files(postgres):
    """Placeholders were marked completed: the database itself refuses it."""
    records = SqlRecords(postgres)
    scripted(records)

    with pytest.raises(Permanent, match="completed_has_its_files"):
        records.completed(LESSON, {"plan": "plan.json"})


def test_r21_production_refuses_what_stands_in_for_it():
    """Test traffic met the real queue, and the other way round."""
    variables = {
        "GOOGLE_CLOUD_PROJECT": "p",
        "ENVIRONMENT": "prod",
        "PUBSUB_EMULATOR_HOST": "localhost:1",
    }

    with pytest.raises(config.BadSettings, match="PUBSUB_EMULATOR_HOST"):
        config.read(variables)
