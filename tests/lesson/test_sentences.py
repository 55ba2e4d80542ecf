"""Which sentences can be said, what they become on the screen, and the allowed edits."""

# ruff: noqa: RUF001  (books hold exactly these characters)

from __future__ import annotations

import pytest

from shared.lesson.edits import allowed, to_semicolon, without_brackets
from shared.lesson.extractive.phrases import clause, sentence_case
from shared.lesson.extractive.sentences import runs, said, sayable, stands_alone
from shared.lesson.extractive.vocabulary import Weights, stem, stems
from shared.library.book import Sentence
from tests.lesson import materials

PLAIN = Weights([])


@pytest.mark.parametrize(
    "text",
    [
        "Too short.",
        "This one has no stop at its end",
        "See the figure for all of this.",
        "As shown above, the box stops.",
        "Use Equation 4 to find the force.",
        "a small letter opens this sentence.",
        "J. Thomson found the electron there.",
        "We will look at this in a later chapter.",
        "It goes on " * 9 + "for ever.",
    ],
)
def test_not_sayable(text):
    """What points elsewhere, breaks off or runs on is left out."""
    assert sayable(Sentence("m1#p/1", text)) is None


def test_references():
    """A sentence that points to a figure is left out, unless what is said does without it."""
    pointing = Sentence("m1#p/1", "The figure tells how a ball rolls.", refers=True)
    aside = Sentence("m1#p/1", "The ball rolls on, as shown in the figure.", refers=True)

    assert sayable(pointing) is None
    assert ["The ball rolls on."] == [one.text for one in said(aside)]


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("The symbol for the mass of a ball is m.", True),
        ("The ball stops when v = 0 at the top.", True),
        ("Light goes 3.00 × 10⁸ m/s in empty space.", True),
        ("The force is F = ma in all of them.", False),
        ("The slope is Δd/Δt at each point.", False),
        ("The force F_net slows the ball down.", False),
        ("The speeds v₁,v₂,andv₃ are all the same.", False),
    ],
)
def test_simple_mathematics(text, is_said):
    """Letters and quantities can be said; a formula belongs on the screen."""
    assert is_said == (sayable(Sentence("m1#p/1", text, mathematics=True)) is not None)


def test_a_long_sentence_is_said_in_parts():
    """A sentence of more than 25 words is said as two where each is whole."""
    text = (
        "A rough floor slows the sliding box down after a short way over the ground, and a smooth "
        "floor allows the heavy box to slide on for a long time."
    )

    assert [
        "A rough floor slows the sliding box down after a short way over the ground.",
        "A smooth floor allows the heavy box to slide on for a long time.",
    ] == [one.text for one in said(Sentence("m1#p/1", text))]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Friction slows a sliding box.", True),
        ("However, the box slows down.", False),
        ("It slows down after a while.", False),
        ("A force like this slows the box.", False),
        ("Forces such as friction slow a box.", True),
        ("Some of the rain sinks into the ground instead.", False),
    ],
)
def test_stands_alone(text, alone):
    """A sentence that leans on another one cannot open a scene."""
    assert alone == stands_alone(text)


def test_runs_stop_at_gaps():
    """A run is unbroken neighbours: a sentence that cannot be said ends it."""
    ids = [[one.id for one in run.sentences] for run in runs(materials.section())]

    assert ["m1#p4/1", "m1#p4/2", "m1#p4/3"] in ids
    assert not [run for run in ids if "m1#p5/2" in run]


def test_brackets():
    """A bracket goes, unless it limits what the sentence says."""
    assert "A box stops." == without_brackets("A box (of wood) stops.")
    assert "A box (if alone) stops." == without_brackets("A box (if alone) stops.")


def test_semicolon():
    """A glossary entry may end at its first semicolon."""
    assert "Mass: matter." == to_semicolon("Mass: matter; its unit is the kilogram.")


def test_no_other_edit():
    """A cut at a comma, a dropped hedge or another word is not among the allowed forms."""
    forms = allowed("Usually, a box (of wood) stops, unless it is pushed.")

    assert {
        "Usually, a box (of wood) stops, unless it is pushed.",
        "Usually, a box stops, unless it is pushed.",
    } == set(forms)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The Moon has no air, so nothing scatters sunlight there.", "The Moon has no air"),
        ("Friction slows a box.", "Friction slows a box"),
        ("If no force acts, a moving ball keeps moving.", ""),
        ("A ball may roll on, unless a wall of stone stops it.", ""),
        ("It rolls on, and they watch it.", ""),
    ],
)
def test_clauses(text, short):
    """The screen gets a clause that is true without the rest of its sentence, or nothing."""
    assert short == clause(text, PLAIN, frozenset())


def test_sentence_case():
    """Headings keep names and lose other capitals."""
    text = "Then Newton saw that the laws of motion hold. A law by Newton says so."

    assert "The laws of motion by Newton" == sentence_case("The Laws of Motion by Newton", text)


def test_stems():
    """Forms of a word are one stem, and small words have none."""
    assert {stem("move")} == {stem(word) for word in ("moving", "moves", "moved", "motion")}
    assert frozenset() == stems("why does it")


def test_rare_words_weigh_more():
    """A word that every text holds says less than a rare one."""
    weights = Weights(["force and mass", "force and speed", "force"])

    assert weights.weight("forc") < weights.weight("mass")
    assert 1.0 == weights.overlap(frozenset({"mass"}), frozenset({"mass", "forc"}))
