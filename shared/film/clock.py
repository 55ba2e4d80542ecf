"""The clock of a film: 30 frames and 48,000 samples a second, so a frame lasts 1,600 samples.

Every length is a whole number of frames; sound is padded to it, never the other way round.
"""

from __future__ import annotations

import math

FPS = 30
RATE_HZ = 48_000
SAMPLES_PER_FRAME = RATE_HZ // FPS


def frames_in(seconds: float) -> int:
    """Count the frames that cover a length of time, the last one begun included."""
    # A rounding error of a float must not cost a frame.
    return math.ceil(round(seconds * FPS, 6))


def frame_at(seconds: float) -> int:
    """Find the frame that is shown at a moment."""
    return math.floor(round(seconds * FPS, 6))


def seconds_at(frame: int) -> float:
    """Find the moment at which a frame begins."""
    return frame / FPS
