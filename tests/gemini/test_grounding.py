"""How far a model may go beyond the book, and what it may quote, by the rules of a plan."""

from dataclasses import replace

import pytest

from shared.lesson.checks import check
from shared.lesson.plan import Plan
from shared.library.book import Material
from tests.lesson import materials

AUTHOR = "gemini-3.8-flash/prompt-1"
WHOLE = "A block slides down the ramp, but it does not speed up."
HALF = "A block slides down the ramp."


def a_lesson(text: str) -> tuple[Plan, Material]:
    """Write a model's lesson whose first concept says one sentence for another of the book."""
    whole = materials.material()
    block = materials.passage("p9", "body", WHOLE)
    section = replace(whole.section, passages=(*whole.section.passages, block))
    plan = replace(materials.plan("poetry"), author=AUTHOR)
    n = next(scene.n for scene in plan.scenes if scene.type == "concept")
    scenes = list(plan.scenes)
    first, *others = scenes[n - 1].say
    said = replace(first, kind="fact", text=text, spoken=text, cites=("m1#p9/1",), marks=())
    scenes[n - 1] = replace(scenes[n - 1], say=(said, *others))
    return replace(plan, scenes=tuple(scenes)), replace(whole, section=section)


def weak(text: str) -> bool:
    return any(one.id == "weak-support" for one in check(*a_lesson(text)))


@pytest.mark.parametrize("text", [WHOLE, HALF])
def test_a_quotation_is_carried_whole(text):
    """Also the half of a sentence whose other half denies something."""
    assert not weak(text)


@pytest.mark.parametrize(
    "text",
    [
        "A block speeds up down the ramp.",
        "A block slides down the ramp 5 times.",
        "Pigeons like ramps.",
    ],
)
def test_what_the_sentence_does_not_say(text):
    """A denial turned round, a number, other words: none is carried."""
    assert weak(text)
