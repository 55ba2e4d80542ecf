"""Look at the sound of a finished media file: decode it once, keep it as samples, measure it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from shared.film.loudness import Loudness, summary

_QUIET = 0.003  # of full scale, -50 dBFS
_WORTH_NOTING_S = 1.0


def _nothing() -> np.ndarray:
    return np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Audio:
    """The sound track; `silences` are (start, length) of more than a second, in seconds.

    `samples` is the mean of all channels, -1 to 1, at `rate_hz`; `damaged` counts the packets that
    could not be decoded.
    """

    codec: str
    rate_hz: int
    channels: int
    start: int
    end_s: float
    loudness: Loudness
    silences: tuple[tuple[float, float], ...]
    samples: np.ndarray = field(default_factory=_nothing, compare=False, repr=False)
    damaged: int = 0


def heard(path: Path, watch: Callable[[float], None]) -> Audio | None:
    """Decode a file's first sound track; None without one."""
    with av.open(str(path)) as source:
        if not source.streams.audio:
            return None
        stream = source.streams.audio[0]
        ear = _Ear(watch)
        loudness = summary(ear.frames(source, stream))
        codec = stream.codec_context
        # A container that does not say how long a track is leaves it to the last frame.
        length = (stream.duration or 0) * (stream.time_base or Fraction(0)) or ear.end_s
        return Audio(
            codec=f"{codec.name} {codec.profile}",
            rate_hz=codec.sample_rate,
            channels=codec.channels,
            start=stream.start_time or 0,
            end_s=float(length),
            loudness=loudness,
            silences=tuple(ear.silences),
            samples=ear.samples(),
            damaged=ear.damaged,
        )


class _Ear:
    """Keeps the sound and finds where nothing is heard, while frames pass on to the meter."""

    def __init__(self, watch: Callable[[float], None]) -> None:
        self.silences: list[tuple[float, float]] = []
        self.parts: list[np.ndarray] = []
        self.damaged = 0
        self.end_s = 0.0
        self._watch = watch
        self._since: float | None = None

    def frames(
        self, source: av.container.InputContainer, stream: av.AudioStream
    ) -> Iterator[av.AudioFrame]:
        for frame in self._decoded(source, stream):
            start = float(frame.time or 0)
            self.end_s = start + frame.samples / frame.sample_rate
            mono = _mono(frame)
            self.parts.append(mono)
            if float(np.abs(mono).max(initial=0)) < _QUIET:
                self._since = start if self._since is None else self._since
            else:
                self._close(start)
            yield frame
            self._watch(self.end_s)
        self._close(self.end_s)

    def samples(self) -> np.ndarray:
        """Give all of the sound, and let go of its parts one by one."""
        whole = np.empty(sum(map(len, self.parts)), np.float32)
        at = len(whole)
        while self.parts:
            part = self.parts.pop()
            whole[at - len(part) : at] = part
            at -= len(part)
        return whole

    def _decoded(
        self, source: av.container.InputContainer, stream: av.AudioStream
    ) -> Iterator[av.AudioFrame]:
        for packet in source.demux(stream):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1

    def _close(self, now: float) -> None:
        if self._since is not None and now - self._since > _WORTH_NOTING_S:
            self.silences.append((round(self._since, 2), round(now - self._since, 2)))
        self._since = None


def _mono(frame: av.AudioFrame) -> np.ndarray:
    """Give the mean of a frame's channels as floats in -1..1, packed or planar."""
    samples: np.ndarray = frame.to_ndarray()
    if samples.dtype.kind == "u":  # 8 bits around 128
        samples = (samples.astype(np.float32) - 128) / 128
    elif samples.dtype.kind == "i":
        samples = samples.astype(np.float32) / 2 ** (8 * samples.dtype.itemsize - 1)
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    mean: np.ndarray = samples.mean(axis=0, dtype=np.float32)
    return mean
