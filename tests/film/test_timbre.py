"""What shaping does to a voice, measured on tones."""

import numpy as np
import pytest

from shared.film.timbre import shaped

RATE_HZ = 22_050


def tone(hertz: float) -> np.ndarray:
    """Hum for half a second."""
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(RATE_HZ // 2) / RATE_HZ)).astype(np.float32)


def part(samples: np.ndarray, hertz: float) -> float:
    """Measure how strong one frequency is, in dB."""
    spectrum = np.abs(np.fft.rfft(samples))
    return 20 * np.log10(spectrum[round(hertz * len(samples) / RATE_HZ)])


@pytest.mark.parametrize(
    ("quieter", "louder", "least_db"), [(40, 200, 10), (300, 3000, 3), (9000, 3000, 5)]
)
def test_the_balance_of_low_and_high(quieter, louder, least_db):
    """Rumble, boom and buzz lose against the consonants."""
    before = tone(quieter) + tone(louder)
    after = shaped(before, RATE_HZ)

    change = part(after, quieter) - part(before, quieter)
    assert least_db < part(after, louder) - part(before, louder) - change


def test_the_loudness_stays():
    """Shaping is no volume knob."""
    before = tone(150) + tone(700)

    assert np.mean(before**2) == pytest.approx(np.mean(shaped(before, RATE_HZ) ** 2), rel=0.01)


def test_nothing_is_late():
    """A click stays where it was, so that word times still hold."""
    click = np.zeros(4000, np.float32)
    click[1500] = 0.5

    assert 1500 == int(np.abs(shaped(click, RATE_HZ)).argmax())


def test_silence_stays_silence():
    """Nothing is divided by nothing."""
    assert not shaped(np.zeros(100, np.float32), RATE_HZ).any()


def test_never_clipped():
    """A loud voice stays below full scale."""
    assert np.abs(shaped(tone(3000) * 3.3, RATE_HZ)).max() < 1
