"""A lesson that ended costs nothing more: not a plan, not a sentence, whatever comes late."""

import pytest

from shared.errors import Permanent
from shared.events import ScriptRequested
from shared.limits import CLAIM_ATTEMPTS
from tests.fakes.claims import MemoryClaims
from tests.fakes.voice import HummingVoice
from tests.pipeline.test_lessons import request
from tests.pipeline.world import STAGES, World, pubsub_event


class Forgetful(World):
    """A world whose claims can be lost, and whose events can be sent once more."""

    def forget(self):
        """Lose every claim's record."""
        self.services = self.services.but(claims=MemoryClaims(lambda: self.now))

    def again(self, message):
        """Deliver what was published once more, under another id."""
        body, unique = message.data.encode(), str(self.random.random())
        self.post(STAGES[message.topic], *pubsub_event(message.topic, body, unique))

    def published(self, topic):
        """List what left on a topic."""
        return [one for one in self.services.events.published if one.topic == topic]

    @property
    def spent(self):
        """Count what was paid for: plans and sentences."""
        return self.services.author.calls, self.services.voice.calls


def asked_and_accepted():
    """Give a world in which an audio lesson is asked for, and its id."""
    world = Forgetful()
    asked = request(modalities=("audio",))
    world.send(asked)
    world.deliver(*world.waiting.pop())
    return world, asked["request_id"], world.status(asked["request_id"]).run.lesson_id


@pytest.mark.parametrize("status", ["failed", "refused"])
def test_no_plan_is_written_for_a_lesson_that_ended(status):
    """Its event comes late, and nobody knows the claim: the request is answered, nothing paid."""
    world, request_id, lesson_id = asked_and_accepted()
    world.services.records.ended(lesson_id, status, "too late", "repair")
    world.run()

    assert ((0, 0), status) == (world.spent, world.status(request_id).run.status)
    assert [status] == [one["status"] for one in world.completions().values()]


def test_a_completed_lesson_is_answered_again_at_no_cost():
    """Whatever claims were lost: the same completion, no second plan, no second sentence."""
    world, _, lesson_id = asked_and_accepted()
    world.run()
    spent, told = world.spent, world.completions()
    world.forget()
    world.again(ScriptRequested(lesson_id).message())
    world.run()

    assert (spent, told) == (world.spent, world.completions())


def test_no_scene_is_spoken_for_a_lesson_that_its_script_failed():
    """The scenes that were asked for stop before their first sentence."""
    world, _, lesson_id = asked_and_accepted()
    world.services = world.services.but(events=NeverSure(world.services.events))
    world.collect()
    script = world.waiting.pop()
    for _ in range(CLAIM_ATTEMPTS):
        world.deliver(*script)
    world.run()

    assert "failed" == world.services.records.lesson(lesson_id).status
    assert ((1, 0), True) == (world.spent, ("render", 200) in world.outcomes)


def test_no_scene_is_spoken_for_a_lesson_that_finalize_failed():
    """The one that failed is asked for once more, and nobody knows its claim: it stops as well."""
    world, _, lesson_id = asked_and_accepted()
    world.services = world.services.but(voice=HoarseOnce())
    world.run()
    spent = world.spent
    world.forget()
    for message in world.published("scene-requested"):
        world.again(message)
    world.run()

    assert "failed" == world.services.records.lesson(lesson_id).status
    assert spent == world.spent


class NeverSure:
    """Events whose scenes leave each time, and nobody learns of it."""

    def __init__(self, events):
        self._events = events

    def __getattr__(self, name):
        return getattr(self._events, name)

    def publish(self, messages):
        """Publish, and break where scenes were among them."""
        self._events.publish(messages)
        if any(message.topic == "scene-requested" for message in messages):
            raise RuntimeError


class HoarseOnce(HummingVoice):
    """A voice that cannot say the first sentence that it is asked for."""

    def speak(self, text, rate_wpm):
        """Hum, but for the first time."""
        spoken = super().speak(text, rate_wpm)
        if self.calls == 1:
            raise Permanent("no voice")
        return spoken
