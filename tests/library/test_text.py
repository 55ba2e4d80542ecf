"""From markup to readable sentences."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import pytest
from lxml import etree

from shared.library import sentences
from shared.library.characters import tidy
from shared.library.flatten import sentences_of, text_of
from shared.library.markup import parse
from shared.library.mathml import cleaned, readable
from shared.library.recompute import confirmed
from tests.library.books import NAMES


def para(content: str) -> etree._Element:
    """Parse a paragraph that stands beside a figure."""
    document = f'<d {NAMES}><para id="p">{content}</para><figure id="f"/><table id="t"/></d>'
    return parse(document.encode(), "d")[0]


def formula(content: str) -> etree._Element:
    """Parse a formula."""
    written = content.replace("<", "<m:").replace("<m:/", "</m:")
    return parse(f"<d {NAMES}><m:math>{written}</m:math></d>".encode(), "d")[0]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Newton\x92s law\x97here \x96 \x93so\x94", "Newton’s law—here – “so”"),
        ("a\u00a0 b\n\tc\u200bd", "a bcd".replace("bcd", "b cd")),
        ("θ and ϑ", "θ and θ"),
        ("from –50 N to 1–2 N", "from −50 N to 1–2 N"),
        ("the end .", "the end."),
    ],
)
def test_tidy(raw, read):
    """Odd characters are put right and white space is joined."""
    assert tidy(raw) == read


@pytest.mark.parametrize(
    "parts",
    [
        ("Ice melts.", "It is cold!", "Why?", "So."),
        ("Use a unit, e.g. Newtons, here.", "Then go."),
        ("Kevin S. O’Brien of the U.S. Navy took it.", "He did."),
        ("As seen in Fig. 3 it falls.", "(It does.)", "“Yes.”", "No."),
        ("It is 3.5 m long.", "4 is more."),
        ("(a) The first.", "(b) The second."),
        ("The force F.", "Then a stop"),
    ],
)
def test_split(parts):
    """A stop ends a sentence unless it belongs to a word."""
    assert tuple(sentences.split(" ".join(parts))) == parts


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("A <emphasis>very</emphasis> cold<newline/>day.", "A very cold day."),
        ("Move<footnote>Quickly.</footnote> on.", "Move on."),
        ("See <link target-id='f'/> and <link target-id='t'/>.", "See the figure and the table."),
        ("See <link url='http://x.org'>this</link>.", "See this."),
        ("At 10<sup>-8</sup> m, v<sub>0</sub>, v<sub>max</sub>.", "At 10⁻⁸ m, v₀, v_max."),
        ("On the 4<sup>th</sup>.", "On the 4th."),
        ("Two:<list><item>no</item></list> done.", "Two: done."),
    ],
)
def test_flatten(content, read):
    """Inline markup becomes text; blocks and footnotes do not."""
    assert text_of(para(content)) == read


@pytest.mark.parametrize(
    ("content", "mathematics", "refers"),
    [
        ("It is cold.", False, False),
        ("See <link target-id='f'/>.", False, True),
        ("Read <link url='http://x.org'>it</link>.", False, False),
        ("So <m:math><m:mi>F</m:mi></m:math> acts.", True, False),
        ("The weight <emphasis>W</emphasis> acts.", True, False),
        ("At 10<sup>8</sup> m.", True, False),
        ("Here F = 3.", True, False),
    ],
)
def test_what_a_sentence_is_marked_with(content, mathematics, refers):
    """A sentence knows whether it holds mathematics and whether it points somewhere."""
    found = sentences_of(para(content), "p/")[0]

    assert (found.mathematics, found.refers) == (mathematics, refers)


def test_marks_stay_on_their_sentence():
    """A formula that opens a sentence marks that one, not its neighbours."""
    found = sentences_of(para("Ice. <m:math><m:mi>F</m:mi></m:math> acts. Tea."), "p/")

    assert [("p/1", False), ("p/2", True), ("p/3", False)] == [(s.id, s.mathematics) for s in found]


def test_a_block_ends_a_sentence():
    """What stands before and after a list are two sentences."""
    found = sentences_of(para("It says:<list><item>x</item></list>then it ends."), "p/")

    assert ["It says:", "then it ends."] == [sentence.text for sentence in found]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("<mi>v</mi><mo>=</mo><mfrac><mi>d</mi><mi>t</mi></mfrac>", "v = d/t"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
        ("<msup><mi>v</mi><mn>2</mn></msup>", "v²"),
        ("<msub><mi>F</mi><mtext>net</mtext></msub><mo>=</mo><mn>0.</mn>", "F_net = 0."),
        ("<msqrt><mn>2</mn></msqrt>", "√(2)"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac><mn>50</mn>", "1/2 50"),
        ("<msubsup><mi>v</mi><mn>0</mn><mn>2</mn></msubsup>", "v₀²"),
    ],
)
def test_readable_formula(content, line):
    """A formula becomes one line that can be read."""
    assert readable(formula(content)) == line


def test_cleaned_formula():
    """For drawing, a formula loses prefixes, layout and the sentence's stop."""
    shown = cleaned(formula('<mi mathsize="9">F</mi><mo>=</mo><mn>0.</mn>'))

    assert shown == (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>F</mi><mo>=</mo><mn>0</mn></math>'
    )


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("d = 4 m/s × 5 s = 20 m", True),
        ("a = (10 N)/(5 kg) = 2 m/s²", True),
        ("E = 1/2 mv² = 0.5 × 2 kg × (3 m/s)² = 9 J", True),
        ("n = 1,000 × 84 = 8.4 × 10⁴", True),
        ("d = 4 m/s × 5 s = 21.5 m", False),
        ("v = d/t", False),
        ("d = 20 m", False),
        ("s = 3 km + 200 m = 3.2 km", False),
        ("y = 5 sin(30°) = 2.5", False),
        ("x = 1/0 = 0", False),
    ],
)
def test_recompute(line, right):
    """Only numbers that come out again are confirmed."""
    text = etree.Element("{http://www.w3.org/1998/Math/MathML}mtext")
    text.text = line

    assert confirmed([text]) is right
