"""Recompute the numbers of a worked example from its own formulas: a = b = c must agree."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import ast
import itertools
import math
import operator
import re
from collections.abc import Callable, Iterable

from lxml.etree import _Element as Element

from shared.library.mathml import RAISED, readable

TOLERANCE = 0.05  # textbooks round to two figures

_LOWER_AGAIN = str.maketrans({raised: chr(plain) for plain, raised in RAISED.items()} | {"⁻": "-"})
_POWERS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
# Letters that are no unit are symbols, and a side with symbols says nothing.
_UNIT_NAMES = (
    r"(?:[kcdmnpμMG]?(?:m|s|g|N|J|W|V|A|Ω|Hz|Pa|K|C|T|F|L|B|eV|mol|cal|rad|Wb|Bq|lm|lx)"
    r"|°[CFRK]?|%|D|h|y|min|mi|ft|in|yd|lb|years?|seconds?|decays|grams|atoms|north|south|east|west)"
)
_NAME = rf"{_UNIT_NAMES}(?![A-Za-z])(?:\*\*\(-?\d+\))?"  # m, °C, s**(2)
_UNIT = re.compile(
    rf"(?<=[\d)])\s*{_NAME}"
    rf"(?:\s*[·⋅/]\s*(?:{_NAME}|\({_NAME}(?:\s*[·⋅]\s*{_NAME})*\))|\s*{_NAME})*"
)
_BETWEEN = re.compile(r"\)\s*\(|(?<=[\d.])\s*\(|\)\s*(?=\d)|(?<=\d)\s+(?=\d)")
_PLAIN = re.compile(r"[\d.\s()+\-*/]+")
_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip


def confirmed(maths: Iterable[Element]) -> bool:
    """Tell whether at least one chain of numbers is right and none of them is wrong.

    Chains with units that change on the way, logarithms or angles are not understood and count
    for nothing.
    """
    verdicts = [agrees for one in maths for agrees in agreements(readable(one))]
    return bool(verdicts) and all(verdicts)


def agreements(formula: str) -> list[bool]:
    """Compare neighbours in `a = b = c`; only a computation beside its result says anything."""
    verdicts = []
    for line in formula.replace("; =", " =").split(";"):
        sides = [_value(side) for side in re.split(r"[=≈]", line)]
        for (left, computed), (right, _) in itertools.pairwise(sides):
            if computed and left is not None and right is not None:
                verdicts.append(math.isclose(left, right, rel_tol=TOLERANCE))
    return verdicts


def _value(side: str) -> tuple[float | None, bool]:
    """Evaluate one side; None when it holds symbols.  The flag tells whether it computes."""
    plain = _POWERS.sub(lambda found: f"**({found[0].translate(_LOWER_AGAIN)})", side)
    plain = _GROUPED.sub("", plain).translate(str.maketrans("−×·÷–", "-**/-"))
    plain = _UNIT.sub("", plain).strip().rstrip(".,")
    plain = _BETWEEN.sub(lambda gap: _product(gap[0]), plain)
    if not _PLAIN.fullmatch(plain):
        return None, False
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
        return _evaluated(tree), isinstance(tree, ast.BinOp)
    except (SyntaxError, ArithmeticError, ValueError):
        return None, False


def _product(gap: str) -> str:
    """Write out the sign that formulas leave away between two factors."""
    return f"{')' if ')' in gap else ''}*{'(' if '(' in gap else ''}"


def _evaluated(node: ast.AST) -> float:
    """Compute what only holds numbers and the five operators; raises ValueError."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluated(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _evaluated(node.left), _evaluated(node.right)
        return _OPERATORS[type(node.op)](left, right)
    raise ValueError("not arithmetic")
