"""The render stage alone, whose plan names a voice that a fake service plays over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from shared.events import SceneRequested
from shared.film import scene_files
from shared.film.counted import account
from shared.film.narration import unpacked
from shared.gcp.speech import MOST_CALL_S, CloudVoice, GeminiVoice
from shared.lesson import codec
from shared.lesson.plan import SPEAKER_SCHEMA
from shared.voices.settings import read_speech
from tests.fakes.voice import HummingVoice
from tests.film.plans import LESSON_ID, brief_lesson, say
from tests.pipeline.world import World, pubsub_event

TODAY = date(2026, 11, 28)
SENTENCES = ("Friction is a force that opposes motion.", "It slows a rolling ball down at last.")
HANGS = ("slow", "drip")  # what is given up soon; all else may take as long as the machine does


def settings(voice="google", **variables):
    """Read settings as the function does."""
    problems = []
    found = read_speech({"VOICE": voice, **variables}, problems, TODAY)
    assert found is not None, problems
    return found


@cache
def voice_at(speaker, url, most_s=MOST_CALL_S):
    """Give one adapter to all cases, as in one process."""
    kind = CloudVoice if speaker.service == "google" else GeminiVoice
    return kind(speaker, "demo", url, most_s)


class Hurried:
    """A paid voice that has little time for an answer that will not come in any."""

    paid = True

    def __init__(self, speaker, server):
        self.name = speaker.voice
        self._speaker, self._server = speaker, server

    def worst(self, text, rate_wpm):
        return voice_at(self._speaker, self._server.url).worst(text, rate_wpm)

    def speak(self, text, rate_wpm):
        hangs = self._server.next and self._server.next[0] in HANGS
        most_s = 0.3 if hangs else MOST_CALL_S
        return voice_at(self._speaker, self._server.url, most_s).speak(text, rate_wpm)


class Offline(HummingVoice):
    """Stands for the offline voice, which costs nothing."""

    name = "offline-1"
    paid = False


class Booth(World):
    """A world of one lesson that waits for its scenes; `calls` were made in it."""

    def __init__(self, server, voice="google", *, copies=1, sentences=SENTENCES, **variables):
        super().__init__(copies=copies)
        self.server, self._before = server, server.calls
        self.speaker = settings(voice, **variables).speaker
        self.services = self.services.but(
            voice=Offline(), speak=lambda speaker: Hurried(speaker, server)
        )
        plan = brief_lesson(("audio",))
        lines = tuple(map(say, sentences))
        scenes = tuple(replace(one, say=lines) for one in plan.scenes)
        self.plan = replace(plan, scenes=scenes, speaker=self.speaker, schema=SPEAKER_SCHEMA)
        self.stored = self.services.objects.create(
            "generated",
            f"lessons/{LESSON_ID}/plan.json",
            codec.encode(self.plan),
            content_type="application/json",
        )

    def _finalized(self, stored):
        """Nobody finishes this lesson."""

    @property
    def calls(self):
        return self.server.calls - self._before

    def render(self, *meets, scene=1):
        """Ask for a scene while the service behaves so, until nothing waits any more."""
        self.server.next.clear()
        self.server.push(*meets)
        self.post("render", *self._asked(scene))
        self.run()
        return self

    def once(self, scene=1):
        """Ask for a scene once; gives the answer's status."""
        return self.deliver("render", *self._asked(scene))

    def _asked(self, scene):
        asked = SceneRequested(LESSON_ID, scene, self.stored.generation).message()
        return pubsub_event(asked.topic, asked.data.encode(), f"m-{scene}")

    def end(self, scene=1):
        """Say what became of a scene: the voice that is heard, or why there is none."""
        home = scene_files.folder(LESSON_ID, scene)
        objects = self.services.objects
        if objects.find("scenes", f"{home}/scene.json"):
            return self.scene(scene).voice
        return scene_files.decode_failure(objects.read("scenes", f"{home}/failed.json"))

    def scene(self, scene=1):
        """Read a scene's committing object."""
        name = f"{scene_files.folder(LESSON_ID, scene)}/scene.json"
        return scene_files.decode(self.services.objects.read("scenes", name))

    def narration(self, scene=1):
        """Read a scene's sound."""
        name = f"{scene_files.folder(LESSON_ID, scene)}/narration.flac"
        return unpacked(self.services.objects.read("scenes", name))

    def account(self, scene=1):
        """Add up what a scene has paid for."""
        return account(self.services.objects, scene_files.folder(LESSON_ID, scene))
