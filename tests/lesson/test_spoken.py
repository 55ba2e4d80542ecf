"""Numbers, units, signs and symbols as words."""

# ruff: noqa: RUF001  (signs that look alike are what these tests are about)

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.lesson import symbols
from shared.lesson.spoken import spoken

CASES = [
    ("It falls at 9.8 m/s².", "It falls at nine point eight meters per second squared."),
    ("4.2", "four point two"),
    (".80 s", "zero point eight zero seconds"),
    ("10 %", "ten percent"),
    ("10% of it", "ten percent of it"),
    ("5–10 m", "five to ten meters"),
    ("In 1687, Newton wrote it.", "In sixteen eighty-seven, Newton wrote it."),
    ("by 1905", "by nineteen oh five"),
    ("since 2005", "since two thousand five"),
    ("In 1000 m of water", "In one thousand meters of water"),
    ("the 1960s and 1600s", "the nineteen sixties and sixteen hundreds"),
    ("1642–1727", "sixteen forty-two to seventeen twenty-seven"),
    ("2,100 N", "two thousand one hundred newtons"),
    ("10 000 people", "ten thousand people"),
    ("−50 N", "minus fifty newtons"),
    ("a force of +50 N", "a force of plus fifty newtons"),
    ("3.0×10⁸ m/s", "three point zero times ten to the power of eight meters per second"),
    ("10⁻⁴ m", "ten to the power of minus four meters"),
    ("H₂O and CO₂", "H two O and C O two"),
    ("Δv = 3 m/s", "delta v equals three meters per second"),
    ("μ is small", "mu is small"),
    ("E = mc²", "E equals m c squared"),
    ("v₀", "v zero"),
    ("a 50-N force", "a fifty-newton force"),
    ("1 m and 2 m", "one meter and two meters"),
    ("5 m² and 3 cm³", "five square meters and three cubic centimeters"),
    ("kg·m/s", "kilogram meters per second"),
    ("6 ft at 60 mph", "six feet at sixty miles per hour"),
    ("25 °C", "twenty-five degrees Celsius"),
    ("a 45° angle", "a forty-five degree angle"),
    ("the 20th century and the 21st", "the twentieth century and the twenty-first"),
    ("½ of it, and 3/4 of that", "one half of it, and three quarters of that"),
    ("x < 3", "x is less than three"),
    ("2 + 3 = 5", "two plus three equals five"),
    ("e.g., a box (ignoring air).", "for example, a box, ignoring air."),
    ("steel, tin, etc.", "steel, tin, and so on."),
    ("“Hello”—he said", "Hello, he said"),
    ("the book’s x-axis", "the book's x-axis"),
    ("Carbon-14", "Carbon-fourteen"),
    ("An object at rest stays at rest.", "An object at rest stays at rest."),
    ("F = ma", "F equals m a"),
    ("F_net = ma", "F net equals m a"),
    ("KE = ½mv²", "K E equals one half m v squared"),
    ("PE = mgh and V = IR", "P E equals m g h and V equals I R"),
    ("v = v₀ + at", "v equals v zero plus a t"),
    ("a = Δv/Δt", "a equals delta v over delta t"),
    ("F/m = a, not 3 N/m", "F over m equals a, not three newtons per meter"),
    ("v₀cosθ₀ and sin θ", "v zero cosine of theta zero and sine of theta"),
    ("sin^‒1 x", "inverse sine of x"),
    ("10^y and 2^8", "ten to the power of y and two to the power of eight"),
    ("−1.6 × 10^(− 19) C", "minus one point six times ten to the power of minus nineteen coulombs"),
    ("5 ± 0.2 cm", "five plus or minus zero point two centimeters"),
    ("x ≤ 3, y ≈ 4, F ∝ m", "x is at most three, y is about four, F is proportional to m"),
    ("A − B, x - 5", "A minus B, x minus five"),
    ("p′₁ and r^′", "p prime one and r prime"),
    ("²³⁵₉₂U → ¹³⁷₅₅Cs", "uranium two hundred thirty-five gives cesium one hundred thirty-seven"),
    ("e⁺ and the W⁻ boson", "e plus and the W minus boson"),
    ("30^∘ south, 45º west", "thirty degrees south, forty-five degrees west"),
    (
        "4186 J/(kg·°C)",
        "four thousand one hundred eighty-six joules per kilogram per degree Celsius",
    ),
    ("1.0 N∙m and 3 kW·h", "one point zero newton meters and three kilowatt hours"),
    ("400 nm, 5 μm, 10 MΩ", "four hundred nanometers, five micrometers, ten megaohms"),
    ("2.5 eV at 60 Hz", "two point five electron volts at sixty hertz"),
    ("12 in. long", "twelve inches long"),
    ("10 m/s/s", "ten meters per second squared"),
    ("NaCl and CO2", "N A C L and C O two"),
    ("DC, AC and the emf", "D C, A C and the E M F"),
    ("CDs by NASA", "C Ds by NASA"),
    ("World War II, Chapter IV", "World War two, Chapter four"),
    ("Fig. 4 and Eq. 3", "figure four and equation three"),
    ("July 4, 1776", "July fourth, seventeen seventy-six"),
    ("at 10:30 a.m. today", "at ten thirty A M today"),
    ("a ratio of 4:1", "a ratio of four to one"),
    ("3 1/2 cups, 2½ m", "three and one half cups, two and one half m"),
    ("$1.50 or $3 million", "one dollar and fifty cents or three million dollars"),
    ("statistical and/or graphical/visual", "statistical and or graphical or visual"),
    ("a v-t graph, a free-body diagram", "a v-t graph, a free-body diagram"),
    ("cool…until", "cool, until"),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_table(text, said):
    """Each form is said as a teacher would read it."""
    assert said == spoken(text)


SIGNS = "".join(symbols.SIGNS) + "".join(symbols.GREEK) + "".join(symbols.FRACTIONS)
WRITTEN = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcmsvNJKWCΩμ  .,-–/()=+²³⁻¹₀₂_^′°%$0123456789" + SIGNS),
        st.characters(max_codepoint=0x2FF),
    ),
    max_size=40,
)


@given(WRITTEN)
def test_only_words_are_left(text):
    """Whatever the text, the voice gets letters and punctuation only."""
    assert re.search(r"[^A-Za-zÀ-ɏ ',.;:?!-]", spoken(text)) is None


@given(WRITTEN)
def test_again(text):
    """What has been written out once stays as it is."""
    assert spoken(text) == spoken(spoken(text))


@given(WRITTEN.filter(lambda text: re.search(r"[A-Za-z0-9α-ω²₀]", text)))
def test_something_is_said(text):
    """A text with a letter or a digit never becomes silence."""
    assert re.search(r"[A-Za-z]", spoken(text))
