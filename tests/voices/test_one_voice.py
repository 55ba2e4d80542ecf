"""A lesson has one voice: its first scene that is spoken decides, and a mixture is told."""

import json

import pytest

from shared.errors import Permanent
from shared.film.told_voices import voices, with_voices_told
from tests.film.plans import LESSON_ID
from tests.voices.desk import Booth
from tests.voices.test_outcomes import ALWAYS, GOOGLE, OFFLINE


def chosen(booth):
    """Read which voice the lesson has."""
    stored = booth.services.objects.read("scenes", f"lessons/{LESSON_ID}/voice.json")
    return json.loads(stored)["voice"]


def test_the_first_scene_decides(server):
    """All others follow, without asking again."""
    booth = Booth(server).render("403").render(scene=2).render(scene=3)

    assert ([OFFLINE] * 3, 1) == ([booth.end(n) for n in (1, 2, 3)], booth.calls)


def test_scenes_that_follow_say_why(server):
    """Each of them, so that the film can say that it is the whole lesson."""
    booth = Booth(server).render("403").render(scene=2)

    assert booth.scene(1).why == booth.scene(2).why != ""


def test_a_lesson_that_is_begun_is_not_mixed(server):
    """A scene that the service refuses fails, with its lesson: it can be asked for again."""
    booth = Booth(server).render().render("403", scene=2)

    assert (GOOGLE, True) == (booth.end(), booth.end(2).startswith("scene 2: 403"))


def test_a_lesson_that_is_begun_waits(server):
    """A service that is away comes back: longer than anybody waits who has not begun."""
    booth = Booth(server).render().render(*("503",) * 8, scene=2)

    assert (GOOGLE, GOOGLE, 2 + 8 + 2) == (booth.end(), booth.end(2), booth.calls)


@pytest.mark.parametrize("meets", [("403",), ("empty",) * ALWAYS, ("503",) * ALWAYS])
def test_a_mixture_by_setting(server, meets):
    """A project may prefer a film in two voices to none, and it says so."""
    booth = Booth(server, VOICE_FALLBACK="scene").render().render(*meets, scene=2)
    plan = with_voices_told(booth.plan, (booth.scene(1), booth.scene(2)))

    assert [GOOGLE, OFFLINE] == [booth.end(), booth.end(2)]
    assert plan.notes[-1].endswith("so the offline voice speaks in scene 2.")
    assert plan.notes[-1].startswith("Degraded: the speaking service ")


class Meanwhile:
    """A voice during whose first sentence another scene decides for the offline voice."""

    paid = True

    def __init__(self, voice, decide):
        self.name, self._voice, self._decide = voice.name, voice, decide

    def worst(self, text, rate_wpm):
        return self._voice.worst(text, rate_wpm)

    def speak(self, text, rate_wpm):
        self._decide()
        return self._voice.speak(text, rate_wpm)


def test_two_scenes_that_decide_at_once(server):
    """Who comes second follows, whatever it has paid for."""
    booth = Booth(server)
    objects, speak = booth.services.objects, booth.services.speak
    told = {"schema": 1, "voice": OFFLINE, "why": "the speaking service did not answer"}

    def decide():
        name = f"lessons/{LESSON_ID}/voice.json"
        objects.create("scenes", name, json.dumps(told).encode(), content_type="application/json")

    booth.services = booth.services.but(speak=lambda one: Meanwhile(speak(one), decide))
    booth.render()

    assert (OFFLINE, OFFLINE) == (booth.end(), chosen(booth))


def test_the_other_way_round(server):
    """A scene that nobody spoke to goes on asking, once another one was spoken."""
    booth = Booth(server)
    first = booth.services
    booth.render("503", "503", "503", "503", "503", "503", "503")
    assert OFFLINE == chosen(booth)
    booth.services = first
    booth.render(scene=2)

    assert (OFFLINE, OFFLINE, 5) == (booth.end(), booth.end(2), booth.calls)


def test_a_whole_lesson_in_the_offline_voice(server):
    """The film says why, once."""
    booth = Booth(server).render("403").render(scene=2)
    plan = with_voices_told(booth.plan, (booth.scene(1), booth.scene(2)))
    note = "Degraded: the speaking service is not set up, so the offline voice speaks."

    assert (note, OFFLINE) == (plan.notes[-1], voices((booth.scene(1), booth.scene(2))))


def test_a_mixture_that_nobody_explains(server):
    """It is a fault: such a film is never finished."""
    one, other = Booth(server).render(), Booth(server, VOICE_NAME="en-US-Neural2-D").render(scene=2)

    with pytest.raises(Permanent, match="different voices"):
        with_voices_told(one.plan, (one.scene(), other.scene(2)))


def test_a_lesson_in_its_own_voice_says_nothing(server):
    """Its notes are its plan's."""
    booth = Booth(server).render()

    assert booth.plan.notes == with_voices_told(booth.plan, (booth.scene(),)).notes


def test_a_choice_by_a_newer_release(server):
    """While a release rolls out, a newer instance will get the scene: nothing is asked."""
    booth = Booth(server)
    name = f"lessons/{LESSON_ID}/voice.json"
    booth.services.objects.create("scenes", name, b'{"schema": 9}', content_type="")

    assert (True, 0) == (booth.once() >= 300, booth.calls)
