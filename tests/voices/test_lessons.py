"""The whole pipeline with each voice, from the request to files that passed their checks."""

import json

import pytest

from shared.film.voice import EspeakVoice
from shared.lesson import codec
from shared.lesson.plan import SCHEMA, SPEAKER_SCHEMA
from shared.voices.granting import LONG_PATIENCE
from shared.voices.prices import characters
from tests.fakes.budget import MemoryBudget
from tests.pipeline.test_lessons import FailsOnce, request
from tests.pipeline.world import World
from tests.voices.desk import Hurried, Offline, settings
from tests.voices.test_outcomes import GEMINI, GOOGLE


class Studio(World):
    """A world whose lessons are spoken by a fake service; `calls` were made in it."""

    def __init__(self, server, voice, *, copies=1, **variables):
        super().__init__(copies=copies)
        self.server, self._before = server, server.calls
        server.next.clear()
        self.services = self.services.but(
            voice=Offline(),
            speech=settings(voice, **variables),
            speak=lambda speaker: Hurried(speaker, server),
            budget=MemoryBudget(lambda: self.now),
        )

    @property
    def calls(self):
        return self.server.calls - self._before

    def lesson(self, modalities=("audio",)):
        """Ask for a lesson; gives its row once nothing waits any more."""
        asked = request(modalities=modalities)
        self.send(asked)
        self.run()
        report = self.status(asked["request_id"])
        assert report.run.status == "completed", report.run.reason
        return report.lesson.lesson

    def told(self, lesson):
        """Read what the lesson says of itself: its voice, and its last note."""
        found = json.loads(self.services.objects.read("generated", lesson.files["sources"]))
        return found["voice"], found["notes"][-1]

    def plan(self, lesson):
        """Read a lesson's plan."""
        return codec.decode(self.services.objects.read("generated", lesson.files["plan"]))


def sentences(plan):
    return [line.spoken for scene in plan.scenes for line in scene.say]


@pytest.mark.parametrize(
    ("voice", "name", "variables"),
    [("google", f"{GOOGLE}/marks", {"VOICE_PREVIEWS": "allow"}), ("gemini", GEMINI, {})],
)
def test_a_lesson_in_a_paid_voice(server, voice, name, variables):
    """One call a sentence, though every event comes twice and the account loses an answer.

    What the service tells of its words makes captions that pass the check against the sound.
    """
    studio = Studio(server, voice, copies=2, **variables)
    budget = studio.services.budget
    broken = FailsOnce(budget, "settle", studio, "finalize")
    studio.services = studio.services.but(budget=broken)
    lesson = studio.lesson()
    row, plan = budget.rows[lesson.lesson_id], studio.plan(lesson)
    billed = sum(characters(plan.speaker, one) for one in sentences(plan))

    assert broken.failed
    assert (name, len(sentences(plan))) == (studio.told(lesson)[0], studio.calls)
    assert (True, True) == (row.settled, 0 < row.micros <= row.narrated.worst)
    assert billed == row.characters == row.narrated.characters


def test_a_lesson_in_the_offline_voice():
    """With the real library; its plan is what releases before paid voices wrote."""
    world = World()
    world.services = world.services.but(voice=EspeakVoice())
    asked = request(modalities=("audio",))
    world.send(asked)
    world.run()
    report = world.status(asked["request_id"])
    files = report.lesson.lesson.files
    plan = world.services.objects.read("generated", files["plan"])
    told = json.loads(world.services.objects.read("generated", files["sources"]))

    assert ("completed", EspeakVoice.name) == (report.run.status, told["voice"])
    assert (SCHEMA, False) == (json.loads(plan)["schema"], b"speaker" in plan)


def test_a_service_that_is_not_set_up(server):
    """The lesson is there all the same, in one voice, and says so in everything it says of it."""
    studio = Studio(server, "google")
    server.usual = "403-disabled"
    try:
        lesson = studio.lesson()
    finally:
        server.usual = "good"
    voice, note = studio.told(lesson)
    transcript = studio.services.objects.read("generated", lesson.files["transcript"]).decode()

    assert ("offline-1", True) == (voice, note.startswith("Degraded: the speaking service"))
    assert note in transcript
    assert 0 == studio.services.budget.rows[lesson.lesson_id].micros


class Written(Studio):
    """A world that writes lessons, and films none."""

    def post(self, name, headers, body):
        if name not in ("render", "finalize"):
            super().post(name, headers, body)

    def write(self, modalities=("audio",)):
        """Ask for a lesson; gives its plan, and its text."""
        self.send(request(modalities=modalities))
        self.run()
        read = self.services.objects
        plan, text = (
            read.read("generated", one.name)
            for name in ("plan.json", "lesson.md")
            for one in read.list("generated", "lessons/")
            if one.name.endswith(name)
        )
        return codec.decode(plan), text.decode()


def test_a_plan_that_names_a_speaker(server):
    """It is of a schema that older releases leave alone, and comes back as it was."""
    plan, _ = Written(server, "google").write()

    assert (SPEAKER_SCHEMA, GOOGLE) == (plan.schema, plan.speaker.voice)
    assert plan == codec.decode(codec.encode(plan))


@pytest.mark.parametrize(
    "cap", ["VOICE_USD_A_LESSON", "VOICE_USD_A_DAY", "VOICE_USD_A_DAY_AND_ORGANISATION"]
)
def test_over_a_cap(server, cap):
    """Nobody is named to be paid, and the lesson's text says why."""
    plan, text = Written(server, "google", **{cap: "0.001"}).write()

    assert (None, SCHEMA) == (plan.speaker, plan.schema)
    assert "Degraded: the budget for speech is used up" in text


def test_waiting_at_a_cap(server):
    """A project may prefer to wait, but nobody waits for ever."""
    desk = Written(server, "google", VOICE_USD_A_DAY="0.001", VOICE_OVER_CAP="wait")
    desk.write()

    assert LONG_PATIENCE - 1 == desk.outcomes["script", 500]


def test_a_text_needs_no_voice(server):
    """Nothing is reserved for it."""
    desk = Written(server, "google")
    plan, _ = desk.write(("text",))

    assert ({}, None) == (desk.services.budget.rows, plan.speaker)


@pytest.mark.parametrize(("port", "call"), [("budget", "reserve"), ("objects", "create")])
def test_a_call_that_did_its_work_and_then_failed(server, port, call):
    """A lesson reserves once, whatever is repeated."""
    desk = Written(server, "google")
    budget = desk.services.budget
    broken = FailsOnce(getattr(desk.services, port), call, desk, "script")
    desk.services = desk.services.but(**{port: broken})
    plan, _ = desk.write()
    (row,) = budget.rows.values()

    assert (True, GOOGLE) == (broken.failed, plan.speaker.voice)
    assert plan.lesson_id == row.narrated.lesson_id
