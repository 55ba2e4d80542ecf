"""Numbers, units, signs and symbols as words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.lesson.spoken import spoken

CASES = [
    ("It falls at 9.8 m/s².", "It falls at nine point eight meters per second squared."),
    ("4.2", "four point two"),
    (".80 s", "zero point eight zero seconds"),
    ("10 %", "ten percent"),
    ("10% of it", "ten percent of it"),
    ("5–10 m", "five to ten meters"),  # noqa: RUF001
    ("In 1687, Newton wrote it.", "In sixteen eighty-seven, Newton wrote it."),
    ("by 1905", "by nineteen oh five"),
    ("since 2005", "since two thousand five"),
    ("In 1000 m of water", "In one thousand meters of water"),
    ("the 1960s and 1600s", "the nineteen sixties and sixteen hundreds"),
    ("1642–1727", "sixteen forty-two to seventeen twenty-seven"),  # noqa: RUF001
    ("2,100 N", "two thousand one hundred newtons"),
    ("10 000 people", "ten thousand people"),
    ("−50 N", "minus fifty newtons"),  # noqa: RUF001
    ("a force of +50 N", "a force of plus fifty newtons"),
    ("3.0×10⁸ m/s", "three point zero times ten to the power of eight meters per second"),  # noqa: RUF001
    ("10⁻⁴ m", "ten to the power of minus four meters"),
    ("H₂O and CO₂", "H two O and C O two"),
    ("Δv = 3 m/s", "delta v equals three meters per second"),
    ("μ is small", "mu is small"),
    ("E = mc²", "E equals mc squared"),
    ("v₀", "v zero"),
    ("a 50-N force", "a fifty-newton force"),
    ("1 m and 2 m", "one meter and two meters"),
    ("5 m² and 3 cm³", "five square meters and three cubic centimeters"),
    ("kg·m/s", "kilogram meters per second"),
    ("6 ft at 60 mph", "six feet at sixty miles per hour"),
    ("25 °C", "twenty-five degrees Celsius"),
    ("a 45° angle", "a forty-five degrees angle"),
    ("the 20th century and the 21st", "the twentieth century and the twenty-first"),
    ("½ of it, and 3/4 of that", "one half of it, and three quarters of that"),
    ("x < 3", "x is less than three"),
    ("2 + 3 = 5", "two plus three equals five"),
    ("e.g., a box (ignoring air).", "for example, a box, ignoring air."),
    ("steel, tin, etc.", "steel, tin, and so on."),
    ("“Hello”—he said", "Hello, he said"),
    ("the book’s x-axis", "the book's x-axis"),  # noqa: RUF001
    ("Carbon-14", "Carbon-fourteen"),
    ("An object at rest stays at rest.", "An object at rest stays at rest."),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_table(text, said):
    """Each form is said as a teacher would read it."""
    assert said == spoken(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=60))
def test_only_words_are_left(text):
    """Whatever the text, the voice gets letters and punctuation only."""
    assert re.search(r"[\d_%$=+<>*/\\{}\[\]()]", spoken(text)) is None


@given(st.text(alphabet="abc XYZ'.,", max_size=60))
def test_again(text):
    """What has been written out once stays as it is."""
    assert spoken(text) == spoken(spoken(text))
