"""The allowed edits of a long sentence: what they give, and where they must not be made."""

# ruff: noqa: RUF001  (books hold exactly these characters)

from __future__ import annotations

import pytest

from shared.lesson.edits import allowed, ways

SPLIT = [
    ("The ball rolls on, and the box stops at once.", "The ball rolls on.",
     "The box stops at once."),
    ("The floor is rough, so the box stops at once.", "The floor is rough.",
     "So the box stops at once."),
    ("The force is small, but the ball moves a lot.", "The force is small.",
     "But the ball moves a lot."),
    ("Each ball has a mass; the box has a larger one.", "Each ball has a mass.",
     "The box has a larger one."),
    ("The rays are alike; however, they move at different speeds.", "The rays are alike.",
     "They move at different speeds."),
    ("Glass is like water: It bends the light at its surface.", "Glass is like water.",
     "It bends the light at its surface."),
    ("When a force acts on a ball, the ball changes its motion.",
     "Suppose that a force acts on a ball.", "Then the ball changes its motion."),
    ("Because forces are vectors, they add like other vectors.", "Forces are vectors.",
     "So they add like other vectors."),
    ("Although the law is true, it is hard to use.", "The law is true.", "But it is hard to use."),
    ("Newton’s first law states that a ball at rest remains at rest.",
     "Newton’s first law says this.", "A ball at rest remains at rest."),
]  # fmt: skip

SHORTER = [
    ("However, the box slows down.", "The box slows down."),
    ("For example, a ball rolls on and on.", "A ball rolls on and on."),
    ("Recall that a force changes the motion of a ball.", "A force changes the motion of a ball."),
    ("This means that the force is small.", "The force is small."),
    ("The scale, which measures the force, uses a spring.", "The scale uses a spring."),
    ("The ring creates a field, which moves the magnet.", "The ring creates a field."),
    ("The ball is moving, as shown in the figure.", "The ball is moving."),
    ("If the ball rolls, as shown in the figure, the floor is flat.",
     "If the ball rolls, the floor is flat."),
    ("The lens shown in the figure bends the light.", "The lens bends the light."),
    ("The light has a frequency, f.", "The light has a frequency."),
]  # fmt: skip

WHOLE = [
    ("If a ball rolls, and the floor is flat, the ball moves on.", "both are conditions"),
    ("Some think that a ball stops, and the box moves on.", "all of it is an opinion"),
    ("Both the ball is heavy, and the box is light.", "half a pair"),
    ("The ball rolls on, and stops at the wall.", "the second half has no subject"),
    ("Fluids move in a pipe, and even have their own branch of physics.", "nor has this one"),
    ("A crash is one in which the balls stick together, and the energy is lost.", "part of which"),
    ("The ball, the box, and the train are moving.", "a list"),
    ("Light moves in straight lines, and how it bends is another matter.", "no sentence"),
    ("The ball rolls so fast, so that the box is hit.", "a purpose"),
    ("The ball is heavy, and the box is light, unless both are wet.", "it may limit both"),
    ("When Max found the law, it was a surprise.", "it happened once"),
    ("When light goes through glass, such as a lens, it bends.", "an example stands between"),
    ("The force, which may be small, moves the ball.", "a hedge would go"),
    ("The tools are a rope, which is long, and a wheel.", "a list would break"),
    ("In general, a ball rolls on.", "a hedge"),
    ("Usually, the ball rolls on.", "another hedge"),
    ("In this case, the ball rolls on.", "a condition"),
    ("Note that the ball is red, and that the box is blue.", "half of it would be left"),
    ("Aristotle states that a heavy ball falls faster.", "he does, but it does not"),
    ("The ball is shown in the figure.", "nothing would be left to say"),
    ("The quantities are mass, m, and speed.", "a list"),
    ("Only if a force acts, the ball changes its motion.", "its limit would go"),
]


@pytest.mark.parametrize(("text", "first", "second"), SPLIT)
def test_two_sentences_for_one(text, first, second):
    """A long sentence is said as two that say the same together."""
    assert (first, second) in ways(text)


@pytest.mark.parametrize(("text", "shorter"), SHORTER)
def test_what_a_sentence_can_do_without(text, shorter):
    """A connective, a reporting frame, an aside or a pointer may go."""
    assert (shorter,) in ways(text)


@pytest.mark.parametrize(("text", "reason"), WHOLE, ids=[reason for _, reason in WHOLE])
def test_what_stays_whole(text, reason):
    """Where an edit would say something else, there is none."""
    assert ((text,),) == ways(text), reason


def test_edits_follow_each_other():
    """What one edit leaves may undergo the next: three sentences that can be listened to."""
    text = (
        "Recall that Newton’s third law of motion states that when one body exerts a force on a "
        "second body, the first body experiences a force that is equal in magnitude."
    )

    assert (
        "Newton’s third law of motion says this.",
        "Suppose that one body exerts a force on a second body.",
        "Then the first body experiences a force that is equal in magnitude.",
    ) in ways(text)


def test_a_half_that_leans():
    """What opens with so, but or then is allowed only behind its other half."""
    forms = allowed("Because forces are vectors, they add like other vectors.")

    assert frozenset() == forms["Forces are vectors."]
    assert {"Forces are vectors."} == forms["So they add like other vectors."]


def test_a_half_that_stands():
    """What leans on nothing is allowed alone."""
    assert (
        frozenset()
        == allowed("The ball rolls on, and the box stops at once.")["The box stops at once."]
    )


def test_no_other_words():
    """A sentence that the book does not hold is never among the forms."""
    forms = allowed("The ball rolls on, and the box stops at once.")

    assert "The box rolls on." not in forms
    assert all("ball" in one or "box" in one for one in forms)


@pytest.mark.parametrize(
    ("text", "is_ended"),
    [
        ("A ray through the center of a lens does not change direction", True),
        ("Average acceleration is given by", False),
        ("The decay can be found with the equation", False),
        ("In the form of an equation, the first law is", False),
    ],
)
def test_an_item_gets_its_stop(text, is_ended):
    """An item of a list ends in a full stop; what leads to an equation stays open."""
    assert is_ended == (f"{text}." in allowed(text))
