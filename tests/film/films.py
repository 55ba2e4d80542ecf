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
    with_sound: bool = True
    padding: int = 0


def write(path: Path, film: Film) -> Path:
    """Write a film."""
    options = {"movflags": "+faststart"} if film.faststart else {}
    options["video_track_timescale"] = "90000"
    with av.open(str(path), "w", format="mp4", options=options) as out:
        video = _video_stream(out, film)
        audio = out.add_stream("aac", rate=RATE_HZ, layout=film.layout) if film.with_sound else None
        out.metadata.update(film.tags)
        if audio is not None:
            for frame in _sound(film):
                out.mux(audio.encode(frame))
            out.mux(audio.encode(None))
        for frame in _pictures(film):
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    if film.padding:
        free = film.padding.to_bytes(4, "big") + b"free" + bytes(film.padding - 8)
        path.write_bytes(path.read_bytes() + free)
    return path


def _video_stream(out, film):
    options = {"preset": "veryfast", "bf": "0", "profile": film.profile, "forced-idr": "1"}
    options["x264-params"] = "keyint=300:min-keyint=1:scenecut=0"
    stream = out.add_stream("libx264", rate=film.rate, options=options)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec = stream.codec_context
    codec.time_base = Fraction(1, film.rate)
    codec.colorspace = codec.color_primaries = codec.color_trc = film.colour
    codec.color_range = 1
    return stream


def _pictures(film):
    for index in range(film.frames):
        if index in film.dropped:
            continue
        luma = np.full((HEIGHT, WIDTH), 200, np.uint8)
        if film.picture == "black":
            luma[:] = 16
            luma[:, index % WIDTH] = 30
        elif film.picture != "blank":
            left = index if film.picture == "moving" else 40
            luma[20:50, left % 90 : left % 90 + 30] = 60
        chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.concatenate([luma, chroma]), format="yuv420p")
        frame.pts, frame.time_base = index + film.video_from, Fraction(1, film.rate)
        frame.pict_type = av.video.frame.PictureType(int(index in film.keys))
        yield frame


def hum(seconds: float) -> np.ndarray:
    """Make sound that swells like speech, levelled."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)
    return level((0.4 * swell * np.sin(2 * np.pi * 300 * at)).astype(np.float32))


def _sound(film):
    samples = hum(film.sound_s) * film.gain
    start, end = (round(moment * RATE_HZ) for moment in film.hole_s)
    samples[start:end] = 0
    sides = 2 if film.layout == "stereo" else 1
    for at in range(0, len(samples), 1024):
        part = np.ascontiguousarray(np.stack([samples[at : at + 1024]] * sides))
        frame = av.AudioFrame.from_ndarray(part.astype(np.float32), "fltp", film.layout)
        frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
        frame.pts = at + round(film.sound_from_s * RATE_HZ)
        yield frame
