"""Plan checks: what a finished film tells about its plan."""

from dataclasses import replace

import numpy as np
import pytest

from shared.film.findings import Expected, failed
from shared.film.loudness import Loudness
from shared.film.plan_checks import check_plan
from shared.film.probe import Audio
from tests.film.films import hum
from tests.film.plans import brief_lesson

SENTENCE = "You see a ball that rolls on and on until the ground slows it down in the end"
HARD = (
    "Electromagnetic induction characterises extraordinarily complicated interdependencies between"
    " instantaneous ferromagnetic magnetisation and unidirectional electrification"
)
FRAMES = 450  # 15 s a scene


def plan_of(sentence):
    """Let every scene of a short lesson say the same sentence."""
    plan = brief_lesson(("video",))
    scenes = tuple(
        replace(scene, say=tuple(replace(line, text=sentence) for line in scene.say))
        for scene in plan.scenes
    )
    return replace(plan, scenes=scenes)


PLAN = plan_of(SENTENCE)


def sound(spoken_s, frames=FRAMES):
    """Speak so long at the start of each of the scenes."""
    scene = np.zeros(frames * 1600, np.float32)
    scene[: round(spoken_s * 48_000)] = hum(spoken_s)
    samples = np.tile(scene, len(PLAN.scenes))
    return Audio("aac LC", 48_000, 2, 0, 0.0, Loudness(-16.0, -2.0), (), samples)


def expected(*frames):
    """Expect scenes of these lengths, 15 s each unless said otherwise."""
    lengths = frames or (FRAMES,) * len(PLAN.scenes)
    return Expected(lengths, (9.0,) * len(lengths))


BAD = {
    "lesson-length": (PLAN, sound(7.0, 300), expected(*(300,) * len(PLAN.scenes))),
    "scene-length": (PLAN, sound(7.0), expected(*(FRAMES,) * (len(PLAN.scenes) - 1), 1300)),
    "reading-level": (plan_of(HARD), sound(7.0), expected()),
    "speaking-rate": (PLAN, sound(4.0), expected()),
}


def names_of(checks):
    """Name what failed."""
    return {one.id for one in failed(checks)}


def test_a_good_lesson():
    """A lesson of the right length, level and rate passes."""
    assert set() == names_of(check_plan(PLAN, sound(7.0), expected()))


def test_every_check_has_a_bad_lesson():
    """No check is there that no lesson can fail."""
    assert set(BAD) == {one.id for one in check_plan(PLAN, sound(7.0), expected())}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_lesson(name):
    """The lesson with this one fault fails this check, and no other."""
    assert {name} == names_of(check_plan(*BAD[name]))


def test_nothing_is_checked_without_a_plan():
    """Without a plan each check says what it lacks."""
    found = check_plan(None, sound(7.0), expected())

    assert ({"not checked: no plan beside it"}, 4) == ({one.value for one in found}, len(found))
