"""Put layers together, frame by frame, and only where something moves.

A scene starts on empty paper and fades back to it in its last 0.3 s, so that scenes join without
a crossfade and may be encoded apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from shared.film.encode import FULL, Change, Fade, Patch, Size
from shared.film.picture.layers import Layer
from shared.film.picture.shapes import scale_of
from shared.film.picture.states import ENTER_FRAMES, LEAVE_FRAMES, Cue, Motion

PAPER = (0xFB, 0xF8, 0xF3)
FADE_FRAMES = 9
_RISE = 34  # pixels at full size
_POP_FROM = 0.8
_LONG_AFTER = 10**9  # a frame after everything

Box = tuple[int, int, int, int]
Staged = tuple[Cue, Layer]


def patches(
    staged: Sequence[Staged], frames: int, size: Size = FULL
) -> Iterator[tuple[Change, ...]]:
    """Give each frame's changes; the first frame is empty paper, and so is the last.

    `staged` is in drawing order, bottom first.
    """
    yield (_patch((0, 0, size.width, size.height), Image.new("RGB", _wh(size), PAPER)),)
    fade_from = frames - FADE_FRAMES
    below = _Below(staged, size)
    for frame in range(1, min(fade_from, frames)):
        boxes = _merged([_reach(one, size) for one in staged if _moves(one[0], frame)])
        yield tuple(_patch(box, picture) for box, picture in below.drawn(frame, boxes))
    for step in range(max(1, fade_from), frames):
        yield (Fade(PAPER, min(1.0, (step - fade_from + 1) / FADE_FRAMES)),)


def still(staged: Sequence[Staged], size: Size = FULL) -> Image.Image:
    """Draw the picture as it stands when everything has come and gone."""
    return drawn(staged, _LONG_AFTER, (0, 0, size.width, size.height), size)


class _Below:
    """Draws what moves, and keeps of each rectangle what lies below the lowest such layer."""

    def __init__(self, staged: Sequence[Staged], size: Size) -> None:
        self._staged, self._size = staged, size
        self._known: dict[tuple[Box, tuple[float, ...]], Image.Image] = {}

    def drawn(self, frame: int, boxes: Sequence[Box]) -> Iterator[tuple[Box, Image.Image]]:
        """Composite some rectangles of one frame."""
        moving = (n for n, (cue, _) in enumerate(self._staged) if _moves(cue, frame))
        count = next(moving, 0)
        lower, upper = self._staged[:count], self._staged[count:]
        state = tuple(_opacity(cue, frame) for cue, _ in lower)
        self._known = {
            (box, state): self._known.get((box, state)) or drawn(lower, frame, box, self._size)
            for box in boxes
        }
        for box in boxes:
            yield box, drawn(upper, frame, box, self._size, self._known[box, state].copy())


def drawn(
    staged: Sequence[Staged], frame: int, box: Box, size: Size, onto: Image.Image | None = None
) -> Image.Image:
    """Composite one rectangle of one frame, onto paper or onto what lies below."""
    region = onto or Image.new("RGB", (box[2] - box[0], box[3] - box[1]), PAPER)
    for cue, layer in staged:
        opacity, left, moved = _moved(cue, layer, frame, size)
        if opacity <= 0 or not _meet(moved.box, box):
            continue
        alpha = moved.alpha
        if opacity < 1:
            alpha = alpha.point([round(value * opacity) for value in range(256)])
        region.paste(moved.rgb, (left - box[0], moved.top - box[1]), alpha)
    return region


def _moved(cue: Cue, layer: Layer, frame: int, size: Size) -> tuple[float, int, Layer]:
    """Give a layer's opacity and the layer where and as large as it is in this frame."""
    share = (frame - cue.start) / ENTER_FRAMES[cue.motion]
    opacity = _opacity(cue, frame)
    if share <= 0 or share >= 1 or cue.motion == "fade":
        return opacity, layer.left, layer
    eased = 1 - (1 - share) ** 3
    if cue.motion.startswith("wipe"):
        begun = _wiped(layer, cue.motion, eased)
        return opacity, begun.left, begun
    if cue.motion == "rise":
        drop = round((1 - eased) * _RISE * scale_of(size))
        lower = Layer(layer.name, layer.left, layer.top + drop, layer.rgb, layer.alpha)
        return opacity, lower.left, lower
    smaller = _scaled(layer, _POP_FROM + (1 - _POP_FROM) * eased)
    return opacity, smaller.left, smaller


def _opacity(cue: Cue, frame: int) -> float:
    share = max(0.0, (frame - cue.start) / ENTER_FRAMES[cue.motion])
    gone = 0.0 if cue.end is None else (frame - cue.end) / LEAVE_FRAMES
    left_over = 1 - min(1.0, max(0.0, gone))
    faint = 4.0 if cue.motion.startswith("wipe") else 1.4
    return min(1.0, share * faint) * left_over


def _wiped(layer: Layer, motion: Motion, share: float) -> Layer:
    """Give the beginning of a layer: what a pen has drawn that moves one way."""
    width, height = layer.rgb.size
    across, down = max(1, round(width * share)), max(1, round(height * share))
    box = {
        "wipe_right": (0, 0, across, height),
        "wipe_left": (width - across, 0, width, height),
        "wipe_down": (0, 0, width, down),
    }.get(motion, (0, height - down, width, height))
    left, top = layer.left + box[0], layer.top + box[1]
    return Layer(layer.name, left, top, layer.rgb.crop(box), layer.alpha.crop(box))


def _scaled(layer: Layer, factor: float) -> Layer:
    width = max(1, round(layer.rgb.width * factor))
    height = max(1, round(layer.rgb.height * factor))
    left = layer.left + (layer.rgb.width - width) // 2
    top = layer.top + (layer.rgb.height - height) // 2
    fast = Image.Resampling.BILINEAR
    return Layer(
        layer.name,
        left,
        top,
        layer.rgb.resize((width, height), fast),
        layer.alpha.resize((width, height), fast),
    )


def _moves(cue: Cue, frame: int) -> bool:
    enters = cue.start < frame <= cue.start + ENTER_FRAMES[cue.motion]
    leaves = cue.end is not None and cue.end < frame <= cue.end + LEAVE_FRAMES
    return enters or leaves


def _reach(one: Staged, size: Size) -> Box:
    """Give the even rectangle that a layer may touch while it moves."""
    cue, layer = one
    left, top, right, bottom = layer.box
    bottom += _RISE if cue.motion == "rise" else 0
    return (
        left // 2 * 2,
        top // 2 * 2,
        min(size.width, (right + 1) // 2 * 2),
        min(size.height, (bottom + 1) // 2 * 2),
    )


def _merged(boxes: list[Box]) -> list[Box]:
    """Join rectangles that overlap, until none do."""
    apart: list[Box] = []
    for box in boxes:
        grown = box
        while touching := [other for other in apart if _meet(other, grown)]:
            apart = [other for other in apart if other not in touching]
            every = [*touching, grown]
            grown = (
                min(one[0] for one in every),
                min(one[1] for one in every),
                max(one[2] for one in every),
                max(one[3] for one in every),
            )
        apart.append(grown)
    return apart


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _patch(box: Box, picture: Image.Image) -> Patch:
    return Patch(box[0], box[1], np.asarray(picture))


def _wh(size: Size) -> tuple[int, int]:
    return size.width, size.height
