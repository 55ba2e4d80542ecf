"""Words, syllables and the reading grade."""

from __future__ import annotations

import pytest

from shared.lesson.readability import grade, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [("ball", 1), ("moving", 2), ("table", 2), ("whole", 1), ("moved", 1), ("wanted", 2),
     ("inertia", 3), ("x-axis", 2), ("forces", 2), ("moves", 1), ("42", 2), ("the", 1)],
)  # fmt: skip
def test_syllables(word, count):
    """The one rule counts groups of vowels, less a silent ending."""
    assert count == syllables(word)


def test_words():
    """A number is a word, and so is a hyphenated pair."""
    assert ["The", "box", "weighs", "2,100", "kg", "don't", "x-axis"] == words(
        "The box weighs 2,100 kg (don't), x-axis!"
    )


def test_grade_grows():
    """Longer words in a longer sentence read at a higher grade."""
    easy, hard = ["The ball rolls on."], ["Gravitational acceleration determines trajectories."]

    assert grade(easy) < 3
    assert grade(hard) > 10


def test_no_sentences():
    """Nothing to read has grade 0."""
    assert 0.0 == grade([])
