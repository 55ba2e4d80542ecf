"""What a scene's template is told: the slots and their contents, as plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from shared.errors import Permanent
from shared.film.glyphs import missing
from shared.film.picture.figures import Drawing
from shared.film.picture.mathml import Node, tree
from shared.film.picture.motifs import motif_of
from shared.film.picture.shapes import Shape
from shared.lesson.diagrams import written
from shared.lesson.plan import Element, Plan, Scene


def told(  # noqa: PLR0913  (what a page is made of, each by name)
    plan: Plan,
    scene: Scene,
    layers: Sequence[str],
    shape: Shape,
    *,
    drawing: Drawing | None,
    seconds: int,
) -> str:
    """Encode everything that a template draws; `seconds` is the length of a countdown.

    Raises Permanent when a text needs a character that no bundled font has.
    """
    left, top, right, bottom = shape.grid
    topic = topic_of(plan)
    section = re.match(r"\d+(\.\d+)*", plan.attribution.section)
    page: dict[str, object] = {
        "shape": shape.name,
        "width": shape.size.width,
        "height": shape.size.height,
        "grid": {"x": left, "y": top, "w": right - left, "h": bottom - top},
        "n": [one.n for one in plan.scenes].index(scene.n) + 1,
        "count": len(plan.scenes),
        "topic": _checked(topic, scene.n),
        "interest": _checked(plan.brief.interest, scene.n),
        "subject": _checked(plan.attribution.title, scene.n),
        "section": section.group() if section else "",
        "motif": motif_of(topic, plan.attribution.section),
        "layers": list(layers),
        "slots": {element.slot: _content(element, scene.n, seconds) for element in scene.show},
    }
    if drawing is not None:
        size = {"w": drawing.width, "h": drawing.height}
        page["figure"] = size | ({"svg": drawing.svg} if drawing.svg else {})
    return json.dumps(page, ensure_ascii=False)


def topic_of(plan: Plan) -> str:
    """Name what the lesson is about: the title scene's topic, else the book's section."""
    for scene in plan.scenes:
        for element in scene.show:
            if scene.type == "title" and element.slot == "topic":
                return element.text
    return plan.attribution.section


def _content(element: Element, n: int, seconds: int) -> dict[str, object]:
    if element.draw == "equation":
        nodes = tree(element.mathml)
        _checked("".join(_leaves(nodes)), n, maths=True)
        return {"tree": nodes}
    if element.draw == "row":
        return {"cells": [_checked(cell, n) for cell in element.cells]}
    if element.diagram is not None:
        for words in written(element.diagram):
            _checked(words, n)
        return {"diagram": asdict(element.diagram) | {"parts": element.diagram.parts()}}
    if element.draw == "countdown":
        return {"seconds": seconds}
    return {"text": _checked(element.text, n), "correct": element.correct}


def _leaves(node: Node) -> Iterator[str]:
    """Give every text of an equation's tree; a node's first entry is its kind."""
    for part in node[1:]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            yield from _leaves(part)


def _checked(text: str, n: int, *, maths: bool = False) -> str:
    lost = missing(text, maths=maths)
    if lost:
        codes = ", ".join(f"U+{ord(character):04X}" for character in lost)
        raise Permanent(f"scene {n}: no bundled font draws {codes}")
    return text
