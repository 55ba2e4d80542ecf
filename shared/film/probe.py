"""Look at a finished media file: decode all of it once and note what the checks need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from shared.errors import Permanent
from shared.film.loudness import Loudness, summary

_THINNED = 8  # every eighth pixel of every eighth row shows what a frame looks like
_BLOCK_S = 0.1
_QUIET = 0.003  # of full scale, -50 dBFS


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture; luma in 0..255, `changed` is the mean difference to the one before."""

    pts: int
    key: bool
    mean: float
    spread: float
    changed: float


@dataclass(frozen=True, slots=True)
class Video:
    """The video track."""

    codec: str
    width: int
    height: int
    average_rate: Fraction
    base_rate: Fraction
    time_base: Fraction
    start: int
    parameters: str  # the digest of the encoder's parameter set
    frames: tuple[Frame, ...]

    @property
    def end_s(self) -> float:
        """The moment at which the last frame is over, at the file's own step."""
        if not self.frames:
            return 0.0
        return float((self.frames[-1].pts * self.time_base) + 1 / self.average_rate)


@dataclass(frozen=True, slots=True)
class Audio:
    """The sound track; `silences` are (start, length) of more than a second, in seconds."""

    codec: str
    rate_hz: int
    channels: int
    start: int
    end_s: float
    loudness: Loudness
    silences: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """Everything that the checks look at."""

    size: int
    faststart: bool
    tags: dict[str, str]
    chapters: tuple[tuple[str, float], ...]
    video: Video | None
    audio: Audio | None


def probe(path: Path) -> Probe:
    """Decode a whole file; raises Permanent when it is no media file or breaks off."""
    try:
        with av.open(str(path)) as source:
            tags = dict(source.metadata)
            chapters = tuple(
                (one["metadata"].get("title", ""), float(one["start"] * (one["time_base"] or 0)))
                for one in source.chapters()
            )
        return Probe(
            path.stat().st_size, _faststart(path), tags, chapters, _video(path), _audio(path)
        )
    except (av.FFmpegError, OSError) as error:
        raise Permanent(f"the file cannot be decoded: {type(error).__name__}") from error


def _video(path: Path) -> Video | None:
    with av.open(str(path)) as source:
        if not source.streams.video:
            return None
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        codec = stream.codec_context
        frames = tuple(_frames(source, stream))
        colour = f"{codec.colorspace}/{codec.color_primaries}/{codec.color_trc}"
        return Video(
            codec=f"{codec.name} {codec.profile} {codec.pix_fmt} {colour}",
            width=codec.width,
            height=codec.height,
            average_rate=stream.average_rate or Fraction(0),
            base_rate=stream.base_rate or Fraction(0),
            time_base=stream.time_base or Fraction(0),
            start=stream.start_time or 0,
            parameters=hashlib.sha256(bytes(codec.extradata or b"")).hexdigest(),
            frames=frames,
        )


def _frames(source: av.container.InputContainer, stream: av.VideoStream) -> Iterator[Frame]:
    before: np.ndarray | None = None
    for frame in source.decode(stream):
        plane = frame.planes[0]
        rows = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
        thin = rows[: frame.height : _THINNED, : frame.width : _THINNED].astype(np.int16)
        changed = 0.0 if before is None else float(np.abs(thin - before).mean())
        yield Frame(frame.pts or 0, frame.key_frame, float(thin.mean()), float(thin.std()), changed)
        before = thin


def _audio(path: Path) -> Audio | None:
    with av.open(str(path)) as source:
        if not source.streams.audio:
            return None
        stream = source.streams.audio[0]
        meter = _Silences()
        loudness = summary(meter.watched(source.decode(stream)))
        codec = stream.codec_context
        length = (stream.duration or 0) * (stream.time_base or Fraction(0))
        return Audio(
            codec=f"{codec.name} {codec.profile}",
            rate_hz=codec.sample_rate,
            channels=codec.channels,
            start=stream.start_time or 0,
            end_s=float(length),
            loudness=loudness,
            silences=tuple(meter.found),
        )


class _Silences:
    """Finds where nothing is heard while the frames pass by on their way to the meter."""

    def __init__(self) -> None:
        self.found: list[tuple[float, float]] = []
        self._since: float | None = None

    def watched(self, frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
        end = 0.0
        for frame in frames:
            start = float(frame.time or 0)
            end = start + frame.samples / frame.sample_rate
            if float(np.abs(frame.to_ndarray()).max(initial=0)) < _QUIET:
                self._since = start if self._since is None else self._since
            else:
                self._close(start)
            yield frame
        self._close(end)

    def _close(self, now: float) -> None:
        if self._since is not None and now - self._since > 1:
            self.found.append((round(self._since, 2), round(now - self._since, 2)))
        self._since = None


def _faststart(path: Path) -> bool:
    """Tell whether the index comes before the pictures: boxes are a length and four letters."""
    order, at, size = [], 0, path.stat().st_size
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            length = int.from_bytes(head[8:16], "big") if length == 1 else length
            order.append(kind)
            at += max(length, 8)
    return b"moov" in order and b"mdat" in order and order.index(b"moov") < order.index(b"mdat")
