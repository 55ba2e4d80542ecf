"""The offline voice, with the real library."""

from itertools import pairwise

import numpy as np
import pytest

from shared import versions
from shared.errors import Permanent
from shared.film.voice import EspeakVoice
from shared.lesson.pace import GAP_S, said_s

SENTENCES = (
    "Friction is an external force that acts opposite to the direction of motion.",
    "Inertia is the tendency of an object at rest to remain at rest.",
    "When the air is turned off, the puck slows down and stops after a short while.",
    "An object in motion remains in motion unless a net force acts on it.",
)


def words_a_minute(rate_wpm: int) -> float:
    """Measure the voice on fixed sentences, gaps between them included."""
    voice = EspeakVoice()
    spoken = [voice.speak(sentence, rate_wpm) for sentence in SENTENCES]
    seconds = sum(len(one.samples) / one.rate_hz for one in spoken) + GAP_S * (len(spoken) - 1)
    return sum(len(one.words) for one in spoken) / seconds * 60


def test_every_word_has_its_time():
    """A sentence gives one time pair per blank-separated word, function words included."""
    spoken = EspeakVoice().speak(SENTENCES[0], 145)

    assert len(SENTENCES[0].split()) == len(spoken.words)


def test_word_times_never_run_backwards():
    """Each word starts where the one before it ended, within the sound."""
    spoken = EspeakVoice().speak('He said: "stop" (now), at 3 in the night.', 145)

    assert all(one[1] == after[0] for one, after in pairwise(spoken.words))
    assert all(start <= end for start, end in spoken.words)
    assert len(spoken.samples) / spoken.rate_hz == pytest.approx(spoken.words[-1][1])


@pytest.mark.parametrize("rate_wpm", [122, 132, 145])
def test_the_rate_is_words_a_minute(rate_wpm):
    """The rate that is asked for is the one that is heard, within 8 %."""
    assert rate_wpm == pytest.approx(words_a_minute(rate_wpm), rel=0.08)


def test_speech_is_loud_and_never_clipped():
    """Samples lie in -1..1 and carry speech."""
    samples = np.abs(EspeakVoice().speak(SENTENCES[1], 145).samples)

    assert 0.1 < samples.max() < 1


def test_an_unknown_accent():
    """A voice that the library lacks can never speak."""
    with pytest.raises(Permanent, match="xx-none"):
        EspeakVoice("xx-none").speak("Hello.", 145)


def test_the_name_is_part_of_a_lessons_identity():
    """The voice's name is the one that lesson ids are made with."""
    assert versions.VOICE == EspeakVoice.name


@pytest.mark.parametrize("rate_wpm", [125, 145])
def test_a_lesson_knows_how_long_it_will_take(rate_wpm):
    """What is planned before anybody speaks is what the voice takes, within a tenth."""
    voice = EspeakVoice()
    spoken = [voice.speak(sentence, rate_wpm) for sentence in SENTENCES]
    heard_s = sum(len(one.samples) / one.rate_hz for one in spoken)

    assert heard_s == pytest.approx(
        sum(said_s(sentence, rate_wpm) for sentence in SENTENCES), rel=0.1
    )
