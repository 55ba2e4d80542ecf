"""Bring a whole soundtrack to one loudness, and measure what came out.

Method: ITU-R BS.1770-4 as ffmpeg's `ebur128` filter implements it, gates included; one linear
gain for the whole film, never per scene, then a limiter on the oversampled signal for the peaks.
"""

from __future__ import annotations

import gc
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import av
import av.filter
import av.logging
import numpy as np

from shared.errors import Permanent
from shared.film.audio import frames_of
from shared.film.clock import RATE_HZ

TARGET_LUFS = -16.0
_SILENT_LUFS = -60.0
_BLOCK = 4096
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
    graph, heard = None, -math.inf
    for frame in frames_of(samples, _METER_BLOCK, "fltp", "stereo"):
        if graph is None:
            graph = _graph(frame, (("ebur128", "metadata=1:framelog=quiet"),))
        graph.push(frame)
        try:
            while True:
                heard = float(graph.pull().metadata.get("lavfi.r128.I", heard))
        except BlockingIOError:
            continue
    return heard


def summary(frames: Iterable[av.AudioFrame], *stages: Stage) -> Loudness:
    """Measure decoded frames of any layout, after some stages.

    The filter tells its summary only to the log, at the moment when its graph is freed.
    """
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        with av.logging.Capture() as logs:
            _drain(frames, (*stages, ("ebur128", "peak=true:framelog=quiet")), keep=False)
            gc.collect()
    finally:
        av.logging.set_level(before)
    text = "".join(message for _, _, message in logs)
    heard = re.findall(r"I:\s+(-?[\d.]+|-inf|nan) LUFS", text)
    peak = re.findall(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS", text)
    if not heard or not peak:
        raise Permanent("the loudness meter told nothing")
    return Loudness(float(heard[-1]), float(peak[-1]))


def filtered(samples: np.ndarray, stages: Sequence[Stage]) -> np.ndarray:
    """Run mono samples through a chain of ffmpeg filters."""
    parts = _drain(frames_of(samples, _BLOCK, "flt"), stages)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _drain(
    frames: Iterable[av.AudioFrame], stages: Sequence[Stage], *, keep: bool = True
) -> list[np.ndarray]:
    """Push everything, pull everything: the first channel of what comes out, if it is wanted."""
    graph, parts = None, []
    for frame in frames:
        if graph is None:
            graph = _graph(frame, stages)
        graph.push(frame)
        parts += _pulled(graph, keep=keep)
    if graph is not None:
        graph.push(None)
        parts += _pulled(graph, keep=keep)
    return parts


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


def _pulled(graph: av.filter.Graph, *, keep: bool) -> list[np.ndarray]:
    parts: list[np.ndarray] = []
    while True:
        try:
            frame = graph.pull()
            parts += [frame.to_ndarray().reshape(-1)] if keep else []
        except (BlockingIOError, EOFError):
            return parts
