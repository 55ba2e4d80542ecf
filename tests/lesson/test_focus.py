"""What a question is after, and what kind of answer it wants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.lesson.extractive.focus import foci
from shared.lesson.extractive.questions import kind, states, suits
from shared.lesson.extractive.vocabulary import weights
from shared.library.book import Material, Passage, Section, Sentence
from tests.lesson import materials


def section(module: str, title: str, *terms: str, headings: tuple[str, ...] = ()) -> Section:
    """Make a section that has a title, terms and headings."""
    pairs = [materials.entry(name, f"what {name} is", module) for name in terms]
    bodies = [
        Passage(f"{module}#p{n}", "body", (title, one), (Sentence(f"{module}#p{n}/1", "It is."),))
        for n, one in enumerate(headings)
    ]
    return Section(
        module, "1.1", title, "Things", "https://example.org/1",
        terms=tuple(term for term, _ in pairs),
        passages=(*bodies, *(line for _, line in pairs)),
    )  # fmt: skip


def found(question: str, own: Section, *others: Section) -> tuple[str, ...]:
    """Find the foci of a question."""
    material = Material(materials.source(), own, others)
    return foci(question, material, weights(material))


def test_a_named_term():
    """The term that the question names is the focus, however many others there are."""
    assert ("kinetic energy",) == found(
        "What is kinetic energy?", section("m1", "Work", "energy", "kinetic energy", "power")
    )


def test_a_law_by_its_short_name():
    """A law need not be named in full."""
    assert ("Newton's third law of motion",) == found(
        "What is Newton's third law?",
        section("m1", "Laws", "tension", "Newton's third law of motion"),
    )


def test_a_topic_of_the_title():
    """What only the title names is a topic, in the question's own form."""
    assert ("lens",) == found(
        "How does a lens make an image?", section("m1", "Lenses", "aberration", "convex lens")
    )


def test_two_topics_in_the_questions_order():
    """Two things are both taught; the neighbour's stands where the question has it."""
    assert ("series circuits", "parallel circuits") == found(
        "How do series and parallel circuits differ?",
        section("m1", "Parallel Circuits", "in parallel"),
        section("m2", "Series Circuits", "in series", "resistor"),
    )


def test_a_neighbour_alone_counts_for_nothing():
    """Without a focus of its own the section's nearest term is the focus."""
    assert ("glass",) == found(
        "What does a resistor do?",
        section("m1", "Bowls", "glass"), section("m2", "Circuits", "resistor"),
    )  # fmt: skip


def test_everyday_words():
    """Where no term is named, the one that the everyday words mean is the focus."""
    assert ("inertia",) == found(
        "Why does a moving object keep moving?",
        section("m1", "Laws", "friction", "inertia", headings=("Moving On",)),
    )


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is kinetic energy?", "what"),
        ("Why is the sky blue?", "why"),
        ("What causes a sonic boom?", "why"),
        ("How does a transformer work?", "how"),
        ("How do you calculate acceleration?", "number"),
        ("How much force moves a box of 3 kg?", "number"),
        ("What is the difference between speed and velocity?", "compare"),
        ("Tell me of the tides.", "other"),
    ],
)
def test_kinds(question, wanted):
    """A question wants a meaning, a reason, a way, a number or a comparison."""
    assert wanted == kind(question)


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("number", "Speed is distance divided by time.", "Speed is the rate of motion."),
        ("why", "The sky is blue because air scatters light.", "The sky is blue."),
        ("what", "Speed is a rate.", "You walk to school."),
        ("compare", "A lens is thick, but a pane is flat.", "A pane is flat."),
    ],
)
def test_sentences_that_suit(wanted, better, worse):
    """A sentence of the wanted kind rates higher."""
    assert suits(wanted, better) > suits(wanted, worse)


@pytest.mark.parametrize(
    ("text", "is_stated"),
    [
        ("Tension is the force along a rope.", True),
        ("A force along a rope is called tension.", True),
        ("The tension of a rope depends on the load.", False),
        ("Tension is not the same as weight.", False),
        ("Tension is used to lift a load.", False),
        ("A rope has tension.", False),
    ],
)
def test_definitions(text, is_stated):
    """A sentence states a focus where it says what that is."""
    assert is_stated == states("tension", text)


def test_different_questions_on_one_section():
    """Each question chooses its own concepts: two lessons on one section are not the same."""
    inertia = materials.plan("", "What is inertia?")
    friction = materials.plan("", "What is friction?")

    taught = [
        [line.text for one in plan.scenes if one.type == "concept" for line in one.say]
        for plan in (inertia, friction)
    ]
    first = [next(one.text for one in plan.scenes[2].show) for plan in (inertia, friction)]
    assert ["Inertia", "Friction"] == first
    assert taught[0] != taught[1]
    assert replace(inertia, scenes=()) != replace(friction, scenes=())
