"""Diagrams as they are drawn: every part, words beside lines and not on them, in every shape."""

import json
from dataclasses import asdict
from itertools import combinations

import numpy as np
import pypdfium2
import pytest
import typst

from shared.film.encode import Size
from shared.film.narration import narrate
from shared.film.picture.drawing_checks import check_drawing
from shared.film.picture.layers import FONTS, TEMPLATES
from shared.film.picture.scene import staged
from shared.film.picture.shapes import SHAPES
from shared.lesson.diagrams import described
from shared.lesson.diagrams.bindings import bindings
from shared.lesson.plan import Element, Scene
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import plan, say, text

BOUND = bindings()
SMALL = Size(640, 360)
KINDS = {one.diagram.kind: one.diagram for one in BOUND}
# The card of a concept scene beside two points: wide, tall, square.
CARDS = {"wide": (1045, 590), "tall": (790, 640), "square": (864, 400)}
SCALE = 0.5
TOUCHING, ON_A_LINE = 4, 0.02  # pixels; the share of a label's pixels that a line may cover

# A page with the shapes, then a page that tells where the words are.
SOURCE = """
#import "/diagrams.typ": parts-of, grown-in, box-of
#set page(width: {w}pt, height: {h}pt, margin: 0pt, fill: white)
#set text(font: "Inter", size: 44pt, hyphenate: false)
#set par(leading: 0.42em, spacing: 0.8em)
#let specs = json(bytes(sys.inputs.specs))
#let grown = grown-in((w: {w}, h: {h}))
#let (w, h) = ({w} / grown, {h} / grown)
#for (n, spec) in specs.enumerate() {{
  if n > 0 {{ pagebreak() }}
  context {{
    let parts = parts-of(spec, w, h)
    for part in parts {{ part.shapes }}
    pagebreak()
    set text(size: 3pt)
    set par(leading: 2pt)
    for (k, part) in parts.enumerate() {{
      for t in part.tags {{
        let told = (k, ..box-of(t, w, h).map(v => int(v)), int(t.inside), int(t.size))
        [#told.map(str).join(",")|]
      }}
    }}
  }}
}}
"""


def drawn(shape):
    """Draw every binding on a card: its shapes as pixels, and the boxes of its words."""
    w, h = CARDS[shape]
    specs = [asdict(one.diagram) | {"parts": one.diagram.parts()} for one in BOUND]
    page = {"shape": "wide", "grid": {"x": 0, "y": 0, "w": 9, "h": 9}, "slots": {}}
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
    pdf = compiler.compile(
        input=SOURCE.format(w=w, h=h).encode(), format="pdf",
        sys_inputs={"specs": json.dumps(specs), "scene": json.dumps(page)},
    )  # fmt: skip
    pages = list(pypdfium2.PdfDocument(pdf))
    assert 2 * len(BOUND) == len(pages)
    for bound, shapes, told in zip(BOUND, pages[::2], pages[1::2], strict=True):
        lines = "".join(told.get_textpage().get_text_range().split())
        boxes = [tuple(map(int, one.split(","))) for one in lines.split("|") if one]
        grey = shapes.render(scale=SCALE).to_pil().convert("L")
        yield bound.terms[0], boxes, np.asarray(grey).astype(int)


@pytest.mark.parametrize("shape", sorted(CARDS))
def test_every_binding_fits_its_card(shape):
    """In every shape no word leaves the card, covers another, or lies on a line."""
    w, h = CARDS[shape]
    grown = max(1, min(w / 880, h / 500, 1.4))
    faults = []
    for name, boxes, grey in drawn(shape):
        faults += [
            f"{name}: a word is outside" for box in boxes if leaves(box, w / grown, h / grown)
        ]
        faults += [f"{name}: words on words" for two in combinations(boxes, 2) if meet(*two)]
        faults += [f"{name}: a word on a line" for box in boxes if on_a_line(box, grey)]
        faults += [f"{name}: words of {box[6]} px" for box in boxes if box[6] < 30]

    assert [] == faults


def leaves(box, w, h):
    """Tell whether a word's box leaves the card."""
    _, x, y, wide, high, *_ = box
    return x < 0 or y < 0 or x + wide > w + 2 or y + high > h + 2


def meet(one, other):
    """Tell whether two boxes share more than a hair."""
    across = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    down = min(one[2] + one[4], other[2] + other[4]) - max(one[2], other[2])
    return across > TOUCHING and down > TOUCHING + 2


def on_a_line(box, grey):
    """Tell whether something else than the ground is drawn where a word will stand."""
    _, x, y, wide, high, inside, _ = box
    top, bottom = int(y * SCALE) + 4, int((y + high) * SCALE) - 4
    ground = grey[top:bottom, int(x * SCALE) + 1 : int((x + wide) * SCALE) - 1]
    if inside or not ground.size:
        return False
    commonest = np.bincount(ground.ravel(), minlength=256).argmax()
    return float((np.abs(ground - commonest) > 45).mean()) > ON_A_LINE


def concept(diagram, *marks, points=0):
    """Make a concept scene with a diagram."""
    element = Element("d", "diagram", "diagram", described(diagram), diagram=diagram)
    beside = [text(f"p{n}", f"point_{n}", "A few words.") for n in range(1, points + 1)]
    lines = (say("One two three four five six seven eight nine ten.", *marks), say("And the end."))
    return Scene(1, "concept", "T", lines, (text("h", "heading", "A heading"), element, *beside))


def layers(scene, size=SMALL):
    """Draw a scene on a hummed narration."""
    spoken = narrate(scene, HummingVoice(), "9-12")
    return staged(plan((scene,)), scene, spoken.lines, MemoryObjects(), size)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_part_is_drawn(kind):
    """The skeleton and each part of a diagram become layers of a scene."""
    diagram = KINDS[kind]
    names = {layer.name for _, layer in layers(concept(diagram))}

    assert {"diagram", *(f"diagram/{k + 1}" for k in range(len(diagram.parts())))} <= names


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.name)
def test_a_scene_with_a_diagram_is_sound(shape):
    """Beside points, in every shape, nothing is covered, faint, or outside the safe area."""
    size = Size(shape.size.width // 3, shape.size.height // 3)

    assert [] == [
        one for one in check_drawing(layers(concept(KINDS["forces"], points=2), size), size)
        if not one.passed
    ]  # fmt: skip


def test_a_stressed_part_is_ringed():
    """A mark that emphasises a part puts a ring round its words."""
    scene = concept(KINDS["cycle"], (4, "emphasise", "d/1"))
    found = {layer.name: layer.box for _, layer in layers(scene)}
    part, ring = found["diagram/1"], found["diagram/1!"]

    assert part[0] <= ring[0] < ring[2] <= part[2]
