"""One picture of each scene of a film, when most of it has appeared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

LATE = 0.8  # of a scene
WIDTH, QUALITY = 640, 85  # pixels of the longer side; JPEG


def stills(film: Path, starts_s: Sequence[float], folder: Path, name: str) -> list[Path]:
    """Store a JPEG for each scene; `starts_s` are the scenes' starts in seconds."""
    paths = []
    with av.open(str(film)) as source:
        stream = source.streams.video[0]
        length_s = float((stream.duration or 0) * (stream.time_base or 0))
        ends = [*starts_s[1:], length_s]
        for number, (start, end) in enumerate(zip(starts_s, ends, strict=True), start=1):
            picture = _at(source, stream, start + LATE * (end - start))
            path = folder / f"{name}-{number:02}.jpg"
            small = Image.fromarray(picture.to_ndarray(format="rgb24"))
            small.thumbnail((WIDTH, WIDTH))
            small.save(path, quality=QUALITY)
            paths.append(path)
    return paths


def starts_of(film: Path) -> list[float]:
    """Give the start of each chapter in seconds."""
    with av.open(str(film)) as source:
        return [float(one["start"] * (one["time_base"] or 0)) for one in source.chapters()]


def _at(source: av.container.InputContainer, stream: av.VideoStream, at_s: float) -> av.VideoFrame:
    """Decode from the key frame before a moment up to it."""
    assert stream.time_base is not None  # noqa: S101
    source.seek(round(at_s / stream.time_base), stream=stream)
    last = None
    for frame in source.decode(stream):
        last = frame
        if frame.time is not None and frame.time >= at_s:
            break
    if last is None:
        raise ValueError(f"no picture at {at_s:.1f} s")
    return last
