"""What becomes of an element: it makes room, it has been said, and light falls on it once.

slot!         the light on it, below it, from its word to the next mark
slot/placed   smaller and at its place among others, from the word that brings the next one
slot~         said: where it stands last, in the quiet colour, from the word that hides it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shared.lesson.plan import Element, Mark, Scene, SceneType

Motion = Literal["fade", "rise", "pop", "wipe_right", "wipe_left", "wipe_up", "wipe_down"]
ENTER_FRAMES: dict[Motion, int] = {
    "fade": 9, "rise": 16, "pop": 12,
    "wipe_right": 15, "wipe_left": 15, "wipe_up": 15, "wipe_down": 15,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """One layer: the frame at which it starts to come, and the one at which it starts to go."""

    layer: str
    start: int
    motion: Motion = "rise"
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A mark and the frame at which it happens."""

    frame: int
    mark: Mark


# What stands alone and large until the other comes.
_MAKES_ROOM: dict[SceneType, dict[str, tuple[str, ...]]] = {
    "hook": {"situation": ("question",)},
    "concept": {
        "figure": ("point_", "equation"),
        "credit": ("point_", "equation"),
        "equation": ("point_",),
        "point_1": ("point_2",),
    },
    "misconception": {"myth": ("truth",)},
    "check": {"question": ("option_",)},
    "recap": {"question": ("answer",), "answer": ("point_",)},
}
_PICTURES = {"figure", "diagram"}  # without one the heading makes room, too
_WRITTEN = {"text", "row", "option", "equation"}
LEAVE_FRAMES = 8
_ALONE_FRAMES = 30  # whoever stands alone for less is not worth moving
_NEVER_LIT = {"title", "sources"}
_NO_LIGHT = {"heading", "credit", "question"}
_NO_LIGHT_DRAWN = {"countdown", "term", "definition"}


def settled(scene: Scene, planned: Sequence[Cue]) -> list[Cue]:
    """Let elements make room for others, and stay readable in a quiet colour once hidden."""
    drawn = {element.slot: element.draw for element in scene.show}
    rooms = _rooms(scene)
    found: list[Cue] = []
    for cue in _with_its_picture(planned):
        others = [
            other.start
            for other in planned
            if other.layer != cue.layer and other.layer.startswith(rooms.get(cue.layer, ()))
        ]
        states = _making_room(cue, min(others)) if others else [cue]
        if drawn.get(cue.layer) == "figure":
            found += [
                replace(one, layer=one.layer.replace("figure", "figure/card")) for one in states
            ]
        found += states
        if drawn.get(cue.layer, "") in _WRITTEN and cue.end is not None:
            found.append(Cue(f"{cue.layer}~", cue.end, "fade"))
    return found


def lit(scene: Scene, deeds: Sequence[Deed], planned: Sequence[Cue]) -> list[Cue]:
    """Put light below each element while it is spoken of, from a mark to the next one."""
    if scene.type in _NEVER_LIT:
        return list(planned)
    lights: dict[str, list[Cue]] = {}
    elements = {element.id: element for element in scene.show}
    taken: set[int] = set()
    for deed in deeds:
        element = elements.get(deed.mark.what)
        if element is None or deed.frame in taken or not _may_shine(element, deed.mark):
            continue
        taken.add(deed.frame)
        end = min((other.frame for other in deeds if other.frame > deed.frame), default=None)
        layer = _layer_at(element.slot, deed.frame, planned)
        lights.setdefault(layer, []).append(Cue(f"{layer}!", deed.frame, "fade", end))
    return [one for cue in planned for one in (*lights.get(cue.layer, ()), cue)]


def _with_its_picture(planned: Sequence[Cue]) -> list[Cue]:
    """Let a credit come no earlier than what it credits."""
    first = min((cue.start for cue in planned if cue.layer == "figure"), default=0)
    return [
        replace(cue, start=max(cue.start, first)) if cue.layer == "credit" else cue
        for cue in planned
    ]


def _rooms(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Name what makes room in a scene, each with what the names of those it waits for begin."""
    rooms = _MAKES_ROOM.get(scene.type, {})
    if scene.type == "concept" and not any(one.draw in _PICTURES for one in scene.show):
        return rooms | {"heading": ("point_", "equation")}
    return rooms


def _making_room(cue: Cue, room: int) -> list[Cue]:
    if room < cue.start + _ALONE_FRAMES:
        return [replace(cue, layer=f"{cue.layer}/placed")]
    moves = room - LEAVE_FRAMES
    if cue.end is not None and cue.end <= room:
        return [replace(cue, end=min(cue.end, moves))]
    return [replace(cue, end=moves), Cue(f"{cue.layer}/placed", moves, "fade", cue.end)]


def _may_shine(element: Element, mark: Mark) -> bool:
    """Tell whether a mark lights its element; stressed options are judged instead."""
    if mark.do == "hide" or (mark.do == "emphasise" and element.draw == "option"):
        return False
    return element.slot not in _NO_LIGHT and element.draw not in _NO_LIGHT_DRAWN


def _layer_at(slot: str, frame: int, planned: Sequence[Cue]) -> str:
    """Tell in which of its places an element stands at a frame."""
    placed = f"{slot}/placed"
    starts = [cue.start for cue in planned if cue.layer == placed]
    return placed if starts and min(starts) <= frame else slot
