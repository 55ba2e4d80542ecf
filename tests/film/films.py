"""Tiny films of three seconds, good ones and each kind of bad one."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from shared.film.loudness import level

RATE_HZ = 48_000
WIDTH, HEIGHT = 128, 72


@dataclass(frozen=True)
class Film:
    """What to write; a bad film changes one of these."""

    frames: int = 90
    rate: int = 30
    profile: str = "high"
    colour: int = 1
    picture: str = "moving"
    keys: tuple[int, ...] = (0, 45)
    video_from: int = 0
    dropped: tuple[int, ...] = ()
    layout: str = "stereo"
    sound_s: float = 3.0
    sound_from_s: float = 0.0
    gain: float = 1.0
    hole_s: tuple[float, float] = (0.0, 0.0)
    faststart: bool = True
    tags: dict[str, str] = field(
        default_factory=lambda: {"comment": "Adapted from Physics.", "copyright": "CC BY 4.0"}
    )
    sounds: int = 1
    padding: int = 0
    level: str = "auto"
    interlaced: bool = False
    colour_range: int = 1
    chapters: tuple[tuple[str, float], ...] = (("One", 0.0), ("Two", 1.5))
    burst: tuple[float, float] = (0.0, 0.0)  # seconds, height: a few samples that jump
    halves: tuple[float, float] = (1.0, 1.0)  # gain of each half
    damage: str = ""  # "video" or "audio": spoil one packet of it


def write(path: Path, film: Film) -> Path:
    """Write a film."""
    options = {"movflags": "+faststart"} if film.faststart else {}
    options["video_track_timescale"] = "90000"
    with av.open(str(path), "w", format="mp4", options=options) as out:
        video = _video_stream(out, film)
        sounds = [
            out.add_stream("aac", rate=RATE_HZ, layout=film.layout) for _ in range(film.sounds)
        ]
        out.metadata.update(film.tags)
        out.set_chapters(_chapters(film))
        for audio in sounds:
            for frame in _sound(film):
                out.mux(audio.encode(frame))
            out.mux(audio.encode(None))
        for frame in _pictures(film):
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    if film.padding:
        free = film.padding.to_bytes(4, "big") + b"free" + bytes(film.padding - 8)
        path.write_bytes(path.read_bytes() + free)
    if film.damage:
        _spoil(path, film.damage)
    return path


def _chapters(film):
    ends = [*(start for _, start in film.chapters[1:]), film.frames / film.rate]
    return [
        {
            "id": n,
            "start": round(start * 1000),
            "end": round(end * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": title},
        }
        for n, ((title, start), end) in enumerate(zip(film.chapters, ends, strict=False))
    ]


def _spoil(path: Path, kind: str) -> None:
    """Overwrite the second half of one packet in the middle of a track."""
    with av.open(str(path)) as source:
        packets = [one for one in source.demux(getattr(source.streams, kind)[0]) if one.size]
        middle = packets[len(packets) // 2]
        start, size = middle.pos, middle.size
    content = bytearray(path.read_bytes())
    content[start + size // 2 : start + size] = b"\xff" * (size - size // 2)
    path.write_bytes(content)


def _video_stream(out, film):
    options = {"preset": "veryfast", "bf": "0", "profile": film.profile, "forced-idr": "1"}
    options["x264-params"] = "keyint=300:min-keyint=1:scenecut=0" + ":tff=1" * film.interlaced
    options |= {} if film.level == "auto" else {"level": film.level}
    stream = out.add_stream("libx264", rate=film.rate, options=options)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec = stream.codec_context
    codec.time_base = Fraction(1, film.rate)
    codec.colorspace = codec.color_primaries = codec.color_trc = film.colour
    codec.color_range = film.colour_range
    return stream


def _pictures(film):
    for index in range(film.frames):
        if index in film.dropped:
            continue
        luma = _luma(film.picture, index)
        chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.concatenate([luma, chroma]), format="yuv420p")
        frame.pts, frame.time_base = index + film.video_from, Fraction(1, film.rate)
        frame.pict_type = av.video.frame.PictureType(int(index in film.keys))
        yield frame


def _luma(picture: str, index: int) -> np.ndarray:
    """Draw a dark block on light paper; `picture` says where it goes."""
    luma = np.full((HEIGHT, WIDTH), 200, np.uint8)
    if picture == "black":
        luma[:] = 16
        luma[20:50, index % 60 + 10] = 30
    elif picture == "blink" and 60 <= index < 65:
        luma[:] = 16
    elif picture != "blank":
        at = {"frozen": 0, "brief": min(index % 45, 6)}.get(picture, index)
        left = 0 if picture == "edge" else at % 60 + 10
        luma[20 : 50 + (at % 8 if picture == "edge" else 0), left : left + 30] = 60
    return luma


def hum(seconds: float) -> np.ndarray:
    """Make sound that swells like speech, levelled."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)
    return level((0.4 * swell * np.sin(2 * np.pi * 300 * at)).astype(np.float32))


def _sound(film):
    samples = hum(film.sound_s) * film.gain
    start, end = (round(moment * RATE_HZ) for moment in film.hole_s)
    samples[start:end] = 0
    samples[: len(samples) // 2] *= film.halves[0]
    samples[len(samples) // 2 :] *= film.halves[1]
    at, height = round(film.burst[0] * RATE_HZ), film.burst[1]
    samples[at : at + 24] += height
    sides = 2 if film.layout == "stereo" else 1
    for at in range(0, len(samples), 1024):
        part = np.ascontiguousarray(np.stack([samples[at : at + 1024]] * sides))
        frame = av.AudioFrame.from_ndarray(part.astype(np.float32), "fltp", film.layout)
        frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
        frame.pts = at + round(film.sound_from_s * RATE_HZ)
        yield frame
