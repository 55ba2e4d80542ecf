"""Check a drawn scene: nothing covers what is written, all of it stands out, the border is free.

Looks at layers, before anything is encoded, because a film no longer tells which pixels are words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from PIL import Image

from shared.film.encode import FULL, Size
from shared.film.findings import Check, told
from shared.film.picture.compose import Staged, still
from shared.film.picture.layers import Layer
from shared.film.picture.motion import LEAVE_FRAMES, Cue

_SAFE = 0.05  # of each side
_CONTRAST = 4.5  # WCAG 2, 1.4.3
_STROKE = 0.005  # the share of a box's pixels that letters cover at least
_OPAQUE, _COVERED = 128, 40  # alpha of 255, pixels
_PICTURES = ("figure",)  # a book's picture has colours of its own


def check_drawing(staged: Sequence[Staged], size: Size = FULL) -> list[Check]:
    """Check one scene's layers; all but the base and marks on other layers count."""
    own = [(place, cue, layer) for place, (cue, layer) in enumerate(staged) if _own(layer)]
    covered = [
        f"{one.name} and {other.name}"
        for (_, cue, one), (_, later, other) in combinations(own, 2)
        if _together(cue, later) and _shared(one, other) > _COVERED
    ]
    outside = [layer.name for _, _, layer in own if not _inside(layer, size)]
    ratios = dict(_contrasts(staged, own, size))
    faint = [f"{name} {ratio:.1f}" for name, ratio in ratios.items() if ratio < _CONTRAST]
    least = min(ratios.values(), default=_CONTRAST)
    return [
        Check("overlap", f"covered: {told(covered)}", "no layer on another", not covered),
        Check("layers-inside", f"outside: {told(outside)}", "5 % of each side free", not outside),
        Check(
            "contrast", f"{least:.1f} : 1 at least; below: {told(faint)}", f">= {_CONTRAST} : 1",
            not faint,
        ),
    ]  # fmt: skip


def _own(layer: Layer) -> bool:
    """Tell whether a layer has a place of its own: rings, ticks and numbers mark another one."""
    return layer.name != "base" and "!" not in layer.name and "/" not in layer.name


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
    left, top, right, bottom = layer.box
    wide, high = size.width * _SAFE, size.height * _SAFE
    fits_across = left >= wide and right <= size.width - wide
    return fits_across and top >= high and bottom <= size.height - high


def _contrasts(
    staged: Sequence[Staged], own: Sequence[tuple[int, Cue, Layer]], size: Size
) -> Iterator[tuple[str, float]]:
    """Measure each layer as it stands on what is below it: its strongest stroke on its ground."""
    for place, _, layer in own:
        if layer.name in _PICTURES:
            continue
        below = [(Cue(one.name, 0), one) for _, one in staged[: place + 1] if not _gone(one, layer)]
        yield layer.name, _contrast(still(below, size).crop(layer.box))


def _gone(one: Layer, measured: Layer) -> bool:
    """Leave out what only marks, so that a stroke is never that of a ring or a tick."""
    return one is not measured and one.name != "base" and not _own(one)


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
