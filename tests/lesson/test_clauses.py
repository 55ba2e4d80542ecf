"""The few words of a sentence that the screen keeps."""

from __future__ import annotations

import pytest

from shared.lesson.extractive.clauses import parts
from shared.lesson.extractive.phrases import MOST, clause
from shared.lesson.extractive.vocabulary import Weights

PLAIN = Weights([])

KEPT = [
    ("A motor pulls the car up, where it stores energy.", "A motor pulls the car up"),
    ("Inertia is the tendency of an object to keep its state of motion.",
     "Keep its state of motion"),
    ("A moving object tends to keep its speed and its direction.",
     "Tends to keep its speed and its direction"),
    ("A full cart is harder to start and harder to stop than an empty one.",
     "Harder to start and harder to stop"),
    ("It takes in red and blue light and sends back green light.", "Takes in red and blue light"),
    ("The same current flows into the lamp and out of it, and the lamp takes only energy.",
     "The lamp takes only energy"),
    ("The sky is blue because the air scatters blue light from the Sun in all directions.",
     "The air scatters blue light from the Sun"),
]  # fmt: skip

NOTHING = [
    ("An object accelerates only while a net force acts on it.", "an only without its while"),
    ("A ball may roll on, unless a wall of stone stops it.", "what limits it would be left out"),
    ("Without its sideways motion the Moon would fall straight to Earth.", "without it, it falls"),
    ("Plates move apart, push together or slide past each other.", "half a list"),
    ("Some towns in the far north have no sunrise for weeks in winter.", "not all towns"),
    ("Speed is the rate at which an object changes its location.", "the rate of what"),
    ("He sees observer A receive the flash from the right first.", "who does"),
]


@pytest.mark.parametrize(("text", "short"), KEPT)
def test_the_clause_that_carries_the_idea(text, short):
    """A point is the clause or the predicate that says most, in the book's own words."""
    about = frozenset({"scatter", "air"})

    assert short == clause(text, PLAIN, about)


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[reason for _, reason in NOTHING])
def test_no_clause_that_misleads(text, reason):
    """Where every part would say something else than the sentence, there is no point."""
    assert "" == clause(text, PLAIN, frozenset())


def test_what_the_screen_shows_anyway():
    """A clause that is the heading already gives way to the next best."""
    text = "The sky is blue because the air scatters blue light from the Sun."

    assert "The air scatters blue light from the Sun" == clause(
        text, PLAIN, frozenset(), taken="why the sky is blue"
    )


@pytest.mark.parametrize("text", [text for text, _ in KEPT])
def test_parts_are_verbatim(text):
    """Every part is an unbroken row of 3 to 8 of the sentence's own words."""
    for part in parts(text, MOST):
        assert part.text in text
        assert 3 <= len(part.text.split()) <= MOST
