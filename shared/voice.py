"""The port to whoever speaks: a sentence in, sound and word times out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # only render and finalize carry numpy
    import numpy as np


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as sound, mono float32 in -1..1; `words` (start, end) in seconds, or none told.

    `micros` is what it cost, in micro-dollars.
    """

    samples: np.ndarray
    rate_hz: int
    words: tuple[tuple[float, float], ...]
    micros: int = 0


class Voice(Protocol):
    """Who speaks; what is `paid` for is stored sentence by sentence."""

    name: str
    paid: bool

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say one sentence at about so many words a minute, with a time pair for each word."""


class PaidVoice(Voice, Protocol):
    """A voice that a service lends; `speak` raises NotNow or SetUp of `shared.voices.faults`."""

    def worst(self, text: str, rate_wpm: int) -> int:
        """Give the most that a sentence may cost, in micro-dollars."""
