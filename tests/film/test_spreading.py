"""Word times for voices that tell none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.film.spreading import spread
from shared.film.voice import EspeakVoice

SENTENCES = (
    "Friction is an external force that acts opposite to the direction of motion.",
    "When the air is turned off, the puck slows down and stops after a short while.",
    "So what keeps it going, and why does it stop in the end?",
)


@given(st.lists(st.text("abcdeio,.;?-'", min_size=1), min_size=1), st.floats(0.1, 30))
def test_times_fill_the_sentence(words, length_s):
    """One pair a word, each begins where the last ended, and the last ends with the sound."""
    times = spread(" ".join(words), length_s)

    assert len(words) == len(times)
    assert 0.0 == times[0][0]
    assert length_s == pytest.approx(times[-1][1])
    assert all(one[1] == after[0] for one, after in pairwise(times))
    assert all(start < end for start, end in times)


def test_nothing_said():
    """No words, no times."""
    assert () == spread(" ", 1.0)


def test_long_words_take_longer():
    """Syllables and letters count, and a comma is a pause."""
    the, acceleration, of, a, car = (b - a for a, b in spread("the acceleration, of a car", 3.0))

    assert acceleration > car > the
    assert acceleration > 2 * car
    assert a <= of


@pytest.mark.parametrize("sentence", SENTENCES)
def test_close_to_a_voice_that_tells(sentence):
    """Reveals may be 0.3 s off: on average the guess is much closer to a voice's own times."""
    said = EspeakVoice().speak(sentence, 145)
    guessed = spread(sentence, len(said.samples) / said.rate_hz)
    away = [abs(one[0] - other[0]) for one, other in zip(said.words, guessed, strict=True)]

    assert sum(away) / len(away) < 0.3
