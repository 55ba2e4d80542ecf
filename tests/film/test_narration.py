"""A scene's sound: whole frames, word times, and clips that must sound like speech."""

from dataclasses import replace

import numpy as np
import pytest

from shared.errors import Permanent, Transient
from shared.film.clock import RATE_HZ, SAMPLES_PER_FRAME
from shared.film.narration import (
    LEAD_S,
    TAIL_S,
    fault_of,
    narrate,
    packed,
    unpacked,
)
from shared.lesson.pace import AFTER_QUESTION_S, GAP_S, QUICKER, WORDS_A_MINUTE, rate_wpm
from shared.lesson.plan import Line, Scene
from shared.voice import Spoken
from tests.fakes.voice import WORD_S, HummingVoice

SCENE = Scene(
    3,
    "recap",
    "In short",
    (
        Line("It moves.", "It moves.", "fact"),
        Line("Why is that so?", "Why is that so?", "question", pause_s=2.0),
        Line("Nothing stops it.", "Nothing stops it.", "fact"),
    ),
    (),
    hold_s=0.5,
)


class Spoiled(HummingVoice):
    """A voice whose clips are changed before anybody hears them."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def speak(self, text, rate_wpm):
        spoken = super().speak(text, rate_wpm)
        return replace(spoken, samples=self.change(spoken.samples))


def clip(samples, words=1):
    """Make a clip of 24 kHz."""
    length_s = len(samples) / 24_000 / words
    times = tuple((n * length_s, (n + 1) * length_s) for n in range(words))
    return Spoken(samples.astype(np.float32), 24_000, times)


def test_a_scene_is_whole_frames_long():
    """Its sound is padded to 1,600 samples for each frame, lead, gaps, pause and tail included."""
    narration = narrate(SCENE, HummingVoice(), "9-12")

    speech_s = 9 * WORD_S + LEAD_S + GAP_S + AFTER_QUESTION_S + 2.0 + TAIL_S + 0.5
    assert 0 == len(narration.samples) % SAMPLES_PER_FRAME
    assert speech_s == pytest.approx(narration.frames / 30, abs=1 / 30)


def test_words_are_timed_from_the_scenes_start():
    """The first word follows the lead; the second line follows the first and a gap."""
    first, second, _ = narrate(SCENE, HummingVoice(), "9-12").lines

    assert LEAD_S == pytest.approx(first.words[0][0])
    assert LEAD_S + 2 * WORD_S + GAP_S == pytest.approx(second.words[0][0], abs=0.001)


def test_a_pause_is_silent_and_known():
    """A line's own pause follows it as silence, and its end is noted."""
    narration = narrate(SCENE, HummingVoice(), "9-12")
    line = narration.lines[1]
    silence = narration.samples[round(line.end_s * RATE_HZ) + 1 : round(line.until_s * RATE_HZ)]

    assert 2.0 + AFTER_QUESTION_S == pytest.approx(line.until_s - line.end_s, abs=0.001)
    assert 0 == np.abs(silence).max()


@pytest.mark.parametrize(
    "change",
    [
        np.zeros_like,
        lambda samples: samples[:0],
        lambda samples: samples * 0.001,
        lambda samples: np.clip(samples * 9, -1, 1),
        lambda samples: np.concatenate([samples, np.zeros(48_000, np.float32), samples]),
        lambda samples: samples[: len(samples) // 8],
    ],
    ids=["silent", "empty", "faint", "clipped", "with a hole", "cut short"],
)
def test_a_clip_that_is_no_speech(change):
    """A sentence that does not sound right is tried again, never kept as a silent gap."""
    with pytest.raises(Transient, match="scene 3, sentence 1"):
        narrate(SCENE, Spoiled(change), "9-12")


def test_a_missing_word_time():
    """A voice that times other words than the sentence has is not trusted."""
    hum = np.sin(np.arange(24_000) / 20) * 0.4

    assert "word times" in fault_of(clip(hum, words=2), words=3)


def test_stored_and_read_again():
    """Sound and times come back from one file as they were, within 16 bits."""
    narration = narrate(SCENE, HummingVoice(), "9-12")
    again = unpacked(packed(narration))

    assert narration.lines == again.lines
    assert narration.voice == again.voice
    assert 1e-4 > np.abs(narration.samples - again.samples).max()


def test_a_grade_band_without_a_rate():
    """Nobody guesses how fast to speak."""
    with pytest.raises(Permanent, match="13-16"):
        narrate(SCENE, HummingVoice(), "13-16")


class Untimed(HummingVoice):
    """A voice that tells nobody when it says which word."""

    def speak(self, text, rate_wpm):
        """Hum as ever, without times."""
        return replace(super().speak(text, rate_wpm), words=())


def test_a_voice_without_word_times():
    """Each word gets a time within its sentence all the same."""
    lines = narrate(SCENE, Untimed(), "9-12").lines

    assert [2, 4, 3] == [len(line.words) for line in lines]
    for line in lines:
        assert line.start_s == pytest.approx(line.words[0][0], abs=0.001)
        assert line.end_s == pytest.approx(line.words[-1][1], abs=0.001)


def test_every_scene_is_heard_at_the_same_pace():
    """Short words would rush by at the usual rate, long ones drag: up to an eighth quicker."""
    short = Line(text := "So it is as it is and we go on to it as it is.", text, "example")
    words = "An electromagnetic transformer multiplies alternating potentials continuously."
    long = Line(words, words, "example")

    rates = [rate_wpm(Scene(1, "concept", "", (line,) * 3, ()), "9-12") for line in (short, long)]

    assert rates[0] < WORDS_A_MINUTE["9-12"] < rates[1] == WORDS_A_MINUTE["9-12"] * QUICKER
