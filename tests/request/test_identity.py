"""Which requests are one lesson."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity import grade_band, lesson_id, normalised, normalised_modalities
from shared.lesson.plan import Brief
from shared.messages import LESSON_ID

BRIEF = Brief("Why is the sky blue?", "soccer", "9-12", ("text", "video"))
VERSIONS = {"plan": "1", "voice": "espeak-1"}


def named(brief: Brief = BRIEF, corpus: str = "c1", **versions: str) -> str:
    """Name the lesson of a brief."""
    return lesson_id(brief, {**VERSIONS, **versions}, corpus)


def test_id_of_a_lesson() -> None:
    """It is what the pipeline's events and objects expect."""
    assert LESSON_ID.fullmatch(named())


@pytest.mark.parametrize(
    "question",
    [
        "why is the sky blue",
        "  WHY is\tthe sky — blue?!  ",
        "\u201cWhy is the sky \u2018blue\u2019?\u201d",
        "\uff37\uff48\uff59 is the sky blue\uff1f",  # full width, as some keyboards type
    ],
)
def test_same_question(question: str) -> None:
    """Case, spacing, punctuation and the width of letters make no other lesson."""
    assert named() == named(replace(BRIEF, question=question))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is -5 + 3?", "What is 5 + 3?"),
        ("What is 1/2 of 8?", "What is 1 2 of 8?"),
        ("What is 2*3?", "What is 2 3?"),
        ("What is 3.5 m?", "What is 35 m?"),
        ("What is 50% of 10?", "What is 50 of 10?"),
        ("Is 3 < 5?", "Is 3 > 5?"),
        ("What is CO2?", "What is CO?"),
        ("Why is the sky blue?", "Why is the sea blue?"),
    ],
)
def test_other_question(one: str, other: str) -> None:
    """Signs that carry the meaning make another lesson."""
    assert named(replace(BRIEF, question=one)) != named(replace(BRIEF, question=other))


@pytest.mark.parametrize(
    "change",
    [
        {"interest": "chess"},
        {"grade_band": "6-8"},
        {"modalities": ("video",)},
        {"language": "es"},
    ],
)
def test_other_brief(change: dict[str, object]) -> None:
    """Everything that shapes the result counts."""
    assert named() != named(replace(BRIEF, **change))


def test_other_versions_or_corpus() -> None:
    """A new voice, or another book in the library, makes a new lesson."""
    assert 3 == len({named(), named(voice="espeak-2"), named(corpus="c2")})


def test_interest_is_compared_like_a_question() -> None:
    """Soccer is soccer."""
    assert named() == named(replace(BRIEF, interest=" Soccer! "))


def test_order_of_modalities() -> None:
    """A set has no order."""
    assert named() == named(replace(BRIEF, modalities=("video", "text", "video")))
    assert ("audio", "text") == normalised_modalities(["text", "audio", "text"])


@pytest.mark.parametrize(
    ("grades", "band"),
    [((1, 2), "1-2"), ((3, 5), "3-5"), ((6, 8), "6-8"), ((9, 12), "9-12")],
)
def test_band_of_a_grade(grades: tuple[int, ...], band: str) -> None:
    """Both ends of each band belong to it."""
    assert {band} == {grade_band(grade) for grade in grades}


@pytest.mark.parametrize("grade", [0, 13, -1])
def test_no_such_grade(grade: int) -> None:
    """A band is made up for nobody."""
    with pytest.raises(ValueError, match="1 to 12"):
        grade_band(grade)


@given(st.text())
def test_normalising_twice(text: str) -> None:
    """The normal form is its own normal form."""
    assert normalised(text) == normalised(normalised(text))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_case_never_counts(text: str) -> None:
    """A question in capitals is the same question."""
    assert normalised(text.upper()) == normalised(text.lower())
