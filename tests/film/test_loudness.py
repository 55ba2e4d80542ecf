"""One loudness for the whole film."""

import numpy as np
import pytest

from shared.errors import Permanent
from shared.film.audio import read_flac, resampled, write_flac
from shared.film.clock import RATE_HZ
from shared.film.loudness import integrated, level, measured
from shared.film.voice import EspeakVoice

TEXT = "An object in motion remains in motion unless a net force acts on it."


@pytest.fixture(scope="module")
def speech():
    """Speak one sentence three times, with gaps."""
    spoken = EspeakVoice().speak(TEXT, 145)
    clip = resampled(spoken.samples, spoken.rate_hz)
    return np.concatenate([clip, np.zeros(20_000, np.float32)] * 3)


@pytest.mark.parametrize("gain", [0.05, 0.5, 1.0])
def test_any_speech_becomes_as_loud(speech, gain):
    """Quiet and loud narration end within 1 LU of -16, with peaks below -1 dBTP."""
    found = measured(level(speech * gain))

    assert -16 == pytest.approx(found.integrated_lufs, abs=1)
    assert -1 >= found.peak_dbtp


def test_the_short_measurement_says_the_same(speech):
    """Loudness without peaks is the loudness of the whole measurement."""
    assert measured(speech).integrated_lufs == pytest.approx(integrated(speech), abs=0.2)


def test_a_click_at_the_very_end_is_a_peak():
    """What follows the last whole block of the meter is measured as well."""
    samples = np.zeros(RATE_HZ + 1000, np.float32)
    samples[-20:] = 0.9

    assert measured(samples).peak_dbtp > -2


def test_levelling_keeps_the_length(speech):
    """Every word stays where its time says."""
    levelled = level(speech)
    shift = np.correlate(levelled[:20_000], speech[:20_000], "full").argmax() - 19_999

    assert len(speech) == len(levelled)
    assert 48 > abs(shift)


def test_silence_is_never_a_lesson():
    """A lesson that nobody can hear is refused, not amplified."""
    with pytest.raises(Permanent, match="silent"):
        level(np.zeros(96_000, np.float32))


def test_flac_keeps_samples_and_tags(speech):
    """What is stored comes back within 16 bits, tags of any length included."""
    samples, tags = read_flac(write_flac(speech, {"narration": "x" * 20_000}))

    assert len(speech) == len(samples)
    assert 1e-4 > np.abs(samples - speech).max()
    assert 20_000 == len(tags["narration"])


def test_resampling_keeps_the_length():
    """One second at 22,050 Hz is one second at 48,000 Hz."""
    tone = np.sin(np.arange(22_050) / 10).astype(np.float32)

    assert 48_000 == pytest.approx(len(resampled(tone, 22_050)), abs=2)
