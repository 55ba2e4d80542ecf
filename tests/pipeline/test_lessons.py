"""Requests go in, lessons come out: once each, whatever is delivered twice or out of order."""

import uuid

import pytest

from shared.errors import Unsure
from shared.lesson.codec import decode
from tests.pipeline.world import World

QUESTION = "Why does a moving object keep moving?"


def request(question=QUESTION, modalities=("text",), **others):
    """Write a request as the API sends it."""
    return {
        "request_id": str(uuid.uuid4()),
        "student_id": "s-1",
        "student_query": question,
        "grade_level": 10,
        "interest": "basketball",
        "requested_modalities": list(modalities),
        **others,
    }


class FailsOnce:
    """A port whose named call does its work and then loses the answer, once, in one stage."""

    def __init__(self, port, call, world, stage):
        self._port = port
        self._call = call
        self._applies = lambda: world.at == stage
        self.failed = False

    def __getattr__(self, name):
        done = getattr(self._port, name)
        if name != self._call:
            return done

        def fails_once(*words, **named):
            result = done(*words, **named)
            if self._applies() and not self.failed:
                self.failed = True
                raise Unsure("the answer got lost")
            return result

        return fails_once


CRASHES = [
    ("ingest", "claims", "create"),
    ("ingest", "claims", "replace"),
    ("ingest", "records", "attempt_started"),
    ("ingest", "records", "accept"),
    ("ingest", "records", "lesson"),
    ("ingest", "events", "publish"),
    ("ingest", "records", "attempt_ended"),
    ("script", "claims", "replace"),
    ("script", "objects", "create"),
    ("script", "objects", "read"),
    ("script", "records", "scripted"),
    ("script", "records", "completed"),
    ("script", "records", "attached"),
    ("script", "records", "answered"),
    ("script", "events", "publish"),
    ("render", "claims", "replace"),
    ("render", "objects", "create"),
    ("finalize", "claims", "replace"),
    ("finalize", "objects", "create"),
    ("finalize", "records", "rendered"),
    ("finalize", "records", "completed"),
    ("finalize", "records", "attached"),
    ("finalize", "records", "answered"),
    ("finalize", "events", "publish"),
]


def test_a_text_lesson():
    """Text ends after the script stage: nothing is spoken, nothing rendered."""
    world = World()
    asked = request()
    world.send(asked)
    world.run()

    report = world.status(asked["request_id"])
    assert ("completed", 0) == (report.run.status, world.services.voice.calls)
    assert {"ingest", "script"} == {name for name, _ in world.outcomes}


def test_an_audio_lesson():
    """Audio is spoken, joined, captioned and checked."""
    world = World()
    asked = request(modalities=("audio",))
    world.send(asked)
    world.run()

    files = world.status(asked["request_id"]).lesson.lesson.files
    assert set() == {"audio", "captions", "transcript", "sources", "checks"} - set(files)


def test_equal_questions_make_one_lesson():
    """Case, spacing and punctuation do not make a question new; all who asked are answered."""
    world = World()
    spellings = [
        QUESTION,
        "why does a moving object  keep moving",
        "WHY does a moving object keep moving ?!",
    ]
    asked = [request(spellings[n % 3]) for n in range(50)]
    world.send(*asked)
    world.run()

    assert (1, 50) == (world.services.author.calls, len(world.completions()))
    statuses = {world.status(one["request_id"]).run.status for one in asked}
    assert {"completed"} == statuses


@pytest.mark.parametrize(
    "other", [{"grade_level": 7}, {"interest": "music"}, {"requested_modalities": ["audio"]}]
)
def test_what_shapes_the_result_makes_it_another_lesson(other):
    """Interest, grade band and modalities are part of a lesson's identity."""
    world = World()
    world.send(request(), request(**other))
    world.run()

    lessons = {done["lesson_id"] for done in world.completions().values()}
    assert 2 == len(lessons)


def test_the_shape_of_the_pictures_makes_it_another_lesson():
    """A project that films for phones makes lessons of its own, whose plans say so."""
    lessons = {}
    for shape in ("wide", "tall"):
        world = World()
        world.services = world.services.but(film_shape=shape)
        asked = request()
        world.send(asked)
        world.run()
        files = world.status(asked["request_id"]).lesson.lesson.files
        lessons[files["plan"]] = decode(world.services.objects.read("generated", files["plan"]))

    assert ["tall", "wide"] == sorted(plan.shape for plan in lessons.values())


@pytest.fixture(scope="module")
def calm_calls():
    """Count what a lesson costs when every event comes once."""
    world = World()
    world.send(request(modalities=("audio",)))
    world.run()
    return world.services.author.calls, world.services.voice.calls


@pytest.mark.parametrize("seed", range(3))
def test_duplicates_in_any_order_cost_nothing(seed, calm_calls):
    """Every event three times, shuffled: one plan, one narration of each sentence."""
    world = World(seed, copies=3)
    asked = request(modalities=("audio",))
    world.send(asked)
    world.run()

    assert calm_calls == (world.services.author.calls, world.services.voice.calls)
    assert "completed" == world.status(asked["request_id"]).run.status


@pytest.mark.parametrize(("stage", "port", "call"), CRASHES)
def test_a_call_that_did_its_work_and_then_failed(stage, port, call):
    """Between every two steps: the redelivery ends completed, with one completion, paid once."""
    world = World()
    broken = FailsOnce(getattr(world.services, port), call, world, stage)
    world.services = world.services.but(**{port: broken})
    asked = request(modalities=("text",) if stage in ("ingest", "script") else ("audio",))
    world.send(asked)
    world.run()

    assert broken.failed
    assert "completed" == world.status(asked["request_id"]).run.status
    assert (1, 1) == (world.services.author.calls, len(world.completions()))


def test_a_question_that_the_library_does_not_cover():
    """An honest no, that names what comes nearest; nothing is made."""
    world = World()
    asked = request("Who won the football World Cup in 1998?")
    world.send(asked)
    world.run()

    run = world.status(asked["request_id"]).run
    assert ("refused", 0) == (run.status, world.services.author.calls)
    assert "nearest" in run.reason.lower() or "closest" in run.reason.lower()


def test_who_asks_again_later_is_answered_at_once():
    """A lesson that exists is not made again."""
    world = World()
    world.send(request())
    world.run()
    later = request()
    world.send(later)
    world.run()

    assert ("completed", 1) == (
        world.status(later["request_id"]).run.status,
        world.services.author.calls,
    )
