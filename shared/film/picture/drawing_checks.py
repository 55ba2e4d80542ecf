"""Check a drawn scene: nothing covers what is written, all of it stands out, the border is free.

Looks at layers, before anything is encoded, because a film no longer tells which pixels are words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from PIL import Image

from shared.film.encode import FULL, Size
from shared.film.findings import Check, told
from shared.film.picture.compose import Box, Staged, drawn
from shared.film.picture.layers import Layer
from shared.film.picture.shapes import scale_of, shape_of
from shared.film.picture.states import LEAVE_FRAMES, Cue

_CONTRAST = 4.5  # WCAG 2, 1.4.3
_STROKE = 0.03  # the share of a line's pixels that letters cover at least
_OPAQUE, _COVERED = 128, 40  # alpha of 255, pixels
_PICTURES = ("figure", "figure/placed")  # a book's picture has colours of its own
_SMALLEST = 4  # pixels: of less a thin stroke is only a shade
_LIT_FRAMES = 25  # by then an element has come, and the light below it


def check_drawing(staged: Sequence[Staged], size: Size = FULL) -> list[Check]:
    """Check one scene's layers, their places and their contrast."""
    return [*check_places(staged, size), check_contrast(staged, size)]


def check_places(staged: Sequence[Staged], size: Size = FULL) -> list[Check]:
    """Check that no layer covers another and that all lie in the safe area.

    Light, ticks and numbers mark another layer, and the base lies below all: they do not count.
    """
    own = [(cue, layer) for cue, layer in staged if _own(layer)]
    covered = [
        f"{one.name} and {other.name}"
        for (cue, one), (later, other) in combinations(own, 2)
        if _slot(one) != _slot(other) and _together(cue, later) and _shared(one, other) > _COVERED
    ]
    outside = [layer.name for _, layer in own if not _inside(layer, size)]
    return [
        Check("overlap", f"covered: {told(covered)}", "no layer on another", not covered),
        Check("layers-inside", f"outside: {told(outside)}", "the safe area", not outside),
    ]


def check_contrast(staged: Sequence[Staged], size: Size = FULL) -> Check:
    """Check that all text stands out at each of its moments; at half size or more.

    A smaller picture draws thin strokes as shades.
    """
    ratios = _contrasts(staged, size)
    faint = [f"{name} {ratio:.1f}" for name, ratio in ratios.items() if ratio < _CONTRAST]
    least = min(ratios.values(), default=_CONTRAST)
    value = f"{least:.1f} : 1 at least; below: {told(faint)}"
    return Check("contrast", value, f">= {_CONTRAST} : 1", not faint)


def _own(layer: Layer) -> bool:
    """Tell whether a layer has a place of its own: light, ticks and numbers mark another one."""
    marks = "!" in layer.name or "/" in layer.name.removesuffix("/placed")
    return layer.name != "base" and not marks


def _slot(layer: Layer) -> str:
    """Name the slot of a layer, whose states follow each other in about one place."""
    return layer.name.removesuffix("~").removesuffix("/placed").replace("credit", "figure")


def _together(cue: Cue, other: Cue) -> bool:
    """Tell whether two layers can be seen at the same time."""
    first, second = sorted((cue, other), key=lambda one: one.start)
    return first.end is None or first.end + LEAVE_FRAMES > second.start


def _shared(one: Layer, other: Layer) -> int:
    """Count the pixels that both layers draw."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    right, bottom = min(one.box[2], other.box[2]), min(one.box[3], other.box[3])
    if left >= right or top >= bottom:
        return 0
    both = [
        np.asarray(layer.alpha)[
            top - layer.top : bottom - layer.top, left - layer.left : right - layer.left
        ]
        > _OPAQUE
        for layer in (one, other)
    ]
    return int(np.logical_and(*both).sum())


def _inside(layer: Layer, size: Size) -> bool:
    left, top, right, bottom = (round(side * scale_of(size)) for side in shape_of(size).safe)
    x0, y0, x1, y1 = layer.box
    return left <= x0 and top <= y0 and x1 <= right and y1 <= bottom


def _contrasts(staged: Sequence[Staged], size: Size) -> dict[str, float]:
    """Measure each layer's lines when they have come, at half time, and before they go.

    They are measured as they stand on the screen; the weakest moment counts.
    """
    last = max((cue.start for cue, _ in staged), default=0) + 2 * _LIT_FRAMES
    ratios: dict[str, float] = {}
    for cue, layer in staged:
        if layer.name in _PICTURES or layer.name.endswith("!"):
            continue
        come, gone = cue.start + _LIT_FRAMES, last if cue.end is None else cue.end
        for frame in sorted({min(come, gone), (come + gone) // 2, max(come, gone)}):
            for box in filter(_large, layer.words):
                ratio = _contrast(drawn(staged, frame, box, size))
                ratios[layer.name] = min(ratio, ratios.get(layer.name, ratio))
    return ratios


def _large(box: Box) -> bool:
    return box[2] - box[0] >= _SMALLEST and box[3] - box[1] >= _SMALLEST


def _contrast(picture: Image.Image) -> float:
    """Compare the commonest luminance of a box with the one farthest from it."""
    light = _luminance(np.asarray(picture, np.float32) / 255)
    steps = np.bincount((light * 255).astype(np.int64).ravel(), minlength=256)
    ground = float(np.median(light[(light * 255).astype(np.int64) == steps.argmax()]))
    dark, bright = (float(np.quantile(light, share)) for share in (_STROKE, 1 - _STROKE))
    return max(_ratio(ground, dark), _ratio(ground, bright))


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(rgb: np.ndarray) -> np.ndarray:
    """Give the relative luminance of colours in 0..1, as WCAG 2 defines it."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - the standard's own numbers
    seen: np.ndarray = linear @ np.array((0.2126, 0.7152, 0.0722))
    return seen
