"""What a line says is carried by the sentences that it cites, or it is not."""

from __future__ import annotations

import pytest

from shared.lesson.support import LEAST, support

BOOK = ["Friction is a force that slows a sliding box.", "The box has a mass of 5 kg."]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Friction is a force that slows a sliding box.", 1.0),
        ("A sliding box is slowed by friction.", 1.0),
        ("Friction slows a rolling planet.", 0.5),
        ("Steel melts.", 0.0),
        ("The box has a mass of 6 kg.", 0.0),
        ("Friction is not a force.", 0.0),
        ("", 0.0),
    ],
)
def test_support(text, score):
    """Shared words count; another number or a denial takes everything away."""
    assert score == pytest.approx(support(text, BOOK))


def test_a_denial_that_was_dropped():
    """Who leaves out a not says the opposite, with all the words of the book."""
    assert support("A box stops by itself.", ["A box does not stop by itself."]) < LEAST
