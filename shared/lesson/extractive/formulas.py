"""A chain of equal sides, a = b = c, taken apart into one equation a line."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

_SPACE = "http://www.w3.org/1998/Math/MathML"
_FLAT = frozenset({"mn", "mtext", "mo", "mi", "mspace"})
_FEWEST_SIDES, _MOST_SIDES = 3, 5


@dataclass(frozen=True, slots=True)
class Chain:
    """What is worked out: the formula and the lines below it as MathML, and the result as text."""

    formula: str
    steps: tuple[str, ...]
    result: str


def chain(mathml: str) -> Chain | None:
    """Take a chain apart; None when it is no plain chain that ends in a number.

    `mathml` is one equation as the library keeps it.
    """
    sides = _sides(mathml)
    if not _FEWEST_SIDES <= len(sides) <= _MOST_SIDES:
        return None
    left, *right = sides
    result = _flat(right[-1])
    if not result or not _flat(left) or not any(one.isdigit() for one in result):
        return None
    formula, *steps = (_written([*left, _equals(), *side]) for side in right[:-1])
    return Chain(formula, tuple(steps), f"{_flat(left)} = {result}")


def _sides(mathml: str) -> list[list[ET.Element]]:
    root = ET.fromstring(mathml)  # noqa: S314  (our own library wrote it, without a DTD)
    for part in root.iter():
        part.tag = part.tag.removeprefix(f"{{{_SPACE}}}")
    row = root[0] if len(root) == 1 and root[0].tag == "mrow" else root
    sides: list[list[ET.Element]] = [[]]
    for part in row:
        if part.tag == "mo" and (part.text or "").strip() == "=":
            sides.append([])
        else:
            sides[-1].append(part)
    return sides if all(sides) else []


def _flat(side: list[ET.Element]) -> str:
    """Write a side as text; empty when it has fractions or powers."""
    if any(part.tag not in _FLAT for part in side):
        return ""
    return " ".join("".join(part.text or " " for part in side).split())


def _equals() -> ET.Element:
    sign = ET.Element("mo")
    sign.text = "="
    return sign


def _written(parts: list[ET.Element]) -> str:
    math = ET.Element("math", xmlns=_SPACE)
    ET.SubElement(math, "mrow").extend(parts)
    return ET.tostring(math, encoding="unicode")
