"""Draw one scene: plan and word times in, layers with their cues out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.film.clock import frame_at
from shared.film.encode import FULL, Size
from shared.film.narration import SpokenLine
from shared.film.picture.compose import Staged
from shared.film.picture.figures import Drawing, load
from shared.film.picture.layers import draw
from shared.film.picture.layout import told
from shared.film.picture.motion import countdown_s, cues
from shared.film.picture.shapes import shape_of
from shared.film.picture.states import Cue
from shared.lesson.plan import Plan, Scene
from shared.ports import Objects

_GAP_FRAMES = 15  # between two sentences


def staged(
    plan: Plan, scene: Scene, lines: Sequence[SpokenLine], objects: Objects, size: Size = FULL
) -> tuple[Staged, ...]:
    """Draw a scene's layers and say when each appears; raises Permanent when a text is too long."""
    planned = [*cues(scene, lines), *cited(scene, lines)]
    names = list(dict.fromkeys(cue.layer for cue in planned))
    drawing = _drawing(scene, objects)
    page = told(
        plan, scene, names, shape_of(size), drawing=drawing, seconds=countdown_s(scene, lines)
    )
    layers = {layer.name: layer for layer in draw(scene.type, page, names, drawing, size)}
    return tuple((cue, layers[cue.layer]) for cue in planned if cue.layer in layers)


def cited(scene: Scene, lines: Sequence[SpokenLine]) -> list[Cue]:
    """Name the book's section while sentences of it are said, one after the other as one."""
    found: list[Cue] = []
    for line, spoken in zip(scene.say, lines, strict=True):
        start, end = frame_at(spoken.start_s), frame_at(spoken.until_s)
        if not line.cites:
            continue
        last = found[-1].end if found else None
        if last is not None and start - last <= _GAP_FRAMES:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Cue("section/cited", start, "fade", end))
    return found


def _drawing(scene: Scene, objects: Objects) -> Drawing | None:
    for element in scene.show:
        if element.figure is not None:
            return load(objects, element.figure)
    return None
