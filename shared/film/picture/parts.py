"""How a diagram comes: its parts one after the other, each the way that it would be drawn.

diagram/k    part k: an arrow grows along its direction, a line from left to right
diagram/k!   a ring round its words, from the word that stresses it to the next mark
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.film.clock import frame_at
from shared.film.narration import SpokenLine
from shared.film.picture.states import ENTER_FRAMES, Cue, Deed, Motion
from shared.lesson.diagrams import Diagram
from shared.lesson.diagrams.mechanics import Forces, Pair
from shared.lesson.diagrams.quantities import EnergyBars, Graph, NumberLine
from shared.lesson.diagrams.waves import Beam, Prism, Rays, Wave
from shared.lesson.plan import Element

_PART_FRAMES = 18  # 0.6 s: time to see one part before the next
_RIGHTWARD = (Graph, Wave, Rays, Beam, Prism)
_UPWARD, _DOWNWARD = {"up", "off_slope"}, {"down"}


def parts(
    element: Element, whole: Cue, deeds: Sequence[Deed], lines: Sequence[SpokenLine]
) -> list[Cue]:
    """Let the parts of a diagram follow it, each with its word, else one after the other."""
    if element.diagram is None:
        return []
    last = frame_at(lines[-1].end_s) - ENTER_FRAMES["fade"]
    planned, start = [], whole.start
    for k, name in enumerate(element.part_ids, start=1):
        mine = {deed.mark.do: deed.frame for deed in reversed(deeds) if deed.mark.what == name}
        soon = max(start, min(start + _PART_FRAMES, last))
        start = max(whole.start, mine.get("reveal", soon))
        layer, motion = f"{element.slot}/{k}", entrance(element.diagram, k)
        planned.append(Cue(layer, start, motion, mine.get("hide", whole.end)))
        if "emphasise" in mine:
            at = mine["emphasise"]
            planned.append(Cue(f"{layer}!", at, "fade", _next(at, deeds)))
    return planned


def entrance(diagram: Diagram, k: int) -> Motion:
    """Tell how part `k` comes, from 1: drawn along its own direction where it has one."""
    if isinstance(diagram, Forces):
        arrows = [one.direction for one in diagram.arrows]
        return _along(arrows[k - 1] if k <= len(arrows) else diagram.motion)
    if isinstance(diagram, Pair):
        return "wipe_right" if (k == 1) == (diagram.force == "together") else "wipe_left"
    if isinstance(diagram, NumberLine):
        jumps = diagram.jumps[k - 1 - len(diagram.places) :] if k > len(diagram.places) else ()
        if not jumps:
            return "pop"
        return "wipe_right" if jumps[0].end > jumps[0].start else "wipe_left"
    if isinstance(diagram, EnergyBars):
        return "wipe_up"
    return "wipe_right" if isinstance(diagram, _RIGHTWARD) else "fade"


def _along(direction: str) -> Motion:
    if direction in _UPWARD:
        return "wipe_up"
    if direction in _DOWNWARD:
        return "wipe_down"
    return "wipe_left" if direction.endswith("left") or direction == "down_slope" else "wipe_right"


def _next(frame: int, deeds: Sequence[Deed]) -> int | None:
    return min((deed.frame for deed in deeds if deed.frame > frame), default=None)
