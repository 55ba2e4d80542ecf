"""A plan as bytes and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared.errors import Transient, Unreadable
from shared.lesson.codec import decode, encode, schema
from shared.lesson.shape import NEEDED
from tests.lesson import materials

SCHEMA = Path(__file__).parents[2] / "shared" / "lesson" / "plan.schema.json"


def changed(**fields: object) -> bytes:
    """Encode a good plan with some fields of its JSON replaced."""
    return json.dumps({**json.loads(encode(materials.plan())), **fields}).encode()


def scenes_without(*types: str) -> bytes:
    """Encode a plan that lacks these scenes, with the rest numbered anew."""
    plan = materials.plan()
    kept = [scene for scene in plan.scenes if scene.type not in types]
    numbered = tuple(replace(scene, n=n) for n, scene in enumerate(kept, start=1))
    return encode(replace(plan, scenes=numbered))


def test_round_trip():
    """What was encoded decodes to an equal plan."""
    plan = materials.plan()

    assert plan == decode(encode(plan))


def test_canonical():
    """Equal plans are equal bytes, whatever their JSON looked like before."""
    encoded = encode(materials.plan())
    loose = json.dumps(json.loads(encoded), indent=4).encode()

    assert encoded == encode(decode(loose))


def test_whole_seconds():
    """A pause written as a whole number is the same pause."""
    body = json.loads(encode(materials.plan()))
    body["scenes"][0]["hold_s"] = 2

    assert 2.0 == decode(json.dumps(body).encode()).scenes[0].hold_s


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"lesson_id": 7}, "wrong-type", "lesson_id"),
        ({"scenes": {}}, "wrong-type", "scenes"),
        ({"schema": True}, "wrong-type", "schema"),
        ({"schema": 0}, "unknown-schema", "schema"),
        ({"brief": []}, "wrong-type", "brief"),
        ({"citations": [{"id": "a"}]}, "missing-field", "citations[0].text"),
        ({"notes": ["a", 1]}, "wrong-type", "notes[1]"),
    ],
)
def test_faults_name_their_field(fields, reason, field):
    """A wrong field is Unreadable, and the error names its path."""
    with pytest.raises(Unreadable) as raised:
        decode(changed(**fields))

    assert (reason, field) == (raised.value.reason, raised.value.field)


def test_a_later_schema_waits_for_its_release():
    """While a release rolls out, an instance of it will get the delivery: no fault of the plan."""
    with pytest.raises(Transient):
        decode(changed(schema=9))


def test_unknown_field():
    """A field that no plan has is Unreadable."""
    with pytest.raises(Unreadable, match="colour"):
        decode(changed(colour="red"))


def test_closed_lists():
    """A word outside a closed list is Unreadable, with the path down to it."""
    body = json.loads(encode(materials.plan()))
    body["scenes"][2]["show"][1]["draw"] = "hologram"

    with pytest.raises(Unreadable) as raised:
        decode(json.dumps(body).encode())

    assert "scenes[2].show[1].draw" == raised.value.field


@pytest.mark.parametrize("needed", ["title", "hook", "check", "recap", "sources"])
def test_needed_scenes(needed):
    """A plan without a needed scene does not decode."""
    with pytest.raises(Unreadable, match=needed):
        decode(scenes_without(needed))


def test_concept_needed():
    """A plan without any concept does not decode."""
    with pytest.raises(Unreadable, match="concept is missing"):
        decode(scenes_without("concept"))


def test_second_look_needed():
    """One concept alone, with no comparison and no example, is not enough."""
    plan = materials.plan()
    first = next(scene for scene in plan.scenes if scene.type == "concept")
    kept = [
        one for one in plan.scenes if one.type not in {"concept", "analogy_map"} or one is first
    ]
    numbered = tuple(replace(scene, n=n) for n, scene in enumerate(kept, start=1))

    with pytest.raises(Unreadable, match="second concept"):
        decode(encode(replace(plan, scenes=numbered)))


def test_order_of_scenes():
    """Scenes out of the agreed order do not decode."""
    plan = materials.plan()
    first, second, *rest = plan.scenes
    swapped = (replace(second, n=1), replace(first, n=2), *rest)

    with pytest.raises(Unreadable, match="order"):
        decode(encode(replace(plan, scenes=swapped)))


@given(st.binary(max_size=200))
def test_any_bytes(content):
    """Bytes that are no plan are Unreadable, never another error."""
    with pytest.raises(Unreadable):
        decode(content)


def test_committed_schema():
    """The committed JSON Schema says what the dataclasses say."""
    assert schema() == json.loads(SCHEMA.read_text("utf-8"))


@pytest.mark.parametrize("kind", NEEDED)
def test_schema_asks_for_the_needed_scenes(kind):
    """Who writes a plan elsewhere learns from the schema which scenes it must have."""
    plan = json.loads(encode(materials.plan()))
    plan["scenes"] = [scene for scene in plan["scenes"] if scene["type"] != kind]

    assert [] != list(Draft202012Validator(schema()).iter_errors(plan))


def test_schema_accepts_plans():
    """A written plan follows the committed schema."""
    plan = json.loads(encode(materials.plan()))

    assert [] == list(Draft202012Validator(schema()).iter_errors(plan))
