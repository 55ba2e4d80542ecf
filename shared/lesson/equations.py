"""Mathematics inside a sentence, written out: products, powers, subscripts, functions, isotopes.

Each rule is a pattern and what to say instead; `spoken` applies them in this order, before its own.
"""

# ruff: noqa: RUF001  (signs that look alike are exactly what these tables tell apart)

from __future__ import annotations

import re
from collections.abc import Callable

from shared.lesson import symbols
from shared.lesson.numerals import decimal, whole
from shared.lesson.units import BARE

_Found = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[_Found], str]]
_FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "log": "logarithm", "ln": "natural logarithm",
    "arcsin": "inverse sine", "arccos": "inverse cosine", "arctan": "inverse tangent",
}  # fmt: skip
_FUNCTION = "|".join(sorted(_FUNCTIONS, key=len, reverse=True))
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉"
_GREEK = "".join(symbols.GREEK)
_SIDE = rf"(?:[A-Za-z{_GREEK}]\w?|\d[\d.,]*)"  # a quantity, as opposed to a word
_INVERSE = r"(\^?\(?[-−⁻][1¹]\)?)?"
_ARGUMENT = rf"\s?[{_GREEK}\d{_LOWERED}]|\(|_|\s[B-HJ-Zb-z]\b"  # "a log rolls" has none
_CHARGED = rf"(?<=[A-Za-z{_GREEK}])([⁺⁻])(?![⁰¹²³⁴-⁹])"
_NOT_OF_TEN = r"(?:(?<!10)\^|\^(?=\(?[A-Za-z]))"
_NO_UNIT = r"(?<![\w/·])(?<!\d\s)"
_WHOLE_WORDS = frozenset(
    "net max min tot avg sys in on or and of to is it no the for not obs air out sum per end "  # noqa: SIM905
    "car top mass time work sine area force speed heat rate".split()
)
_PRODUCT = r"(?:[A-Za-z]{2,3}|mgh|nRT|NkT|GMm|qvB)"
_ISOTOPE = rf"(?<![\w⁻⁺).])([{_RAISED}]+)([{_LOWERED}]*)\s?([A-Z][a-z]?)(?![a-z])"


def cleaned(text: str) -> str:
    """Give one sign for each meaning: the same dot, degree, dash and letter everywhere."""
    text = re.sub(r"[\U0001d400-\U0001d7ff]", lambda found: _plain_letter(found[0]), text)
    return text.translate(symbols.SAME).replace("m/s/s", "m/s²")


def _plain_letter(letter: str) -> str:
    import unicodedata  # noqa: PLC0415 - needed for the rare bold or italic letter only

    return unicodedata.normalize("NFKC", letter)


def _say_isotope(found: _Found) -> str:
    mass = whole(int(found[1].translate(symbols.RAISED)))
    return f"{symbols.ELEMENTS.get(found[3], found[3])} {mass} "


def _say_function(found: _Found) -> str:
    inverse = "inverse " if found[2] else ""
    return f" {inverse}{_FUNCTIONS[found[1]]} of "


def _say_raised(found: _Found) -> str:
    power = found[1] or found[2]
    if power in symbols.SMALL_POWERS:
        return f" {symbols.SMALL_POWERS[power]} "
    said = power.replace("−", "minus ").replace("-", "minus ")
    said = re.sub(r"\d+(?:\.\d+)?", lambda digits: decimal(digits[0]), said)
    return f" to the power of {said} "


def _letters(text: str) -> str:
    return text if text.lower() in _WHOLE_WORDS else " ".join(text)


def _say_over(found: _Found) -> str:
    kept = BARE.fullmatch(found[0]) or (found[1] + found[2]).isdigit()
    return found[0] if kept else f"{found[1]} over {found[2]}"


RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (_ISOTOPE, _say_isotope),
        (rf"(?<![A-Za-z])({_FUNCTION}){_INVERSE}(?={_ARGUMENT})\s?", _say_function),
        (rf"(?<=[\w)])({_FUNCTION}){_INVERSE}(?=\s?[{_GREEK}])\s?", _say_function),
        (r"\^\(?°\)?", lambda _: "°"),
        (r"\^\(?′\)?", lambda _: "′"),
        (r"(?<=\d)\s?[″”](?=\s(?:in|by|x|long|wide|high|deep)\b)", lambda _: " inches"),
        (r"′", lambda _: " prime "),
        (r"\|\|", lambda _: " ∥ "),
        (r"(?<=[A-Za-z])\^\(?\s?([+-])\)?(?!\d)", lambda found: f" {symbols.SIGNED[found[1]]} "),
        (_CHARGED, lambda found: f" {symbols.CHARGES[found[1]]} "),
        (r"_(?:\(([^()]*)\)|([A-Za-z0-9⊥∥]+))", lambda found: f" {found[1] or found[2] or ''} "),
        (rf"{_NOT_OF_TEN}(?:\(\s?([-−]?\s?[\w.]+)\s?\)|([-−]?[\w.]+))", _say_raised),
        (r"\|([^|=]{1,12})\|", lambda found: f" the size of {found[1]} "),
        (r"(?<=[\d)]) - (?=[\d(])", lambda _: " minus "),
        (rf"(?<=\b[A-Za-z]) - (?={_SIDE}\b)", lambda _: " minus "),
        (rf"(?<![\w/])({_SIDE}|\))/(\(|{_SIDE})(?![\w/])", _say_over),
        (rf"([=+−×·½]\s?)({_PRODUCT})(?![A-Za-z0-9'])", lambda one: one[1] + _letters(one[2])),
        (rf"{_NO_UNIT}({_PRODUCT})(?=\s?[=²³])", lambda found: _letters(found[1])),
    )
)
