"""A test card: a film of swatches and ticks, made by the encoder and the join of every lesson.

What no lesson shows for certain can be measured on it: that a colour comes back as it was drawn,
and that picture and sound stay together over the joins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import av
import numpy as np

from shared.film.clock import RATE_HZ, SAMPLES_PER_FRAME
from shared.film.encode import Patch, Size, encode
from shared.film.findings import Check
from shared.film.join import Part, join_film

SIZE = Size(640, 360)
SCENES = (31, 47, 40, 62)  # frames; none a multiple of an AAC frame
SWATCHES = (
    0xE5383B, 0xFF8A1F, 0xF2C200, 0x2DB55D, 0x1FA8D8, 0x2F6BFF, 0x7A3FF2, 0xFBF8F3, 0x1B1F3B,
)  # fmt: skip
_TICK_S, _TICK_HZ, _TICK_HEIGHT = 0.01, 1000, 0.5
_MOST_COLOUR, _MOST_DRIFT_MS = 4, 5.0
_WIDTH = SIZE.width // len(SWATCHES) // 2 * 2
_BAND = SIZE.height // 2
_BRIGHT = 128


def write_card(path: Path) -> None:
    """Write the card as a film."""
    join_film(path, card_parts(), card_sound(), {"comment": "A test card.", "copyright": "none"})


def card_parts() -> list[Part]:
    """Encode the scenes: swatches above, and below a white band on each scene's first frame."""
    parts = []
    for n, length in enumerate(SCENES, start=1):
        frames: list[Sequence[Patch]] = [[Patch(0, 0, picture(marked=True))]]
        frames += [[Patch(0, 0, picture(marked=False))] if k == 1 else [] for k in range(1, length)]
        parts.append(Part(f"Part {n}", length, encode(frames, SIZE)))
    return parts


def picture(*, marked: bool) -> np.ndarray:
    """Draw one frame of the card, RGB."""
    rgb = np.zeros((SIZE.height, SIZE.width, 3), np.uint8)
    for n, colour in enumerate(SWATCHES):
        rgb[:_BAND, n * _WIDTH : (n + 1) * _WIDTH] = tuple(colour.to_bytes(3, "big"))
    rgb[_BAND:] = 255 if marked else 0
    return rgb


def card_sound(late_s: float = 0.0) -> np.ndarray:
    """Make the sound: a tick at each scene's start, so much too late."""
    samples = np.zeros(sum(SCENES) * SAMPLES_PER_FRAME, np.float32)
    tick = np.arange(round(_TICK_S * RATE_HZ)) / RATE_HZ
    for frames in accumulate(SCENES[:-1], initial=0):
        at = frames * SAMPLES_PER_FRAME + round(late_s * RATE_HZ)
        samples[at : at + len(tick)] = _TICK_HEIGHT * np.cos(2 * np.pi * _TICK_HZ * tick)
    return samples


def check_card(path: Path) -> list[Check]:
    """Measure a card: the farthest colour, and the largest time between a mark and its tick."""
    marks, colour = _seen(path)
    ticks = list(_ticks(path))
    apart = [abs(mark - tick) * 1000 for mark, tick in zip(marks, ticks, strict=False)]
    whole = len(marks) == len(ticks) == len(SCENES)
    drift = (
        f"{max(apart, default=0):.2f} ms" if whole else f"{len(marks)} marks, {len(ticks)} ticks"
    )
    return [
        Check("colour", f"{colour} of 255", f"<= {_MOST_COLOUR} of 255", colour <= _MOST_COLOUR),
        Check(
            "drift", drift, f"<= {_MOST_DRIFT_MS:.0f} ms",
            whole and max(apart) <= _MOST_DRIFT_MS,
        ),
    ]  # fmt: skip


def _seen(path: Path) -> tuple[list[float], int]:
    """Find the marked frames, and how far the worst swatch is off when read as BT.709."""
    marks, worst = [], 0
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            rgb = frame.reformat(
                format="rgb24", src_colorspace="ITU709", src_color_range="MPEG"
            ).to_ndarray()
            if rgb[_BAND + 20 :].mean() > _BRIGHT:
                marks.append(float(frame.time or 0))
            for n, colour in enumerate(SWATCHES):
                middle = rgb[40 : _BAND - 40, n * _WIDTH + 20 : (n + 1) * _WIDTH - 20]
                off = np.abs(middle.mean(axis=(0, 1)) - np.array(tuple(colour.to_bytes(3, "big"))))
                worst = max(worst, round(float(off.max())))
    return marks, worst


def _ticks(path: Path) -> Iterator[float]:
    """Find the moments at which a tick begins."""
    with av.open(str(path)) as source:
        first = 0.0
        parts: list[np.ndarray] = []
        for frame in source.decode(audio=0):
            first = first if parts else float(frame.time or 0)
            parts.append(frame.to_ndarray()[0])
    loud = np.flatnonzero(np.abs(np.concatenate(parts)) > _TICK_HEIGHT / 2)
    fresh = np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 10
    yield from (first + float(sample) / RATE_HZ for sample in loud[fresh])
