"""Text as it is read aloud: numbers, units, signs, symbols and abbreviations written out.

The voice gets words only, so that every synthesiser says the same.  Pure: equal text, equal words.
"9.8 m/s²" becomes "nine point eight meters per second squared".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from shared.lesson import symbols
from shared.lesson.numerals import decimal, ordinal, whole, year
from shared.lesson.units import COMPOUND, UNIT, say_unit

_Found = re.Match[str]
_GROUPED = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?!\d)"
_NUMBER = rf"(?:(?:{_GROUPED}|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
_SIGN = r"(?:(?<![\w)\d])[+±−-])"  # noqa: RUF001
_TEN = r"10(?:\^\{?([-−+]?\d+)\}?|([⁻⁺]?[⁰¹²³⁴-⁹]+))"  # noqa: RUF001
_YEAR = r"1[0-9]\d\d|20\d\d"
_BEFORE_YEAR = (
    "[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Bb]efore|[Aa]fter|[Aa]round|[Yy]ear|[Ff]rom|January|February|"
    "March|April|May|June|July|August|September|October|November|December|[Ee]arly|[Ll]ate"
)
_UNCOUNTED = rf"(?![\w%°]|[.,]\d|\s?[×x]\s?\d|\s(?:{UNIT})(?!\w))"  # noqa: RUF001
_KEPT = re.compile(r"[^A-Za-zÀ-ɏ ',.;:?!-]")


def spoken(text: str) -> str:
    """Write a sentence out for a voice; keeps the punctuation that makes it pause."""
    for short, full in symbols.SHORT.items():
        text = _expand(text, short, full)
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return _tidy(_replace(text, symbols.FRACTIONS | symbols.SIGNS | symbols.GREEK))


def _expand(text: str, short: str, full: str) -> str:
    # The stop of an abbreviation at the end of the text is the sentence's own as well.
    if re.search(rf"(?<!\w){re.escape(short)}$", text):
        text = f"{text[: -len(short)]}{full}."
    return re.sub(rf"(?<!\w){re.escape(short)}(?=[\s,;:)])", full, text)


def _replace(text: str, table: Mapping[str, str]) -> str:
    for symbol, said in table.items():
        text = text.replace(symbol, f" {said} ")
    return text


def _amount(digits: str) -> str:
    return decimal(re.sub(r"[,\s]", "", digits))


def _signed(found: str) -> str:
    plain = found.translate(symbols.RAISED).replace("−", "-")  # noqa: RUF001
    return ("minus " if plain.startswith("-") else "") + _amount(plain.lstrip("+-"))


def _sign(found: str | None) -> str:
    return f"{symbols.SIGNED[found]} " if found else ""


def _say_decade(found: _Found) -> str:
    said = year(int(found[1]))
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _say_power(found: _Found) -> str:
    sign, number, plain, raised, unit = found.groups()
    times = f"{_amount(number)} times " if number else ""
    said = f"{_sign(sign)}{times}ten to the power of {_signed(plain or raised)}"
    return f"{said} {say_unit(unit, singular=False)}" if unit else said


def _say_range(found: _Found) -> str:
    said = f"{_amount(found[1])} to {_amount(found[2])}"
    return f"{said} {say_unit(found[3], singular=False)}" if found[3] else said


def _say_quantity(found: _Found) -> str:
    sign, number, hyphen, unit = found.groups()
    singular = bool(hyphen) or number == "1"
    return f"{_sign(sign)}{_amount(number)}{hyphen or ' '}{say_unit(unit, singular=singular)}"


def _say_fraction(found: _Found) -> str:
    common = symbols.COMMON_FRACTIONS.get(found[0])
    return common or f"{whole(int(found[1]))} over {whole(int(found[2]))}"


def _say_formula(found: _Found) -> str:
    parts = re.findall(r"[A-Z][a-z]?|\d+", found[0].translate(symbols.LOWERED))
    return " ".join(whole(int(part)) if part.isdigit() else part for part in parts)


def _say_raised(found: _Found) -> str:
    power = found[2].translate(symbols.RAISED)
    if power in symbols.SMALL_POWERS:
        return f"{found[1]} {symbols.SMALL_POWERS[power]}"
    return f"{found[1]} to the power of {_signed(power)}"


def _tidy(text: str) -> str:
    text = re.sub(r"[‘’]", "'", text)  # noqa: RUF001
    text = re.sub(r"\s*[()\[\]—]\s*|\s[–-]\s", ", ", text)  # noqa: RUF001
    text = text.replace("–", "-")  # noqa: RUF001
    text = _KEPT.sub(" ", text)
    text = re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))
    text = re.sub(r"[,;:]+(?=[,.;:?!])", "", text)
    return text.lstrip(", ").rstrip(", ")


_Rule = tuple[re.Pattern[str], Callable[[_Found], str]]
_RULES: tuple[_Rule, ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (
            rf"\b({_YEAR})\s?[–-]\s?({_YEAR})\b",  # noqa: RUF001
            lambda found: f"{year(int(found[1]))} to {year(int(found[2]))}",
        ),
        (r"\b(1[1-9]\d0|20\d0)s\b", _say_decade),
        (
            rf"\b((?:{_BEFORE_YEAR}),?\s)({_YEAR}){_UNCOUNTED}",
            lambda found: found[1] + year(int(found[2])),
        ),
        (rf"\(({_YEAR})\)", lambda found: f"({year(int(found[1]))})"),
        (r"\b(\d+)(?:st|nd|rd|th)\b", lambda found: ordinal(int(found[1]))),
        (rf"\$({_NUMBER})", lambda found: f"{_amount(found[1])} dollars"),
        (rf"({_SIGN})?(?:({_NUMBER})\s?[×x⋅·]\s?)?{_TEN}(?:\s?({UNIT})(?!\w))?", _say_power),  # noqa: RUF001
        (rf"\b({_NUMBER})\s?[–-]\s?({_NUMBER})\b(?:\s?({UNIT})(?!\w))?", _say_range),  # noqa: RUF001
        (rf"({_SIGN})?({_NUMBER})(?:\s?|(-))({UNIT})(?!\w)", _say_quantity),
        (rf"(?<!\w)({COMPOUND})(?!\w)", lambda found: say_unit(found[1], singular=False)),
        (r"\b(\d+)/(\d+)\b", _say_fraction),
        (r"\b(\d+):(\d+)\b", lambda found: f"{whole(int(found[1]))} to {whole(int(found[2]))}"),
        (r"\b(?:[A-Z][a-z]?[₀-₉]*)*[A-Z][a-z]?[₀-₉]+(?:[A-Z][a-z]?[₀-₉]*)*", _say_formula),
        (r"([A-Za-z])(?=\d)", lambda found: f"{found[1]} "),
        (rf"({_SIGN})?({_NUMBER})", lambda found: f"{_sign(found[1])}{_amount(found[2])} "),
        (r"([A-Za-z)])([⁻⁺]?[⁰¹²³⁴-⁹]+)", _say_raised),
        (r"([A-Za-z])([₀-₉]+)", lambda found: f"{found[1]} {_amount(_digits(found[2]))}"),
    )
)


def _digits(lowered: str) -> str:
    return lowered.translate(symbols.LOWERED)
