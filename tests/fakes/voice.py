"""A voice that hums: the same word always gives the same sound, and every sentence is counted."""

from __future__ import annotations

import numpy as np

from shared.voice import Spoken

RATE_HZ = 24_000
WORD_S = 0.4


class HummingVoice:
    """The port Voice; `calls` counts what a real voice would be paid for."""

    name = "humming-1"
    paid = True

    def __init__(self) -> None:
        self.calls = 0

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Hum one note for each word."""
        self.calls += 1
        words = text.split()
        count = round(WORD_S * RATE_HZ)
        at = np.arange(count) / RATE_HZ
        swell = np.sin(np.pi * at / WORD_S) * 0.5
        notes = [swell * np.sin(2 * np.pi * (180 + 10 * (len(word) % 7)) * at) for word in words]
        samples = np.concatenate(notes).astype(np.float32)
        times = tuple((n * WORD_S, (n + 1) * WORD_S) for n in range(len(words)))
        return Spoken(samples, RATE_HZ, times)
