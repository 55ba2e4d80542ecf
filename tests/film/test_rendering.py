"""Rendering a scene: each step's output is stored, adopted, and never made twice."""

import subprocess
import sys
from dataclasses import replace

import pytest

from shared import hold
from shared.abandoned import mark_abandoned
from shared.errors import Permanent, Superseded, Transient
from shared.events import SceneRequested
from shared.film import scene_files
from shared.film.narration import unpacked
from shared.film.rendering import fail_scene, render_scene
from shared.lesson import codec
from shared.limits import FUNCTIONS
from tests.fakes.services import FakeServices
from tests.fakes.voice import HummingVoice
from tests.film.plans import LESSON_ID, brief_lesson, say

HOME = f"lessons/{LESSON_ID}/scenes/01"
TITLE = 1
LIMITS = FUNCTIONS["render"]
FOUR = ("One is said.", "Two is said.", "Three is said.", "Four is said.")


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


def asked(services, modalities=("video",), scene=TITLE, sentences=None):
    """Store a plan, whose scenes say what they say or all the same, and ask for one of them."""
    plan = brief_lesson(modalities)
    if sentences is not None:
        lines = tuple(map(say, sentences))
        plan = replace(plan, scenes=tuple(replace(one, say=lines) for one in plan.scenes))
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
    """Name what lies in the scene's folder, sentences aside."""
    return [
        stored.name.removeprefix(f"{HOME}/")
        for stored in services.objects.list("scenes", HOME)
        if stored not in clips(services)
    ]


def clips(services):
    """List the sentences that are kept."""
    return services.objects.list("scenes", f"{HOME}/said/")


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


class Listened(HummingVoice):
    """A voice of which somebody hears each sentence before it is given back."""

    def __init__(self, heard):
        super().__init__()
        self.said = []
        self.heard = heard

    def speak(self, text, rate_wpm):
        spoken = super().speak(text, rate_wpm)
        self.said.append(text)
        return self.heard(self, spoken)


def dies_at_the_third(voice, spoken):
    """Let the process die after it paid for the third sentence."""
    if voice.calls == 3:
        raise Breaks
    return spoken


def faint_at_the_third(voice, spoken):
    """Let the third sentence not sound right."""
    return replace(spoken, samples=spoken.samples * 0.001) if voice.calls == 3 else spoken


@pytest.mark.parametrize(
    ("heard", "fault"), [(dies_at_the_third, Breaks), (faint_at_the_third, Transient)]
)
def test_a_run_that_ends_between_its_sentences(services, heard, fault):
    """The next attempt pays for none that sounded right, but for the one it ended in."""
    own = services.but(voice=Listened(heard))
    request = asked(own, ("audio",), sentences=FOUR)
    with pytest.raises(fault):
        render_scene(request, own)
    kept = clips(own)
    render_scene(request, own)

    assert 2 == len(kept)
    assert [*FOUR[:3], *FOUR[2:]] == own.voice.said
    assert kept == tuple(one for one in clips(own) if one in kept)


def test_the_mark_stops_before_the_next_sentence(services):
    """Not only before the first: a scene may be long, and each sentence is paid for."""

    def marks(voice, spoken):
        mark_abandoned(services.objects, LESSON_ID)
        return spoken

    own = services.but(voice=Listened(marks))
    with pytest.raises(Superseded):
        render_scene(asked(own, ("audio",), sentences=FOUR), own)

    assert [FOUR[0]] == own.voice.said


def test_a_voice_that_costs_nothing(services):
    """Its sentences are not kept one by one."""
    own = services.but(voice=HummingVoice())
    own.voice.paid = False
    render_scene(asked(own, ("audio",), sentences=FOUR), own)

    assert ((), ["narration.flac", "scene.json"]) == (clips(own), names(own))


def test_a_sentence_that_is_kept_sounds_as_it_was_heard(services):
    """Whether narrated in one run or in two, to the last bit that is stored."""
    own = services.but(voice=Listened(dies_at_the_third))
    request = asked(own, ("audio",), sentences=FOUR)
    with pytest.raises(Breaks):
        render_scene(request, own)
    render_scene(request, own)
    render_scene(asked(services, ("audio",), sentences=FOUR), services)
    once, twice = (
        unpacked(one.objects.read("scenes", f"{HOME}/narration.flac")) for one in (own, services)
    )

    assert (once.lines, once.samples.tolist()) == (twice.lines, twice.samples.tolist())


def test_what_is_finished_is_stored_late(services):
    """Past the work deadline nothing is begun any more, but nothing that is done is lost."""
    now = [LIMITS.work_deadline_s - 1]

    def late(voice, spoken):
        now[0] = LIMITS.work_deadline_s + 1
        return spoken

    own = services.but(voice=Listened(late))
    request = asked(own, ("audio",), sentences=FOUR[:1])
    work = hold.Work(request.key, "render", LESSON_ID, "")
    with hold.take(own.claims, work, LIMITS, lambda: now[0]):
        render_scene(request, own)

    assert ["narration.flac", "scene.json"] == names(own)


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
