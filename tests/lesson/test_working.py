"""Worked examples: only those of which every part can be said, shown and trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.lesson.checks import check
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.extractive.formulas import chain
from shared.lesson.extractive.working import read, short_question
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
        (
            {"steps": (Equation("m1#x4", "", FORCE.replace(">10<", ">12<")),)},
            "its numbers are wrong",
        ),
        (
            {
                "steps": (
                    Equation("m1#x4", "", FORCE.replace(">10<", ">20<").replace(">2<", ">4<")),
                )
            },
            "its numbers are not those of the problem",
        ),
        ({"steps": ()}, "nothing to show"),
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


@pytest.mark.parametrize("less", [{"solution": ()}, {"strategy": ()}])
def test_what_an_example_can_do_without(less):
    """Where no sentence can state the rule or the answer, the lesson says that line itself."""
    material = with_example()
    bare = replace(material.section, examples=(replace(example(), **less),))
    plan = ExtractiveAuthor().write(
        materials.LESSON_ID,
        materials.brief("", "How much force moves an object?"),
        replace(material, section=bare),
    )
    told = next(one for one in plan.scenes if one.type == "worked_example")

    assert {"This is the equation that you need.", "The answer is 2 m/s²."} & {
        line.text for line in told.say
    }
    assert [] == [one for one in check(plan, material) if one.severity == "error"]


TABLE = (
    f"<math {MATHML}><mtable><mtr><mtd><mi>P</mi></mtd><mtd><mo>=</mo></mtd><mtd><mi>I</mi>"
    "<mi>V</mi></mtd></mtr><mtr><mtd><mi>I</mi></mtd><mtd><mo>=</mo></mtd><mtd><mfrac><mi>P</mi><mi>V</mi>"
    "</mfrac></mtd></mtr><mtr><mtd/><mtd><mo>=</mo></mtd><mtd><mfrac><mrow><mn>60</mn><mtext> W"
    "</mtext></mrow><mrow><mn>120</mn><mtext> V</mtext></mrow></mfrac></mtd></mtr><mtr><mtd/><mtd>"
    "<mo>=</mo></mtd><mtd><mn>0.50</mn><mtext>A</mtext></mtd></mtr></mtable></math>"
)


def test_a_table_of_lines():
    """A line that opens with an equals sign goes on with the line before."""
    found = chain(TABLE)

    assert found is not None
    assert ("I = 0.50 A", 1, frozenset({60.0, 120.0})) == (
        found.result, len(found.steps), found.numbers,
    )  # fmt: skip


def test_a_formula_of_an_earlier_line():
    """Numbers without a formula take the one that the same symbol had before."""
    row = "<mi>a</mi><mo>=</mo><mfrac><mi>F</mi><mi>m</mi></mfrac>"
    numbers = "<mi>a</mi><mo>=</mo><mfrac><mn>10</mn><mn>5</mn></mfrac><mo>=</mo><mn>2</mn>"
    formula, line = (f"<math {MATHML}><mrow>{one}</mrow></math>" for one in (row, numbers))

    assert chain(line) is None
    assert "<mi>F</mi>" in getattr(chain(line, [formula]), "formula", "")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("If the cart weighs 5 kg, what is its acceleration?", "What is its acceleration?"),
        ("What is the resistance of a lamp through which a current of 2 A flows at 12 V?",
         "What is the resistance of a lamp?"),
        ("How far does it go?", "How far does it go?"),
    ],
)  # fmt: skip
def test_short_questions(asked, shown):
    """The screen shows what is asked without what it supposes."""
    assert shown == short_question(asked)


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
