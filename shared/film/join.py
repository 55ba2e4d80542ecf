"""Join scenes to one film: video packets copied, sound encoded once, chapters and tags inside.

Scene times come from frame counts, never from container durations: no gap, no click, no drift.
Sound encoded per scene would add a priming gap at each join.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

import av
import numpy as np

from shared.errors import Permanent
from shared.film import both_sides
from shared.film.audio import frames_of
from shared.film.clock import FPS, RATE_HZ
from shared.film.encode import TIME_BASE

if TYPE_CHECKING:  # named in the type information alone
    from av.container.core import Chapter

_BIT_RATE = 112_000  # of one channel; the second costs five bytes a frame
_Packet: TypeAlias = "av.Packet[av.VideoStream] | av.Packet[av.AudioStream]"
_Timed: TypeAlias = "tuple[Fraction, _Packet]"


@dataclass(frozen=True, slots=True)
class Part:
    """One scene of the film; `video` is its MP4, empty in an audio lesson."""

    title: str
    frames: int
    video: bytes = b""


def join_film(
    path: Path, parts: Sequence[Part], sound: np.ndarray, tags: Mapping[str, str]
) -> None:
    """Write an MP4 with faststart; `sound` is levelled mono, as long as all parts together.

    `path` is a real file, because faststart opens it a second time.  Raises Permanent when two
    scenes were encoded with different parameters.
    """
    options = {
        "movflags": "+faststart",
        "video_track_timescale": str(TIME_BASE),
        "movie_timescale": str(TIME_BASE),
        "fflags": "+bitexact",
    }
    with av.open(str(path), "w", format="mp4", options=options) as out:
        with _opened(parts[0]) as first:
            video = out.add_stream_from_template(first.streams.video[0])
            head = _parameters(first)
        audio = _audio_stream(out)
        _describe(out, parts, tags)
        timed = [*_copied(parts, head, video)]
        timed += _encoded(audio, sound)
        for _, packet in sorted(timed, key=lambda one: one[0]):
            out.mux(packet)


def join_sound(
    path: Path, parts: Sequence[Part], sound: np.ndarray, tags: Mapping[str, str]
) -> None:
    """Write an M4A with chapters: the lesson for those who only listen."""
    options = {"movflags": "+faststart", "movie_timescale": str(TIME_BASE), "fflags": "+bitexact"}
    with av.open(str(path), "w", format="ipod", options=options) as out:
        audio = _audio_stream(out)
        _describe(out, parts, tags)
        for _, packet in _encoded(audio, sound):
            out.mux(packet)


def _opened(part: Part) -> av.container.InputContainer:
    return av.open(io.BytesIO(part.video), "r")


def _parameters(source: av.container.InputContainer) -> bytes:
    return bytes(source.streams.video[0].codec_context.extradata or b"")


def _audio_stream(out: av.container.OutputContainer) -> av.AudioStream:
    stream = out.add_stream("aac", rate=RATE_HZ, layout="stereo")
    stream.bit_rate = _BIT_RATE
    return stream


def _describe(
    out: av.container.OutputContainer, parts: Sequence[Part], tags: Mapping[str, str]
) -> None:
    chapters: list[Chapter] = []
    base = 0
    for number, part in enumerate(parts):
        chapters.append(
            {
                "id": number,
                "start": base * 1000 // FPS,
                "end": (base + part.frames) * 1000 // FPS,
                "time_base": Fraction(1, 1000),
                "metadata": {"title": part.title},
            }
        )
        base += part.frames
    out.metadata.update(tags)
    out.set_chapters(chapters)


def _copied(parts: Sequence[Part], head: bytes, stream: av.VideoStream) -> Iterator[_Timed]:
    """Shift each scene's packets to its place."""
    base = 0
    for part in parts:
        with _opened(part) as source:
            if _parameters(source) != head:
                raise Permanent(f"scene {part.title}: encoded with other parameters")
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is None or packet.pts is None:  # the last is an empty flush packet
                    continue
                shift = round(Fraction(base, FPS) / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = stream
                yield packet.dts * packet.time_base, packet
        base += part.frames


def _encoded(stream: av.AudioStream, sound: np.ndarray) -> Iterator[_Timed]:
    """Encode the soundtrack in one go, once for both sides."""
    encoder = av.AudioCodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "fltp"
    encoder.bit_rate, encoder.options = _BIT_RATE, both_sides.PLAIN
    encoder.time_base = Fraction(1, RATE_HZ)
    for frame in (*frames_of(sound, RATE_HZ, "fltp"), None):
        for packet in encoder.encode(frame):
            pair = cast("av.Packet[av.AudioStream]", av.Packet(both_sides.paired(bytes(packet))))
            pair.pts, pair.dts, pair.duration = packet.pts, packet.dts, packet.duration
            pair.time_base, pair.stream, pair.is_keyframe = packet.time_base, stream, True
            yield (pair.dts or 0) * pair.time_base, pair
