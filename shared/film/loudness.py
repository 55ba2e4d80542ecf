"""Bring a whole soundtrack to one loudness, and measure what came out.

Method: ITU-R BS.1770-4 as ffmpeg's `ebur128` filter implements it, gates included; one linear
gain for the whole film, never per scene, then a limiter on the oversampled signal for the peaks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

import av
import av.filter
import numpy as np

from shared.errors import Permanent
from shared.film.audio import frames_of
from shared.film.clock import RATE_HZ

TARGET_LUFS = -16.0
_SILENT_LUFS = -60.0
_BLOCK = 4096
_INTEGRATED, _PEAK = "lavfi.r128.I", "lavfi.r128.true_peak"  # LUFS; of full scale
_METER_BLOCK = 4800  # the meter looks every 100 ms
_MONO = ("aformat", "sample_fmts=flt:channel_layouts=mono")
_STAGES = (
    ("highpass", "f=75"),
    ("acompressor", "threshold=-22dB:ratio=2.5:attack=8:release=120"),
    _MONO,
)
_LIMITER = (
    ("aresample", "96000"),
    ("alimiter", "limit=0.79:attack=5:release=50:level=disabled:latency=true"),
    ("aresample", str(RATE_HZ)),
    _MONO,
)

Stage = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP."""

    integrated_lufs: float
    peak_dbtp: float


def level(samples: np.ndarray, target_lufs: float = TARGET_LUFS) -> np.ndarray:
    """Scale a mono soundtrack to the loudness that it shall have on two channels.

    The result has the same length.  Silence raises Permanent: a lesson without speech is never
    right.
    """
    shaped = filtered(samples, _STAGES)
    found_lufs = integrated(shaped)
    if found_lufs < _SILENT_LUFS:
        raise Permanent("the narration is silent")
    gain = ("volume", f"{target_lufs - found_lufs:.2f}dB")
    levelled = filtered(shaped, (gain, *_LIMITER))
    short = max(0, len(samples) - len(levelled))
    return np.pad(levelled, (0, short))[: len(samples)]


def measured(samples: np.ndarray) -> Loudness:
    """Measure mono samples as they sound from both loudspeakers."""
    return summary(frames_of(samples, _BLOCK, "fltp", "stereo"))


def integrated(samples: np.ndarray) -> float:
    """Measure the integrated loudness of mono samples on two channels, in LUFS, without peaks.

    A fifth of the time of `measured`, since nothing is oversampled.
    """
    told = _told(frames_of(samples, _METER_BLOCK, "fltp", "stereo"), "metadata=1")
    return float(told.get(_INTEGRATED, -math.inf))


def summary(frames: Iterable[av.AudioFrame]) -> Loudness:
    """Measure decoded frames of any layout; raises Permanent when there are none."""
    told = _told(frames, "metadata=1:peak=true")
    if _PEAK not in told:
        raise Permanent("the loudness meter told nothing")
    peak = float(told[_PEAK])
    return Loudness(float(told[_INTEGRATED]), 20 * math.log10(peak) if peak > 0 else -math.inf)


def _told(frames: Iterable[av.AudioFrame], how: str) -> dict[str, str]:
    """Let the meter hear everything; give what its last frame tells."""
    graph, told = None, dict[str, str]()
    for frame in chain(frames, (None,)):
        if frame is not None and graph is None:
            # The meter tells nothing of the rest of a block, so silence makes the last one whole.
            stages = ("apad", "pad_dur=0.1"), ("ebur128", f"{how}:framelog=quiet")
            graph = _graph(frame, stages)
        if graph is not None:
            graph.push(frame)
            for heard in _pulled(graph):
                told = dict(heard.metadata) or told
    return told


def filtered(samples: np.ndarray, stages: Sequence[Stage]) -> np.ndarray:
    """Run mono samples through a chain of ffmpeg filters."""
    parts = list(_drain(frames_of(samples, _BLOCK, "flt"), stages))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _drain(frames: Iterable[av.AudioFrame], stages: Sequence[Stage]) -> Iterator[np.ndarray]:
    """Push everything, pull everything: the first channel of what comes out."""
    graph = None
    for frame in chain(frames, (None,)):
        if frame is not None and graph is None:
            graph = _graph(frame, stages)
        if graph is not None:
            graph.push(frame)
            yield from (one.to_ndarray().reshape(-1) for one in _pulled(graph))


def _graph(like: av.AudioFrame, stages: Sequence[Stage]) -> av.filter.Graph:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=like.sample_rate,
        format=like.format.name,
        layout=like.layout.name,
        time_base=like.time_base,
    )
    graph.link_nodes(
        source,
        *(graph.add(name, arguments) for name, arguments in stages),
        graph.add("abuffersink"),
    ).configure()
    return graph


def _pulled(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            yield cast("av.AudioFrame", graph.pull())
        except (BlockingIOError, EOFError):
            return
