"""Times of written words from times of spoken ones."""

import pytest

from shared.film.narration import SpokenLine
from shared.film.words import timed_words


def heard(spoken: str) -> SpokenLine:
    """Say one word each second."""
    count = len(spoken.split())
    return SpokenLine(0.0, count, count, tuple((n, n + 1) for n in range(count)))


def test_equal_words_keep_their_times():
    """A sentence without numbers is timed word by word."""
    timed = timed_words("Air moves.", "Air moves.", heard("Air moves."))

    assert [("Air", 0, 1), ("moves.", 1, 2)] == [(w.text, w.start_s, w.end_s) for w in timed]


def test_a_number_takes_the_time_of_its_words():
    """What is written shorter than it is spoken shares the time of what was spoken."""
    spoken = "The push is fifty newtons now."
    timed = timed_words("The push is 50 N now.", spoken, heard(spoken))

    assert ["The", "push", "is", "50", "N", "now."] == [word.text for word in timed]
    assert (3, 5) == (timed[3].start_s, timed[4].end_s)
    assert (5, 6) == (timed[5].start_s, timed[5].end_s)


@pytest.mark.parametrize("written", ["F = 3 N", "3", "a b c d e f g h"])
def test_no_word_is_lost(written):
    """Every written word gets a time, whatever was spoken."""
    timed = timed_words(written, "force equals three newtons", heard("force equals three newtons"))

    assert written.split() == [word.text for word in timed]
    assert all(0 <= word.start_s <= word.end_s <= 4 for word in timed)
