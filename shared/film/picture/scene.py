"""Draw one scene: plan and word times in, layers with their cues out."""

from __future__ import annotations

from collections.abc import Sequence

from shared.film.encode import FULL, Size
from shared.film.narration import SpokenLine
from shared.film.picture.compose import Staged
from shared.film.picture.figures import Drawing, load
from shared.film.picture.layers import draw
from shared.film.picture.layout import told
from shared.film.picture.motion import countdown_s, cues
from shared.film.picture.shapes import shape_of
from shared.lesson.plan import Plan, Scene
from shared.ports import Objects


def staged(
    plan: Plan, scene: Scene, lines: Sequence[SpokenLine], objects: Objects, size: Size = FULL
) -> tuple[Staged, ...]:
    """Draw a scene's layers and say when each appears; raises Permanent when a text is too long."""
    planned = cues(scene, lines)
    names = [cue.layer for cue in planned]
    drawing = _drawing(scene, objects)
    page = told(
        plan, scene, names, shape_of(size), drawing=drawing, seconds=countdown_s(scene, lines)
    )
    layers = {layer.name: layer for layer in draw(scene.type, page, names, drawing, size)}
    return tuple((cue, layers[cue.layer]) for cue in planned if cue.layer in layers)


def _drawing(scene: Scene, objects: Objects) -> Drawing | None:
    for element in scene.show:
        if element.figure is not None:
            return load(objects, element.figure)
    return None
