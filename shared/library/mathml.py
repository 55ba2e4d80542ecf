"""Presentation MathML as one line of readable text, and cleaned for a maths renderer."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

from shared.library.characters import tidy
from shared.library.markup import MATHML, kind

RAISED = str.maketrans("0123456789+−-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+−-()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_SPACED = frozenset("=+−-×·÷<>≤≥≈≠∝→±∼≡⇒")
_COMPOUND = re.compile(r"[\s+−×·/=-]")
_KEPT = frozenset({"mathvariant", "columnalign", "notation", "stretchy", "width"})
_STOPS = ".,;"


def readable(math: Element) -> str:
    """Write a formula as one line: fractions with a slash, powers raised, layout dropped.

    A stop or comma inside the formula stays: the sentence around it needs it.
    """
    return tidy(_line(math))


def cleaned(math: Element) -> str:
    """Serialise a formula without prefixes, layout attributes and the sentence's last stop."""
    copied = _copied(math)
    _strip_stop(copied)
    return str(etree.tostring(copied, encoding="unicode", with_tail=False))


def raised(text: str) -> str:
    """Write an exponent: raised digits where Unicode has them, a caret otherwise."""
    small = text.translate(RAISED)
    return small if not set(text) & set(small) else f"^{_wrapped(text)}"


def lowered(text: str) -> str:
    """Write an index: lowered digits where Unicode has them, an underscore otherwise."""
    small = text.translate(LOWERED)
    return small if not set(text) & set(small) else f"_{_wrapped(text)}"


def _line(element: Element) -> str:
    write = _WRITERS.get(kind(element))
    if write is not None:
        return write(element)
    if len(element) == 0:
        return _leaf(element)
    return "".join(_line(child) for child in element)


def _leaf(element: Element) -> str:
    text = "".join(element.itertext())
    stripped = text.strip()
    if kind(element) == "mo" and stripped in _SPACED and stripped:
        return f" {stripped} "
    return stripped if kind(element) in {"mn", "mi"} else text


def _wrapped(text: str) -> str:
    return f"({text})" if _COMPOUND.search(text.strip()) else text.strip()


def _fraction(element: Element) -> str:
    parts = [_wrapped(tidy(_line(child))) for child in element]
    return f" {'/'.join(parts)} "  # or a half of 50 reads 1/250


def _power(element: Element) -> str:
    lines = [tidy(_line(child)) for child in element]
    return lines[0] + "".join(raised(line) for line in lines[1:2] if line)


def _index(element: Element) -> str:
    lines = [tidy(_line(child)) for child in element]
    return lines[0] + "".join(lowered(line) for line in lines[1:2] if line)


def _index_and_power(element: Element) -> str:
    base, low, high = [*(tidy(_line(child)) for child in element), "", "", ""][:3]
    return base + (lowered(low) if low else "") + (raised(high) if high else "")


def _root(element: Element) -> str:
    return f"√({tidy(''.join(_line(child) for child in element))})"


def _under_the_mark(element: Element) -> str:
    return _line(element[0]) if len(element) else ""


def _rows(element: Element) -> str:
    rows = (" ".join(_line(cell) for cell in row) for row in element)
    return "; ".join(row for row in map(tidy, rows) if row)


def _isotope(element: Element) -> str:
    """Mass number, atomic number, symbol: the order in which they are written."""
    names = [kind(child) for child in element]
    if "mprescripts" not in names:
        return "".join(_line(child) for child in element)
    at = names.index("mprescripts")
    low, high = ([tidy(_line(child)) for child in element[at + 1 :]] + ["", ""])[:2]
    before = (raised(high) if high else "") + (lowered(low) if low else "")
    return before + "".join(_line(child) for child in element[:at])


_WRITERS: dict[str, Callable[[Element], str]] = {
    "mfrac": _fraction,
    "msup": _power,
    "msub": _index,
    "msubsup": _index_and_power,
    "msqrt": _root,
    "mroot": _root,
    "mover": _under_the_mark,
    "munder": _under_the_mark,
    "munderover": _under_the_mark,
    "mtable": _rows,
    "mmultiscripts": _isotope,
    "mspace": lambda _: " ",
    "mphantom": lambda _: "",
    "none": lambda _: "",
}


def _copied(element: Element) -> Element:
    attributes = {name: value for name, value in element.attrib.items() if name in _KEPT}
    own_names = {None: MATHML[1:-1]} if kind(element) == "math" else None
    fresh = etree.Element(MATHML + kind(element), attributes, nsmap=own_names)
    fresh.text = _leaf_text(element)
    fresh.extend(_copied(child) for child in element if kind(child))
    return fresh


def _leaf_text(element: Element) -> str | None:
    """Give a leaf's text with odd characters put right; its own blanks stay."""
    if len(element) or element.text is None:
        return None
    text = element.text
    inner = tidy(text)
    if kind(element) != "mtext":
        return inner
    return (" " if text[:1].isspace() or text[:1] == "\xa0" else "") + inner


def _strip_stop(math: Element) -> None:
    """Remove the full stop that belongs to the sentence, not to the formula."""
    leaves = [leaf for leaf in math.iter() if not len(leaf) and (leaf.text or "").strip()]
    if leaves and leaves[-1].text.rstrip()[-1] in _STOPS:
        leaves[-1].text = leaves[-1].text.rstrip().rstrip(_STOPS)
