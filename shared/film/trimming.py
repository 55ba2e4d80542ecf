"""Sound without the silence around it, so that a sentence begins and ends with its words."""

from __future__ import annotations

import numpy as np

_SILENCE = 0.004  # of full scale: quieter than this is no speech
_EDGE_S = 0.015  # kept around the speech, and faded


def trimmed(samples: np.ndarray, rate_hz: int) -> tuple[int, np.ndarray]:
    """Cut the silence around speech and fade the edges; tells how much was cut in front."""
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not len(loud):
        return 0, samples
    edge = int(_EDGE_S * rate_hz)
    start, end = max(0, int(loud[0]) - edge), min(len(samples), int(loud[-1]) + edge)
    cut = samples[start:end].copy()
    ramp = np.linspace(0, 1, min(edge, len(cut)), dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[len(cut) - len(ramp) :] *= ramp[::-1]
    return start, cut
