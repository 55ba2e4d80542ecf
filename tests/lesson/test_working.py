"""Worked examples: only those of which every part can be said, shown and trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.lesson.checks import check
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.extractive.formulas import chain
from shared.lesson.extractive.working import read
from shared.lesson.plan import Element, Plan
from shared.library.book import Equation, Example, Material, Passage
from tests.lesson import materials

MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
FORCE = (
    f"<math {MATHML}><mrow><mi>a</mi><mo>=</mo><mfrac><mi>F</mi><mi>m</mi></mfrac><mo>=</mo>"
    "<mfrac><mrow><mn>10</mn><mtext> N</mtext></mrow><mrow><mn>5</mn><mtext> kg</mtext></mrow>"
    "</mfrac><mo>=</mo><mn>2</mn><mtext> m/s²</mtext></mrow></math>"
)
GIVEN = materials.passage(
    "x1", "example", "A box has a mass of 5 kg.", "A force of 10 N moves the box.",
    "What is its acceleration?",
)  # fmt: skip
RULE = materials.passage("x2", "example", "Acceleration is force divided by mass.")
ANSWER = materials.passage("x3", "example", "The acceleration of the box is 2 m/s².")


def example() -> Example:
    """Make a worked example."""
    return Example(
        "m1#x", "A Box", GIVEN.sentences, RULE.sentences, ANSWER.sentences,
        (Equation("m1#x4", "", FORCE),), verified=True,
    )  # fmt: skip


def with_example() -> Material:
    """Make a section that holds it."""
    section = materials.section()
    added: tuple[Passage, ...] = (GIVEN, RULE, ANSWER)
    held = replace(section, passages=(*section.passages, *added), examples=(example(),))
    return replace(materials.material(), section=held)


def write(question: str, interest: str = "") -> Plan:
    """Write a lesson on that section."""
    brief = materials.brief(interest, question)
    return ExtractiveAuthor().write(materials.LESSON_ID, brief, with_example())


def test_a_chain_line_by_line():
    """A chain of equal sides becomes its formula, the numbers in it, and the result as text."""
    found = chain(FORCE)

    assert found is not None
    assert ("a = 2 m/s²", 1) == (found.result, len(found.steps))
    assert "<mi>F</mi>" in found.formula
    assert "<mn>10</mn>" in found.steps[0]


@pytest.mark.parametrize(
    "row",
    [
        "<mi>a</mi><mo>=</mo><mn>2</mn>",
        "<mi>a</mi><mo>=</mo><mi>b</mi><mo>=</mo><mi>c</mi>",
        "<mi>a</mi><mo>=</mo><mn>4</mn><mo>=</mo><mfrac><mn>8</mn><mn>2</mn></mfrac>",
        "<mi>a</mi><mo>=</mo><mo>=</mo><mn>2</mn>",
    ],
)
def test_no_chain(row):
    """What does not end in a plain number of its own is not taken apart."""
    assert chain(f"<math {MATHML}><mrow>{row}</mrow></math>") is None


def test_the_scene():
    """Given, find, formula, numbers and answer appear as they are said, by the book's sentences."""
    plan = write("How much force moves an object?")
    scene = next(one for one in plan.scenes if one.type == "worked_example")

    assert {
        "given": "Mass of 5 kg, force of 10 N",
        "find": "What is its acceleration?",
        "equation": "",
        "step_1": "",
        "answer": "a = 2 m/s²",
    } == {one.slot: one.text for one in scene.show}
    assert "The acceleration of the box is two meters per second squared." in {
        line.spoken for line in scene.say
    }
    assert [] == [one for one in check(plan, with_example()) if one.severity == "error"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"verified": False}, "its numbers were not recomputed"),
        ({"steps": ()}, "nothing to show"),
        ({"solution": ()}, "no sentence states the answer"),
        ({"strategy": ()}, "no sentence states the rule"),
        ({"problem": GIVEN.sentences[:2]}, "asks nothing"),
        ({"problem": (RULE.sentences[0], GIVEN.sentences[2])}, "gives no quantity"),
        (
            {"problem": (replace(GIVEN.sentences[0], mathematics=True), GIVEN.sentences[2])},
            "holds mathematics",
        ),
    ],
)
def test_examples_that_are_left_out(change, reason):
    """An example of which a part cannot be said or shown is not half told."""
    assert read(replace(example(), **change)) is None, reason


def test_numbers_in_words():
    """A problem that gives a number in words is left out: the card would miss it."""
    said = replace(GIVEN.sentences[1], text="A force of 10 N moves two boxes.")

    assert read(replace(example(), problem=(said, GIVEN.sentences[2]))) is None


def test_the_example_goes_first():
    """A lesson that is too long gives up its example, unless the question wants a number."""
    why = write(materials.QUESTION, "basketball")
    how_much = write("How much does inertia keep a moving object moving?", "basketball")

    assert "misconception" in {one.type for one in why.scenes}
    assert "worked_example" in {one.type for one in how_much.scenes}


def redone(change: Callable[[Element], Element]) -> Plan:
    """Write a lesson with the example and change what its scene shows."""
    plan = write("How much force moves an object?")
    scenes = [
        replace(one, show=tuple(map(change, one.show))) if one.type == "worked_example" else one
        for one in plan.scenes
    ]
    return replace(plan, scenes=tuple(scenes))


@pytest.mark.parametrize(
    ("rules", "change"),
    [
        (
            {"wrong-number"},
            lambda one: replace(one, mathml=one.mathml.replace("<mn>10</mn>", "<mn>11</mn>")),
        ),
        ({"answer-not-said"}, lambda one: replace(one, text=one.text.replace("m/s²", "m/s"))),
        (
            {"wrong-number", "answer-not-said"},
            lambda one: replace(one, text=one.text.replace("= 2", "= 3")),
        ),
    ],
)
def test_numbers_are_worked_out_again(rules, change):
    """A wrong factor, a wrong unit or a wrong result is found before anybody sees it."""
    assert rules == {one.id for one in check(redone(change), with_example())}
