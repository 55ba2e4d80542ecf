"""Equations: a whitelist turns MathML into plain lists, and nothing is evaluated."""

from pathlib import Path

import pytest
from lxml import etree

from shared.errors import Permanent
from shared.film.picture.mathml import tree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
BOOKS = Path(__file__).parents[3] / "shared" / "oer"


def math(inside: str) -> str:
    """Wrap MathML elements."""
    return f'<math xmlns="{NAMESPACE}">{inside}</math>'


@pytest.mark.parametrize(
    ("mathml", "expected"),
    [
        ("<mi>F</mi>", ["id", "F"]),
        ("<mn>9.8</mn>", ["num", "9.8"]),
        ("<mo>-</mo>", ["op", "\u2212"]),
        ("<mfrac><mi>F</mi><mi>m</mi></mfrac>", ["frac", ["id", "F"], ["id", "m"]]),
        ("<msub><mi>F</mi><mtext>net</mtext></msub>", ["sub", ["id", "F"], ["text", "net"]]),
        ("<mover><mi>v</mi><mo>→</mo></mover>", ["accent", ["id", "v"], "→"]),
        ("<mover><mi>v</mi><mo>¯</mo></mover>", ["bar", ["id", "v"]]),
        ("<msqrt><mi>a</mi><mi>b</mi></msqrt>", ["sqrt", ["row", ["id", "a"], ["id", "b"]]]),
        ('<mstyle mathvariant="bold"><mi>F</mi></mstyle>', ["bold", ["id", "F"]]),
        ("<mo>).</mo>", ["row", ["op", ")"], ["op", "."]]),
        (
            "<mmultiscripts><mtext>Cs</mtext><mprescripts/><mn>55</mn><mn>137</mn></mmultiscripts>",
            ["pre", ["text", "Cs"], ["num", "55"], ["num", "137"]],
        ),
        (
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mn>1</mn></mtd></mtr></mtable>",
            ["table", [["id", "a"], ["num", "1"]]],
        ),
    ],
)
def test_what_books_write(mathml, expected):
    """Each construction of the books becomes its node."""
    assert expected == tree(math(mathml))


@pytest.mark.parametrize(
    "mathml",
    [
        math("<script>1</script>"),
        math("<mfrac><mi>F</mi></mfrac>"),
        math("<maction><mi>F</mi></maction>"),
        math("<mrow>" * 60 + "<mi>x</mi>" + "</mrow>" * 60),
        "<p>no mathematics</p>",
        "<math",
    ],
    ids=["script", "half a fraction", "action", "too deep", "no math", "not well-formed"],
)
def test_what_is_refused(mathml):
    """What is not on the list makes the scene fail with a reason."""
    with pytest.raises(Permanent):
        tree(mathml)


def test_typst_code_in_a_leaf_stays_text():
    """A leaf that looks like markup is carried as a string."""
    assert ["text", '#panic("no") $x$'] == tree(math('<mtext>#panic("no") $x$</mtext>'))


def test_an_entity_is_not_expanded():
    """No file of the machine gets into an equation."""
    evil = (
        '<!DOCTYPE math [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        f'<math xmlns="{NAMESPACE}"><mtext>&e;</mtext></math>'
    )

    assert ["text", "&e;"] == tree(evil)


def test_every_equation_of_a_whole_book():
    """All mathematics of the physics book can be read."""
    modules = sorted(BOOKS.glob("openstax-physics/modules/*/index.cnxml"))
    if not modules:
        pytest.skip("no OpenStax book beside the checkout")
    count = 0
    for module in modules[::4]:
        for found in etree.parse(module).iter(f"{{{NAMESPACE}}}math"):
            found.tail = None
            tree(etree.tostring(found).decode())
            count += 1

    assert count > 500
