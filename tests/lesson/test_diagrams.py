"""Diagrams: data that can be drawn and is so in nature, bound to the terms that it is true of."""

import json
import math
from dataclasses import asdict, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared.errors import Unreadable
from shared.film.glyphs import missing
from shared.lesson.checks.screen import drawable
from shared.lesson.checks.structure import legal_slots, marks_that_point
from shared.lesson.codec import decode, encode, schema
from shared.lesson.diagrams import described, diagram_for, parts, written
from shared.lesson.diagrams.bindings import bindings
from shared.lesson.diagrams.kinds import Diagram
from shared.lesson.diagrams.overviews import Cycle
from shared.lesson.diagrams.rules import MOST_LABELS, MOST_WORDS
from shared.lesson.diagrams.waves import Beam, Rays
from shared.lesson.plan import Element, Line, Mark, Plan
from shared.lesson.typed import Unsound, read
from tests.lesson import materials

BOUND = bindings()
KINDS = {one.diagram.kind: one.diagram for one in BOUND}
CYCLE = Cycle(("evaporation", "condensation", "precipitation"))


def changed(kind: str, path: str, value: object) -> dict[str, object]:
    """Give a good diagram of a kind as JSON, with one field replaced."""
    body = json.loads(json.dumps(asdict(KINDS[kind])))
    at = body
    *way, last = [int(one) if one.isdigit() else one for one in path.split(".")]
    for step in way:
        at = at[step]
    at[last] = value
    return body


def with_diagram(diagram: Diagram, *marks: Mark) -> Plan:
    """Put a diagram into the first concept of a written plan, with marks on its first line."""
    plan = materials.plan()
    where = next(scene for scene in plan.scenes if scene.type == "concept")
    element = Element("d", "diagram", "diagram", described(diagram), diagram=diagram)
    said = Line("One two three four.", "One two three four.", "instruction", (), marks)
    scene = replace(where, say=(said,), show=(element,))
    return replace(plan, scenes=tuple(scene if one is where else one for one in plan.scenes))


def found(rule, plan: Plan) -> list[str]:
    """Give what a rule says about a plan."""
    return [one.text for one in rule.look(plan, materials.material())]


def test_every_kind_is_bound():
    """Each kind of diagram that a plan may hold has at least one reviewed example."""
    assert {kind.__name__ for kind in get_args(Diagram)} == {
        type(one).__name__ for one in KINDS.values()
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plan_with_a_diagram_comes_back(kind):
    """A plan that draws a diagram decodes to an equal plan, and follows the JSON Schema."""
    plan = with_diagram(KINDS[kind])
    encoded = encode(plan)

    assert plan == decode(encoded)
    assert [] == list(Draft202012Validator(schema()).iter_errors(json.loads(encoded)))


@pytest.mark.parametrize(
    ("kind", "path", "value", "field"),
    [
        ("forces", "arrows", [], "arrows"),
        ("forces", "arrows.0.strength", 6, "arrows[0].strength"),
        ("forces", "arrows.0.direction", "sideways", "arrows[0].direction"),
        ("forces", "surface", "rope", "surface"),
        ("pair", "force", "apart", "force"),
        ("collision", "second.after", 9.0, "second.after"),
        ("path", "shape", "spiral", "shape"),
        ("lever", "right_force", 59, "right_force"),
        ("graph", "lines.0.points", [{"x": 0.0, "y": 0.0}], "lines[0].points"),
        ("graph", "lines.0.points.0.x", 1e99, "lines[0].points[0].x"),
        ("graph", "x.label", "", "x.label"),
        ("energy_bars", "stages.1.values", [9.0, 9.0], "stages[1].values"),
        ("number_line", "end", -9.0, "end"),
        ("circuit", "devices.0.component", "lamp", "devices[0].component"),
        ("circuit", "devices.1.component", "fountain", "devices[1].component"),
        ("field", "source", "sheep", "source"),
        ("atom", "atoms.0.protons", 0, "atoms[0].protons"),
        ("wave", "marks", ["node"], "marks"),
        ("wave_crests", "around", "nothing", "around"),
        ("rays", "distance", 1.0, "distance"),
        ("beam", "angle", 85.0, "angle"),
        ("prism", "colour", "red", ""),
        ("timeline", "events", [], "events"),
        ("cycle", "steps", ["one", "two"], "steps"),
        ("table", "rows.0.cells", ["only one"], "rows[0].cells"),
        ("flow", "steps.0", "far too many words here", "steps[0]"),
        ("layers", "names", ["same", "same"], "names"),
        ("particles", "samples.0.state", "jelly", "samples[0].state"),
    ],
)
def test_bad_data_is_refused(kind, path, value, field):
    """What cannot be drawn, or is not so in nature, is refused, and the error names the field."""
    changes = {"rays": "converging lens", "forces": "inclined plane", "pair": "gravity"}
    if kind in changes:
        KINDS[kind] = next(one.diagram for one in BOUND if changes[kind] in one.terms)

    with pytest.raises(Unreadable) as raised:
        read(Diagram, changed(kind, path, value))

    assert field == raised.value.field


def test_every_kind_has_bad_data():
    """The test above breaks each kind."""
    broken = {
        case[0]
        for case in next(
            mark for mark in test_bad_data_is_refused.pytestmark if mark.name == "parametrize"
        ).args[1]
    }

    assert set(KINDS) == broken


@pytest.mark.parametrize("told", [None, 3, {}, {"kind": "hologram"}, {"kind": 3}, []])
def test_what_is_no_diagram(told):
    """JSON of no known kind is Unreadable, never another error."""
    with pytest.raises(Unreadable):
        read(Diagram, told)


@pytest.mark.parametrize("bound", BOUND, ids=lambda one: one.terms[0])
def test_a_binding_is_short_and_drawable(bound):
    """At most 8 parts with labels of at most 3 words, in characters that the fonts have."""
    names = parts(bound.diagram)

    assert 1 <= len(names) <= MOST_LABELS
    assert [] == [name for name in names if not 0 < len(name.split()) <= MOST_WORDS]
    assert "" == missing("".join(written(bound.diagram)))


@pytest.mark.parametrize("bound", BOUND, ids=lambda one: one.terms[0])
def test_a_binding_is_described(bound):
    """One sentence says what is drawn, for those who do not see it."""
    said = described(bound.diagram)

    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert 20 < len(said) < 300


def test_no_term_is_bound_twice():
    """A term leads to one diagram."""
    terms = [term for one in BOUND for term in one.terms]

    assert sorted(set(terms)) == sorted(terms)


@pytest.mark.parametrize(
    ("terms", "bound"),
    [
        (["Friction"], "friction"),
        (["converging lenses"], "converging lens"),
        (["Newton\u2019s First Law of Motion: Inertia"], "newton's first law of motion"),
        (["nothing known", "half-life"], "half-life"),
        (["angular velocity", "momentum"], "momentum"),  # an exact name before a part of one
    ],
)
def test_the_best_term_wins(terms, bound):
    """Exact names come first, then equal stems, then the parts of a heading."""
    wanted = next(one.diagram for one in BOUND if bound in one.terms)

    assert wanted == diagram_for(terms)


@pytest.mark.parametrize("terms", [[], ["poetry"], ["energy drink"], ["electric potential energy"]])
def test_no_diagram_is_better_than_a_wrong_one(terms):
    """Words of a longer name are not enough."""
    assert diagram_for(terms) is None


def test_a_diagram_is_used_once():
    """What was shown before is not shown again."""
    first = diagram_for(["friction"])

    assert first is not None
    assert diagram_for(["friction"], [first]) is None


@given(st.sampled_from(["converging_lens", "diverging_lens"]), st.floats(0.3, 4))
def test_images_obey_the_lens_equation(device, distance):
    """1 / object distance + 1 / image distance = 1 / focal length, for every lens not refused."""
    try:
        rays = Rays(device, distance)
    except Unsound:
        return
    image = -rays.magnified * distance

    assert math.isclose(
        1 / distance + 1 / image, 1 if device == "converging_lens" else -1, rel_tol=1e-6
    )


@given(st.floats(10, 80))
def test_light_is_let_through_or_reflected(angle):
    """From water into air a ray is either refracted or reflected totally, never both."""
    allowed = []
    for device, upper, lower in (("refraction", 1.33, 1.0), ("total_reflection", 1.0, 1.33)):
        try:
            Beam(device, angle, "water", "air", upper, lower)
        except Unsound:
            continue
        allowed.append(device)

    assert 1 == len(allowed)


def test_marks_on_parts():
    """A mark may name a part that exists."""
    marks = Mark(0, "reveal", "d"), Mark(1, "reveal", "d/1"), Mark(2, "emphasise", "d/3")

    assert [] == found(marks_that_point, with_diagram(CYCLE, *marks))


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        ((Mark(0, "reveal", "d/4"),), "no such element"),
        ((Mark(0, "reveal", "d/1"), Mark(2, "reveal", "d")), "is part of a diagram"),
        ((Mark(0, "emphasise", "d/1"), Mark(1, "reveal", "d/1")), "is not visible"),
    ],
)
def test_marks_on_parts_that_are_not_there(marks, text):
    """A mark on a part that does not exist, or not yet, is found."""
    assert any(text in one for one in found(marks_that_point, with_diagram(CYCLE, *marks)))


def test_a_diagram_may_stand_in_a_concept():
    """Its slot is legal there, and an element without data is not."""
    plan = with_diagram(CYCLE)
    empty = replace(
        plan,
        scenes=tuple(
            replace(scene, show=tuple(replace(one, diagram=None) for one in scene.show))
            for scene in plan.scenes
        ),
    )

    assert [] == found(legal_slots, plan)
    assert any("nothing to draw" in one for one in found(legal_slots, empty))


def test_labels_need_glyphs():
    """A label in a script that no font draws is found before anything is rendered."""
    plan = with_diagram(Cycle(("\u6c34", "two", "three")))

    assert ["U+6C34"] == found(drawable, plan)
