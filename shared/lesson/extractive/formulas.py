"""A chain of equal sides, a = b = c, taken apart into one equation a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from shared.errors import Permanent
from shared.film.picture.mathml import tree
from shared.library.characters import tidy
from shared.library.markup import kind
from shared.library.mathml import readable
from shared.library.recompute import agreements

_SPACE = "http://www.w3.org/1998/Math/MathML"
_FLAT = frozenset({"mn", "mtext", "mo", "mi", "mspace"})
_GROUPS = frozenset({"mrow", "mstyle", "math", "mtd", "mpadded", "semantics"})
_FEWEST_SIDES, _MOST_SIDES = 3, 5
_MOST_SIGNS = 60  # of a line as text: more does not fit a card
_MOST_LEFT = 14
_RESULT = re.compile(r"[−–-]?\s?\d[\d,. ]*(?:×\s?10[⁻⁺]?[⁰¹²³⁴-⁹]+)?\s?[^\d=+]{0,16}")  # noqa: RUF001
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_POWER_OF_TEN = re.compile(r"×\s?10[⁻⁺]?[⁰¹²³⁴-⁹]+")  # noqa: RUF001
_NAMES = re.compile(r"[A-Za-zΑ-ω]")  # noqa: RUF001


_Sides = list[list[Element]]


@dataclass(frozen=True, slots=True)
class Chain:
    """What is worked out: the formula and the lines below it as MathML, and the result as text."""

    formula: str
    steps: tuple[str, ...]
    result: str
    numbers: frozenset[float]  # of its first line, powers of ten left out


def numbers_in(text: str) -> frozenset[float]:
    """Give the numbers of a text, without signs and raised powers."""
    plain = _POWER_OF_TEN.sub("", text)
    return frozenset(float(one.replace(",", "")) for one in _NUMBER.findall(plain))


def chain(mathml: str, before: Sequence[str] = ()) -> Chain | None:
    """Take the last chain of an equation apart; None when none ends in a number that is right.

    `mathml` is one equation as the library keeps it, perhaps a table of several lines; `before`
    are equations in which its formula may stand, the last the most likely.
    """
    lines = [sides for one in before for sides in _chains(etree.fromstring(one))]
    found = []
    for sides in _chains(etree.fromstring(mathml)):
        taken_apart = _chain(sides) or _chain(_with_formula(sides, lines))
        found += [taken_apart] if taken_apart else []
        lines.append(sides)
    return found[-1] if found else None


def _with_formula(sides: _Sides, lines: Sequence[_Sides]) -> _Sides:
    """Put the formula of an earlier line with the same left side in front of the numbers."""
    for earlier in reversed(lines):
        is_same = len(earlier) > 1 and len(sides) > 1 and _text(earlier[0]) == _text(sides[0])
        if is_same and all(earlier[:2]) and _NAMES.search(_symbols(earlier[1])):
            return [sides[0], earlier[1], *sides[1:]]
    return []


def _chain(sides: _Sides) -> Chain | None:
    if not _FEWEST_SIDES <= len(sides) <= _MOST_SIDES or not all(sides):
        return None
    left, formula, *steps, last = sides
    texts = [_text(side) for side in sides]
    result = texts[-1].strip(" .,;")
    if not steps or not _is_symbol(texts[0]) or not _NAMES.search(_symbols(formula)):
        return None
    if not _RESULT.fullmatch(result) or not _NUMBER.search(_text(steps[0])):
        return None
    is_flat = all(kind(part) in _FLAT for part in left)
    lines = [[*left, _equals(), *side] for side in (formula, *steps)]
    if not is_flat:
        lines[-1] += [_equals(), *last]
    written = [_written(line) for line in lines]
    shown = f"{texts[0]} = {result}" if is_flat else result
    computed = agreements(" = ".join(texts))
    if not computed or not all(computed) or not all(map(_is_drawable, written)):
        return None
    spaced = re.sub(r"(?<=\d)(?=[A-Za-zΩμ°])", " ", shown)
    return Chain(written[0], tuple(written[1:]), spaced, numbers_in(_text(steps[0])))


def _chains(root: Element) -> Iterator[_Sides]:
    """Give the sides of each chain; a line of a table that opens with "=" goes on with one."""
    sides: _Sides = []
    for row in _rows(root):
        parts = _sides(row)
        if len(parts) > 1 and not parts[0] and sides:
            sides += parts[1:]
            continue
        if sides:
            yield sides
        sides = parts
    if sides:
        yield sides


def _rows(root: Element) -> Iterator[list[Element]]:
    parts = list(_parts(root))
    tables = [part for part in parts if kind(part) == "mtable"]
    if not tables:
        yield parts
    for table in tables:
        for row in table:
            yield [part for cell in row for part in _parts(cell)]


def _parts(element: Element) -> Iterator[Element]:
    """Give the parts of a row, groups opened."""
    for child in element:
        if kind(child) in _GROUPS:
            yield from _parts(child)
        else:
            yield child


def _sides(parts: list[Element]) -> _Sides:
    sides: _Sides = [[]]
    for part in parts:
        if kind(part) in {"mo", "mtext"} and "".join(part.itertext()).strip() == "=":
            sides.append([])
        elif kind(part) != "mspace" and (len(part) or "".join(part.itertext()).strip()):
            sides[-1].append(part)
    return sides


def _is_symbol(text: str) -> bool:
    return 0 < len(text) <= _MOST_LEFT and not re.search(r"[\d+/]", text)


def _symbols(side: list[Element]) -> str:
    """Give what a side holds beside numbers, if it holds no number but small factors."""
    text = _text(side)
    return "" if any(one not in {0.5, 1, 2, 3, 4} for one in numbers_in(text)) else text


def _text(side: list[Element]) -> str:
    return readable(etree.fromstring(_written(side))) if side else ""


def _equals() -> Element:
    sign = etree.Element(f"{{{_SPACE}}}mo")
    sign.text = "="
    return sign


def _written(parts: list[Element]) -> str:
    math = etree.Element(f"{{{_SPACE}}}math", nsmap={None: _SPACE})
    row = etree.SubElement(math, f"{{{_SPACE}}}mrow")
    for part in parts:
        row.append(_copied(part))
    return str(etree.tostring(math, encoding="unicode"))


def _copied(part: Element) -> Element:
    copied = etree.fromstring(etree.tostring(part, with_tail=False))
    copied.tail = None
    return copied


def _is_drawable(mathml: str) -> bool:
    try:
        tree(mathml)
    except Permanent:
        return False
    return len(tidy(readable(etree.fromstring(mathml)))) <= _MOST_SIGNS
