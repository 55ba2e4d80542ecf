"""Rendering a scene: each step's output is stored, adopted, and never made twice."""

import subprocess
import sys
from dataclasses import replace

import pytest

from shared.errors import Permanent, Transient
from shared.events import SceneRequested
from shared.film import scene_files
from shared.film.narration import unpacked
from shared.film.rendering import fail_scene, render_scene
from shared.lesson import codec
from tests.fakes.services import FakeServices
from tests.fakes.voice import HummingVoice
from tests.film.plans import LESSON_ID, brief_lesson

HOME = f"lessons/{LESSON_ID}/scenes/01"
TITLE = 1


class Breaks(Exception):
    """The process dies here."""


class BreaksAfter:
    """Objects that die right after one kind of file was stored."""

    def __init__(self, objects, name):
        self._objects = objects
        self._name = name

    def __getattr__(self, attribute):
        return getattr(self._objects, attribute)

    def create(self, bucket, name, content, **more):
        stored = self._objects.create(bucket, name, content, **more)
        if name.endswith(self._name):
            raise Breaks
        return stored


def asked(services, modalities=("video",), scene=TITLE):
    """Store a plan and ask for one of its scenes."""
    plan = brief_lesson(modalities)
    stored = services.objects.create(
        "generated",
        f"lessons/{LESSON_ID}/plan.json",
        codec.encode(plan),
        content_type="application/json",
    )
    return SceneRequested(LESSON_ID, scene, stored.generation)


@pytest.fixture
def services():
    """Give a world with a voice and nothing else."""
    return FakeServices(voice=HummingVoice())


def names(services):
    """Name what lies in the scene's folder."""
    return [stored.name.rpartition("/")[2] for stored in services.objects.list("scenes", HOME)]


def made(services):
    """Read the committing object."""
    return scene_files.decode(services.objects.read("scenes", f"{HOME}/scene.json"))


def test_a_scene_is_stored(services):
    """Narration, video, and the object that names both by generation and digest are there."""
    emitted = render_scene(asked(services), services)
    scene = made(services)

    assert () == emitted
    assert ["narration.flac", "scene.json", "video.mp4"] == names(services)
    for ref in (scene.narration, scene.video):
        stored = services.objects.find("scenes", ref.name)
        assert (stored.generation, stored.sha256) == (ref.generation, ref.sha256)


def test_sound_and_pictures_are_equally_long(services):
    """The scene's frames are those of its narration."""
    render_scene(asked(services, ("audio",)), services)
    scene = made(services)
    narration = unpacked(services.objects.read("scenes", scene.narration.name))

    assert (narration.frames, narration.lines) == (scene.frames, scene.lines)


@pytest.mark.parametrize("name", ["narration.flac", "video.mp4"])
def test_a_crash_after_each_file(services, name):
    """The next attempt goes on from what is there: no sentence is spoken, or paid for, twice."""
    request = asked(services)
    with pytest.raises(Breaks):
        render_scene(request, services.but(objects=BreaksAfter(services.objects, name)))
    spoken, before = services.voice.calls, services.objects.find("scenes", f"{HOME}/{name}")
    render_scene(request, services)

    assert spoken == services.voice.calls
    assert before == services.objects.find("scenes", f"{HOME}/{name}")
    assert "scene.json" in names(services)


def test_a_scene_that_is_there(services):
    """A scene that is committed is not touched again."""
    request = asked(services, ("audio",))
    render_scene(request, services)
    first, calls = made(services), services.voice.calls
    render_scene(request, services)

    assert (first, calls) == (made(services), services.voice.calls)


def test_an_audio_lesson(services):
    """An audio lesson stores sound and times, no pictures."""
    render_scene(asked(services, ("audio",)), services)

    assert ["narration.flac", "scene.json"] == names(services)
    assert made(services).video is None


def test_an_audio_lesson_loads_no_drawing():
    """Importing the work of `render` loads neither typst nor the encoder's pictures."""
    code = (
        "import sys, shared.film.rendering; print({'typst', 'pypdfium2', 'PIL'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()" == loaded.stdout.strip()


def test_a_plan_that_is_not_there_yet(services):
    """An event that overtook its plan comes again."""
    with pytest.raises(Transient):
        render_scene(SceneRequested(LESSON_ID, 1, 7), services)


def test_a_scene_that_the_plan_lacks(services):
    """No redelivery can render a scene that nobody planned."""
    with pytest.raises(Permanent, match="no scene 99"):
        render_scene(asked(services, scene=99), services)


def test_a_scene_that_will_never_be_there(services):
    """Its failure is stored with the reason, so that the lesson can end."""
    request = asked(services)
    fail_scene(request, services, Permanent("slot heading: text does not fit"))
    ended = scene_files.ended_scenes(services.objects, LESSON_ID)
    reason = scene_files.decode_failure(services.objects.read("scenes", ended[1].stored.name))

    assert ended[1].failed
    assert "scene 1: slot heading: text does not fit" == reason


def test_a_success_beats_a_failure(services):
    """A scene that came after its failure note counts as there."""
    request = asked(services, ("audio",))
    fail_scene(request, services, Permanent("too long"))
    render_scene(request, services)

    assert not scene_files.ended_scenes(services.objects, LESSON_ID)[1].failed


def test_another_narration_than_the_scene_names(services):
    """Bytes that the scene was not made from are never used."""
    render_scene(asked(services, ("audio",)), services)
    wrong = replace(made(services).narration, sha256="0" * 64)

    with pytest.raises(Transient, match=r"narration\.flac"):
        scene_files.fetched(services.objects, wrong)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema": 1}', b'{"schema": 0}', b"\xff"])
def test_a_description_that_cannot_be_read(content):
    """A committing object of another shape fails with a reason, not with a stray exception."""
    with pytest.raises(Permanent):
        scene_files.decode(content)


def test_a_description_by_a_newer_release_waits_for_it():
    """While a release rolls out, an old function may meet what a new one wrote."""
    with pytest.raises(Transient):
        scene_files.decode(b'{"schema": 9}')
