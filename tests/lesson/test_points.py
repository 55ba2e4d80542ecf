"""What a sentence leaves on the screen."""

from __future__ import annotations

import pytest

from shared.lesson.extractive.points import points
from shared.lesson.extractive.subject import Subject, subject
from tests.lesson import materials

ROOM = 24  # words
# Nothing may be cut from either: the condition belongs to the rest.
STUBBORN = (
    "It may not be seen unless nothing else is moved, even if some of it rarely is.",
    "Only if nothing pushes may some of it move without any of it ever being stopped.",
)


@pytest.fixture(scope="module")
def about() -> Subject:
    """Understand the question of the materials."""
    return subject(materials.LESSON_ID, materials.brief(), materials.material())


def test_a_concept_is_never_silent_to_the_eye(about):
    """Where no sentence has a clause that is safe alone, exactly one is shown whole."""
    shown = [short for short in points(about, STUBBORN, "Motion", ROOM) if short]

    assert 1 == len(shown)
    assert f"{shown[0]}." in STUBBORN


def test_a_sentence_that_does_not_fit_is_not_shown(about):
    """The screen takes 25 words at most, headings included."""
    assert ["", ""] == points(about, STUBBORN, "Motion", room=5)


@pytest.mark.parametrize("room", range(1, 25))
def test_points_always_fit(about, room):
    """However little room there is, what is shown fits, and the search for it ends."""
    texts = [
        "Motion is what a ball has that rolls over the floor.",
        "Motion is what a heavy box has that slides over a floor.",
        "A moving ball keeps moving over the floor.",
    ]

    assert room >= sum(len(one.split()) for one in points(about, texts, "Motion", room))
