"""Finishing a lesson: only when every scene is there, checked, and each request answered."""

from dataclasses import replace

import pytest

from shared import hold
from shared.abandoned import abandoned
from shared.errors import Permanent
from shared.events import SceneRequested, SceneStored
from shared.film import scene_files
from shared.film.assembling import longest_pause_s
from shared.film.finalizing import every_scene_is_there, fail_lesson, finish_lesson
from shared.film.narration import LEAD_S, TAIL_S
from shared.film.rendering import fail_scene, render_scene
from shared.lesson import codec
from shared.lesson.plan import Line, Scene
from shared.limits import FUNCTIONS
from shared.rows import Request
from tests.fakes.services import FakeServices
from tests.fakes.voice import HummingVoice
from tests.film.plans import LESSON_ID, brief_lesson

STORED = SceneStored(LESSON_ID)
WORK = hold.Work(SceneRequested(LESSON_ID, 3, 1).key, "render", LESSON_ID, "")
REQUESTS = ("3f1c2a9e-0000-4000-8000-000000000001", "3f1c2a9e-0000-4000-8000-000000000002")
AUDIO_FILES = {"audio", "captions", "transcript", "sources", "checks"}
VIDEO_FILES = {"film", "captions", "transcript", "chapters", "thumbnail", "sources", "checks"}


def world(modalities):
    """Give a scripted lesson that two requests wait for."""
    services = FakeServices(voice=HummingVoice())
    plan = brief_lesson(modalities)
    stored = services.objects.create(
        "generated",
        f"lessons/{LESSON_ID}/plan.json",
        codec.encode(plan),
        content_type="application/json",
    )
    for request_id in REQUESTS:
        request = Request(request_id, "c-1", "s-1", "o-1", "test", 10, plan.brief)
        services.records.accept(request, LESSON_ID)
    services.records.scripted(LESSON_ID, stored, [scene.type for scene in plan.scenes])
    return services, plan, stored.generation


def rendered(modalities, leave_out=()):
    """Give a lesson whose scenes are rendered, some left out."""
    services, plan, generation = world(modalities)
    for scene in plan.scenes:
        if scene.n not in leave_out:
            render_scene(SceneRequested(LESSON_ID, scene.n, generation), services)
    return services


@pytest.fixture
def audio():
    """Give a rendered audio lesson."""
    return rendered(("audio",))


def stored_files(services):
    """Name the lesson's finished files."""
    home = f"lessons/{LESSON_ID}/"
    return {stored.name.removeprefix(home) for stored in services.objects.list("generated", home)}


def test_a_scene_is_missing():
    """As long as one scene is missing the lesson waits, and no claim is needed."""
    services = rendered(("audio",), leave_out=(5,))

    assert not every_scene_is_there(STORED, services)


def test_every_scene_is_there(audio):
    """The set of scenes is compared with the plan's, and progress is noted."""
    assert every_scene_is_there(STORED, audio)


def test_a_failed_scene_counts_as_ended():
    """A lesson never waits for a scene that will not come."""
    services = rendered(("audio",), leave_out=(5,))
    fail_scene(SceneRequested(LESSON_ID, 5, 1), services, Permanent("too long"))

    assert every_scene_is_there(STORED, services)


def test_a_lesson_that_nobody_knows():
    """A scene of an unknown lesson is acknowledged."""
    assert not every_scene_is_there(STORED, FakeServices())


def test_an_audio_lesson_is_completed(audio):
    """Its files are stored, its row completed, and each request answered."""
    emitted = finish_lesson(STORED, audio)
    done = audio.records.lesson(LESSON_ID)

    assert "completed" == done.status
    assert set(done.files) >= AUDIO_FILES
    assert {"audio.m4a", "captions.vtt", "checks.json"} <= stored_files(audio)
    assert [(id_, "completed") for id_ in REQUESTS] == [
        (one.request_id, one.status) for one in emitted
    ]


def test_how_the_scenes_came_about_is_noted(audio):
    """Each run of render that has ended by then has its row, with the end that its claim tells."""
    for fence in (1, 2):
        with hold.take(audio.claims, WORK, FUNCTIONS["render"], lambda: 0.0) as held:
            if fence == 1:
                held.release({"class": "Unnamed", "message": ""}, transient=False)
            else:
                held.complete(())
    finish_lesson(STORED, audio)
    rows = audio.records.attempts(WORK.key)

    assert [(1, "retryable"), (2, "completed")] == [(row.fence, row.outcome) for row in rows]


def test_a_run_that_stored_its_scene_and_died_is_not_noted_as_completed():
    """Its claim alone knows how it ended, and will tell the next run."""
    services, _, generation = world(("audio",))
    with hold.take(services.claims, WORK, FUNCTIONS["render"], lambda: 0.0):
        render_scene(SceneRequested(LESSON_ID, 3, generation), services)
    every_scene_is_there(STORED, services)
    scene = services.records.show(REQUESTS[0]).lesson.scenes[2]

    assert () == services.records.attempts(WORK.key)
    assert (True, 1) == (scene.rendered_at is not None, scene.attempt_fence)


@pytest.mark.parametrize("died", [False, True])
def test_the_claim_names_what_came_out(audio, died):
    """By generation and digest, also when an earlier run completed the lesson and died."""
    if died:
        finish_lesson(STORED, audio)
    work = hold.Work(STORED.key, "finalize", LESSON_ID, "")
    with hold.take(audio.claims, work, FUNCTIONS["finalize"], lambda: 0.0) as held:
        finish_lesson(STORED, audio)
    made = audio.objects.find("generated", f"lessons/{LESSON_ID}/audio.m4a")

    assert f"generated/{made.name}#{made.generation} {made.sha256}" == held.result


def test_finishing_again_answers_again(audio):
    """A crash after completing loses no answer: the second run gives the same ones."""
    first = finish_lesson(STORED, audio)
    files = stored_files(audio)

    assert [one.message() for one in first] == [
        one.message() for one in finish_lesson(STORED, audio)
    ]
    assert files == stored_files(audio)


def test_one_scene_failed():
    """The lesson fails with that scene's reason, and everybody is told."""
    services = rendered(("audio",), leave_out=(5,))
    fault = Permanent("slot heading: text does not fit")
    fail_scene(SceneRequested(LESSON_ID, 5, 1), services, fault)
    emitted = finish_lesson(STORED, services)

    assert {("failed", "scene 5: slot heading: text does not fit")} == {
        (one.status, one.reason) for one in emitted
    }
    assert {"plan.json"} == stored_files(services)


def test_the_mark_of_a_lesson_that_failed():
    """Whoever failed it may have died before it could leave the mark: the next run does."""
    services, _, _ = world(("audio",))
    services.records.ended(LESSON_ID, "failed", "too long", "finalize")
    emitted = finish_lesson(STORED, services)

    assert {("failed", "too long")} == {(one.status, one.reason) for one in emitted}
    assert services.objects.find("scenes", abandoned(LESSON_ID))


def test_a_lesson_that_does_not_pass(audio):
    """A lesson whose file is not what its plan says is not completed, and nothing is stored."""
    name = f"lessons/{LESSON_ID}/scenes/03/scene.json"
    scene = scene_files.decode(audio.objects.read("scenes", name))
    late = ((90.0, 90.5), (90.5, 91.0), (91.0, 91.5))
    wrong = replace(scene, lines=(replace(scene.lines[0], words=late),))
    services = audio.but(objects=Replaced(audio.objects, name, scene_files.encode(wrong)))

    with pytest.raises(Permanent, match="caption"):
        finish_lesson(STORED, services)
    assert {"plan.json"} == stored_files(audio)
    assert "scripted" == audio.records.lesson(LESSON_ID).status


class Replaced:
    """Objects of which one reads differently."""

    def __init__(self, objects, name, content):
        self._objects, self._name, self._content = objects, name, content

    def __getattr__(self, attribute):
        return getattr(self._objects, attribute)

    def read(self, bucket, name, generation=None):
        found = self._objects.read(bucket, name, generation)
        return self._content if name == self._name else found


def test_failing_for_good_answers_everybody(audio):
    """When no attempt is left, every request ends as failed with the reason."""
    emitted = fail_lesson(STORED, audio, Permanent("the file does not pass"))

    assert {("failed", "the file does not pass")} == {(one.status, one.reason) for one in emitted}


def test_a_video_lesson_is_completed():
    """A whole film at full size: rendered, joined, checked, completed."""
    services = rendered(("video",))
    finish_lesson(STORED, services)
    done = services.records.lesson(LESSON_ID)

    assert "completed" == done.status
    assert set(done.files) >= VIDEO_FILES
    assert services.objects.read("generated", done.files["thumbnail"])[:2] == b"\xff\xd8"


def test_a_pause_after_the_last_line_belongs_to_the_end_of_its_scene():
    """An equation that is shown last is looked at in silence, and then the scene ends."""
    line = Line("Here it is.", "Here it is.", "instruction", pause_s=1.5)
    scene = Scene(1, "concept", "", (line,), (), hold_s=1.5)

    assert LEAD_S + TAIL_S + 1.5 + 1.5 < longest_pause_s(scene)
