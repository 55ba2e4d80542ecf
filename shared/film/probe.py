"""Look at a finished media file: decode all of it once and note what the checks need."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import cast

import av
import numpy as np

from shared.errors import Permanent
from shared.film.probe_sound import Audio, heard
from shared.film.thinned import Thinned, repeats_in

__all__ = ["Audio", "Frame", "Probe", "Video", "probe"]

_THINNED = 8  # every eighth pixel of every eighth row shows what a frame looks like
_DARK = 38  # luma: a tenth of the way from black to white, as ffmpeg's blackdetect has it
_BORDER = 0.05  # of each side
_PLAIN = ("yuv420p", "yuvj420p", "yuv422p", "yuv444p")  # luma in a plane of bytes
_RANGES = {1: "tv", 2: "pc"}
_AVCC_LEVEL = 3  # the place of the level in the decoder's configuration record

Watch = Callable[[float], None]  # told how many seconds have been looked at


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture; luma in 0..255, `changed` is the mean difference to the one before.

    `dark` is the share of pixels that are black, `border` the largest difference between the outer
    5 % and the corner.
    """

    pts: int
    key: bool
    mean: float
    spread: float
    changed: float
    dark: float = 0.0
    border: float = 0.0


@dataclass(frozen=True, slots=True)
class Video:
    """The video track; `damaged` are the frames that were patched up or lost while decoding."""

    codec: str
    width: int
    height: int
    average_rate: Fraction
    base_rate: Fraction
    time_base: Fraction
    start: int
    parameters: str  # the digest of the encoder's parameter set
    frames: tuple[Frame, ...]
    level: int = 0  # ten times what it is called: 40 is level 4.0
    range: str = "tv"
    interlaced: bool = False
    damaged: tuple[int, ...] = ()

    @property
    def end_s(self) -> float:
        """The moment at which the last frame is over, at the file's own step."""
        if not self.frames or not self.average_rate:
            return 0.0
        return float((self.frames[-1].pts * self.time_base) + 1 / self.average_rate)


@dataclass(frozen=True, slots=True)
class Probe:
    """Everything that the checks look at; `tracks` counts those of video and of sound."""

    size: int
    faststart: bool
    tags: dict[str, str]
    chapters: tuple[tuple[str, float], ...]
    video: Video | None
    audio: Audio | None
    tracks: tuple[int, int] = (1, 1)


def probe(path: Path, watch: Watch = lambda _: None) -> Probe:
    """Decode a whole file; raises Permanent when it is no media file or breaks off.

    `watch` is told how many seconds of picture and sound together have been looked at.
    """
    try:
        with av.open(str(path)) as source:
            tags = dict(source.metadata)
            chapters = tuple(
                (one["metadata"].get("title", ""), float(one["start"] * (one["time_base"] or 0)))
                for one in source.chapters()
            )
            tracks = (len(source.streams.video), len(source.streams.audio))
        looked = {"video": 0.0, "audio": 0.0}

        def at(track: str, at_s: float) -> None:
            looked[track] = at_s
            watch(sum(looked.values()))

        # Decoders wait for no other Python: the two tracks take as long as the longer of them.
        with ThreadPoolExecutor(max_workers=1) as beside:
            listening = beside.submit(heard, path, partial(at, "audio"))
            video = _video(path, partial(at, "video"))
            audio = listening.result()
        size = path.stat().st_size
        return Probe(size, _faststart(path), tags, chapters, video, audio, tracks)
    except (av.FFmpegError, OSError) as error:
        raise Permanent(f"the file cannot be decoded: {type(error).__name__}") from error


def _video(path: Path, watch: Watch) -> Video | None:
    with av.open(str(path)) as source:
        if not source.streams.video:
            return None
        stream = source.streams.video[0]
        codec = stream.codec_context
        thinned = repeats_in(path)
        if thinned.repeats:
            codec.thread_count = 1  # each picture comes out before the next goes in
        else:
            stream.thread_type = "AUTO"
        look = _Look(thinned, watch)
        frames = tuple(look.frames(source, stream))
        colour = f"{codec.colorspace}/{codec.color_primaries}/{codec.color_trc}"
        head = bytes(codec.extradata or b"")
        return Video(
            codec=f"{codec.name} {codec.profile} {codec.pix_fmt} {colour}",
            width=codec.width,
            height=codec.height,
            average_rate=stream.average_rate or Fraction(0),
            base_rate=stream.base_rate or Fraction(0),
            time_base=stream.time_base or Fraction(0),
            start=stream.start_time or 0,
            parameters=hashlib.sha256(head).hexdigest(),
            frames=frames,
            level=head[_AVCC_LEVEL] if len(head) > _AVCC_LEVEL and codec.name == "h264" else 0,
            range=_RANGES.get(int(codec.color_range), "untagged"),
            interlaced=look.interlaced,
            damaged=tuple(look.damaged),
        )


class _Look:
    """Looks at each picture as it is decoded."""

    def __init__(self, thinned: Thinned, watch: Watch) -> None:
        self.interlaced = False
        self.damaged: list[int] = []
        self._thinned, self._watch = thinned, watch
        self._before: np.ndarray | None = None
        self._last = Frame(0, key=False, mean=0.0, spread=0.0, changed=0.0)

    def frames(
        self, source: av.container.InputContainer, stream: av.VideoStream
    ) -> Iterator[Frame]:
        """Give what each picture looks like; a damaged one is noted and passed over or patched."""
        since_key = 0
        for place, packet in enumerate(source.demux(stream)):
            if place in self._thinned.repeats:
                yield replace(self._last, pts=packet.pts or 0, key=False, changed=0.0)
                continue
            since_key = 0 if packet.is_keyframe else since_key + 1
            if self._thinned.repeats and packet.size:
                pictures = self._pictures(_renumbered(packet, self._thinned, since_key), place)
            else:
                pictures = self._pictures(packet, place)
            yield from pictures

    def _pictures(self, packet: av.Packet[av.VideoStream], place: int) -> Iterator[Frame]:
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            self.damaged.append(place)
            return
        for picture in pictures:
            if picture.is_corrupt:
                self.damaged.append(place)
            self.interlaced = self.interlaced or picture.interlaced_frame
            yield self._seen(picture)
            self._watch(float(picture.time or 0))

    def _seen(self, picture: av.VideoFrame) -> Frame:
        key = bool(picture.key_frame)
        plain = picture if picture.format.name in _PLAIN else picture.reformat(format="gray")
        plane = plain.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        thin = rows[: picture.height : _THINNED, : picture.width : _THINNED].astype(np.int16)
        before, self._before = self._before, thin
        changed = 0.0
        if before is not None and before.shape == thin.shape:
            changed = float(np.abs(thin - before).mean())
            if not changed:  # most frames of a lesson repeat the one before: measured already
                self._last = replace(self._last, pts=picture.pts or 0, key=key, changed=0.0)
                return self._last
        self._last = Frame(
            picture.pts or 0,
            key,
            float(thin.mean()),
            float(thin.std()),
            changed,
            dark=float((thin <= _DARK).mean()),
            border=_border(thin),
        )
        return self._last


def _renumbered(
    packet: av.Packet[av.VideoStream], thinned: Thinned, since_key: int
) -> av.Packet[av.VideoStream]:
    """Give a packet its place among those that are decoded."""
    fresh = cast(
        "av.Packet[av.VideoStream]", av.Packet(thinned.without_gap(bytes(packet), since_key))
    )
    fresh.pts, fresh.dts, fresh.time_base = packet.pts, packet.dts, packet.time_base
    fresh.stream, fresh.is_keyframe = packet.stream, packet.is_keyframe
    return fresh


def _border(thin: np.ndarray) -> float:
    """Measure how far the outer edge of a picture differs from its corner."""
    height, width = thin.shape
    high, wide = max(1, int(height * _BORDER)), max(1, int(width * _BORDER))
    edges = (thin[:high], thin[-high:], thin[:, :wide], thin[:, -wide:])
    return float(max(np.abs(edge - thin[0, 0]).max() for edge in edges))


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
