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


def test_something_is_shown_from_the_start(about):
    """Where only late sentences left a point, one of the first takes the last one's room."""
    texts = [
        "A moving ball is seen by whoever it is that moves toward it now.",
        "A box is seen by whoever it is that moves away from it now.",
        "Inertia keeps a moving object moving.",
        "Friction slows a moving object down.",
    ]

    shown = points(about, texts, "Moving on", 20)

    assert any(shown[:2])
    assert 20 >= sum(len(one.split()) for one in shown)


def test_a_second_half_stands_on_its_own(about):
    """What follows from a condition is shown without the word that ties it to that."""
    texts = ["Suppose that nobody pushes a ball.", "Then the ball keeps its state of motion."]

    assert "The ball keeps its state of motion" in points(about, texts, "Motion", ROOM)
