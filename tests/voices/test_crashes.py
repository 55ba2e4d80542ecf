"""Whoever dies when: what was paid for is used, and nothing is paid for without end."""

import pytest

from shared.film.counted import Account
from tests.voices.desk import Booth
from tests.voices.test_outcomes import GOOGLE, OFFLINE


class Killed(Exception):
    """The process dies here."""


class Dies:
    """A voice whose sentence is paid for and never reaches us, in so many runs."""

    paid = True

    def __init__(self, voice, deaths):
        self.name, self._voice, self._deaths = voice.name, voice, deaths

    def worst(self, text, rate_wpm):
        return self._voice.worst(text, rate_wpm)

    def speak(self, text, rate_wpm):
        heard = self._voice.speak(text, rate_wpm)
        if self._deaths:
            self._deaths.pop()
            raise Killed
        return heard


class DiesAfter:
    """Objects that die right after one kind of file was stored, once."""

    def __init__(self, objects, ending):
        self._objects, self._ending, self.died = objects, ending, False

    def __getattr__(self, name):
        return getattr(self._objects, name)

    def create(self, bucket, name, content, **more):
        stored = self._objects.create(bucket, name, content, **more)
        if self._ending in name and not self.died:
            self.died = True
            raise Killed
        return stored


def dying(server, deaths, **variables):
    """Give a booth whose first runs die between the sound and its storing."""
    booth, left = Booth(server, **variables), [None] * deaths
    speak = booth.services.speak
    booth.services = booth.services.but(speak=lambda one: Dies(speak(one), left))
    return booth


def test_a_crash_between_the_sound_and_its_storing(server):
    """Only there a sentence is paid for again: once."""
    booth = dying(server, 1).render()

    assert (GOOGLE, 3) == (booth.end(), booth.calls)


def test_what_died_is_in_the_account(server):
    """The note before the call is what remains of it."""
    clean, booth = Booth(server).render(), dying(server, 1).render()
    letters = len(booth.plan.scene(1).say[0].spoken)
    once = clean.account()

    assert Account(3, once.characters + letters, once.micros + 16 * letters) == booth.account()


def test_a_scene_that_dies_each_time(server):
    """It does not go on paying: then the offline voice speaks."""
    booth = dying(server, 99).render()

    assert (OFFLINE, 3) == (booth.end(), booth.calls)


@pytest.mark.parametrize("ending", [".flac", "narration.flac", "voice.json", "scene.json"])
def test_a_crash_after_storing(server, ending):
    """The next run adopts what is there: nothing is paid for again."""
    booth = Booth(server)
    booth.services = booth.services.but(objects=DiesAfter(booth.services.objects, ending))
    booth.render()

    assert (True, GOOGLE, 2) == (booth.services.objects.died, booth.end(), booth.calls)


def test_a_crash_before_asking(server):
    """The call that was noted and never made counts as made: no more than a call is lost."""
    booth = Booth(server)
    booth.services = booth.services.but(objects=DiesAfter(booth.services.objects, ".ask-1"))
    booth.render()

    assert (GOOGLE, 2, 3) == (booth.end(), booth.calls, booth.account().calls)


@pytest.mark.parametrize("seed", range(3))
def test_duplicates_are_paid_once(server, seed):
    """Every event comes three times."""
    booth = Booth(server, copies=3).render()

    assert (GOOGLE, 2) == (booth.end(), booth.calls)


def test_the_account_of_a_scene(server):
    """Characters and price of what was spoken stand in its committing object."""
    booth = Booth(server).render("empty", "429")
    scene, letters = booth.scene(), [len(one.spoken) for one in booth.plan.scene(1).say]

    # The empty answer was paid for as well, the refused call was not.
    billed = sum(letters) + letters[0]
    assert (billed, 16 * billed) == (scene.characters, scene.micros)


def test_tokens_are_what_the_answer_says(server):
    """Each of two answers: 20 tokens of text at 0.5 and 100 of sound at 6 dollars a million."""
    scene = Booth(server, "gemini").render().scene()

    assert 2 * (10 + 600) == scene.micros
