"""What gets lost, hangs or fails on the way is made good: the whole pipeline, and `repair`."""

import hashlib
from datetime import timedelta

import pytest

from shared.claim import Claim
from shared.errors import Transient
from shared.events import SceneStored, ScriptRequested, digest
from shared.limits import LEASE_S
from tests.library.books import archive, module, repository
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World
from tests.repair.lossy import LossyWorld

SOON = timedelta(seconds=1)
KINDS = {"script": ("text",), "render": ("audio",), "finalize": ("audio",)}


class Outage:
    """A port that does not answer once scenes are rendered, for half an hour."""

    def __init__(self, port, world):
        until = world.now + timedelta(minutes=30)
        self._port = port
        self._is_down = lambda: world.at in ("finalize", "repair") and world.now < until

    def __getattr__(self, name):
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*words, **named):
            if self._is_down():
                raise Transient("it does not answer")
            return found(*words, **named)

        return call


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


def test_a_book_whose_event_gets_lost(monkeypatch):
    """Two ticks later it is indexed."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test")
    world = LossyWorld("library")
    content = archive(repository(m1=module('<para id="p1">Ice melts.</para>'))).read()
    name = f"books/little/{hashlib.sha256(content).hexdigest()}.zip"
    world.services.objects.create("oer", name, content, content_type="application/zip")
    world.run()
    for _ in range(2):
        world.tick()
        world.run()

    assert 1 == len(world.lost)
    assert "little" in [source.slug for source in world.services.library.sources()]


def test_a_completion_that_gets_lost():
    """The row tells the answer; who sends the request again is told by the same event."""
    world = World()
    asked = request()
    world.send(asked)
    world.run()
    row = world.status(asked["request_id"])
    world.send(asked)
    world.run()

    told = [m.id for m in world.services.events.published if m.topic == "content-completed"]
    assert ("completed", True) == (row.run.status, "text" in row.lesson.lesson.files)
    assert (2, 1) == (len(told), len(set(told)))


def test_a_quiet_world_costs_nothing():
    """Where nothing stands still a tick emits nothing."""
    world = World()
    world.send(request())
    world.run()
    before = world.services.events.published
    for _ in range(3):
        world.tick()
        world.run()

    assert before == world.services.events.published


def test_ticks_at_once_cost_nothing():
    """Three ticks at the same time ask for a lost script once."""
    world = LossyWorld("script")
    world.send(request())
    world.run()
    for _ in range(3):
        world.tick(SOON if world.loses == "" else timedelta(hours=1))
    world.run()

    asked = [one for one in world.services.events.published if one.topic == "script-requested"]
    assert (2, 1) == (len(asked), world.services.author.calls)


def test_a_lesson_that_somebody_works_on():
    """The run that holds the claim is not disturbed: whoever is sent again gets Busy."""
    world = LossyWorld("script")
    asked = request()
    world.send(asked)
    world.run()
    lesson_id = world.status(asked["request_id"]).run.lesson_id
    event = ScriptRequested(lesson_id)
    world.now += timedelta(hours=1)
    world.services.claims.create(
        Claim(
            key=event.key, stage="script", lesson_id=lesson_id, owner="slow", lease_s=LEASE_S,
            payload_hash=digest(event.business()), began=world.now,
        )
    )  # fmt: skip
    world.tick(SOON)
    world.run()

    assert world.outcomes["script", 500] >= (LEASE_S - 10) / 10
    # The slow run counts as one, and who took over when its lease was over as the other.
    assert (2, 1) == (world.services.claims.all[event.key].attempts, world.services.author.calls)


def test_a_database_that_is_down_for_half_an_hour():
    """Scenes are rendered meanwhile; rows catch up, and nothing is paid for twice."""
    world = World()
    asked = request(modalities=("audio",))
    ports = ("records", "upkeep", "library")
    world.services = world.services.but(
        **{name: Outage(getattr(world.services, name), world) for name in ports}
    )
    world.send(asked)
    for _ in range(3):
        world.tick(SOON)
    world.run()

    assert world.outcomes["repair", 500]
    assert "completed" == world.status(asked["request_id"]).run.status
    assert (1, 1) == (world.services.author.calls, len(world.completions()))


def test_a_nudge_asks_for_the_work_of_the_event_that_got_lost():
    """Both have one claim, so it does not matter when the event comes after all."""
    world = LossyWorld("finalize")
    asked = request(modalities=("audio",))
    world.send(asked)
    world.run()
    world.tick()
    world.run()
    for delivery in world.lost:
        world.deliver(*delivery)

    lesson_id = world.status(asked["request_id"]).run.lesson_id
    assert 1 == world.services.claims.all[SceneStored(lesson_id).key].attempts
    assert {200} == {status for name, status in world.outcomes if name == "finalize"}
