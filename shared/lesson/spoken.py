"""Text as it is read aloud: numbers, units, signs, symbols and abbreviations written out.

The voice gets words only, so that every synthesiser says the same.  Pure: equal text, equal words.
"9.8 m/s²" becomes "nine point eight meters per second squared".
"""

# ruff: noqa: RUF001  (signs that look alike are exactly what these patterns tell apart)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from shared.lesson import equations, symbols
from shared.lesson.equations import Rule
from shared.lesson.numerals import decimal, ordinal, roman, whole, year
from shared.lesson.units import BARE, COMPOUND, NAMES, UNIT, say_unit

_Found = re.Match[str]
_GROUPED = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?!\d)"
_NUMBER = rf"(?:(?:{_GROUPED}|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
_SIGN = r"(?:(?<![\w)\d])[+±−-]\s?(?=[\d.]))"
_TEN = r"10(?:\^[{(]?\s?([-−+]?\s?\d+)[)}]?|([⁻⁺]?[⁰¹²³⁴-⁹]+))"
_YEAR = r"1[0-9]\d\d|20\d\d"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_BEFORE_YEAR = (
    "[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Bb]efore|[Aa]fter|[Aa]round|[Yy]ear|[Ff]rom|[Ee]arly|[Ll]ate|"
    + _MONTH
)
_UNCOUNTED = rf"(?![\w%°]|[.,]\d|\s?[×x]\s?\d|\s(?:{UNIT})(?!\w))"
_MEANT = frozenset([*symbols.GREEK, *map(chr, (*symbols.RAISED, *symbols.LOWERED))])
_KEPT = re.compile(r"[^A-Za-zÀ-ɏ ',.;:?!-]")
_TURNED = "angle|turn|rotation|bend|corner|slope|incline|twist"
_FRACTION = "".join(symbols.FRACTIONS)


@lru_cache(maxsize=4096)
def spoken(text: str) -> str:
    """Write a sentence out for a voice; keeps the punctuation that makes it pause."""
    text = _latin(equations.cleaned(unicodedata.normalize("NFC", text)))
    for short, full in symbols.SHORT.items():
        text = _expand(text, short, full)
    for pattern, say in (*_DATES, *equations.RULES, *_RULES):
        text = pattern.sub(say, text)
    text = _replace(text, symbols.FRACTIONS | symbols.SIGNS | symbols.GREEK)
    for pattern, say in _LETTERS:
        text = pattern.sub(say, text)
    return _tidy(text)


def _expand(text: str, short: str, full: str) -> str:
    # The stop of an abbreviation at the end of the text is the sentence's own as well.
    if short.endswith(".") and re.search(rf"(?<!\w){re.escape(short)}$", text):
        text = f"{text[: -len(short)]}{full}."
    return re.sub(rf"(?<!\w){re.escape(short)}(?=[\s,;:)])", full, text)


def _replace(text: str, table: Mapping[str, str]) -> str:
    for symbol, said in table.items():
        text = text.replace(symbol, f" {said} ")
    return text


def _amount(digits: str) -> str:
    return decimal(re.sub(r"[,\s]", "", digits))


def _signed(found: str) -> str:
    plain = found.translate(symbols.RAISED).replace("−", "-").replace(" ", "")
    return ("minus " if plain.startswith("-") else "") + _amount(plain.lstrip("+-"))


def _sign(found: str | None) -> str:
    return f"{symbols.SIGNED[found.strip()]} " if found else ""


def _say_decade(found: _Found) -> str:
    said = year(int(found[1]))
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _say_power(found: _Found) -> str:
    sign, number, plain, raised, unit = found.groups()
    times = f"{_amount(number)} times " if number else ""
    said = f"{_sign(sign)}{times}ten to the power of {_signed(plain or raised)}"
    return f"{said} {say_unit(unit, singular=False)}" if unit else f"{said} "


def _say_range(found: _Found) -> str:
    said = f"{_amount(found[1])} to {_amount(found[2])}"
    return f"{said} {say_unit(found[3], singular=False)}" if found[3] else said


def _say_quantity(found: _Found) -> str:
    sign, number, hyphen, unit = found.groups()
    singular = bool(hyphen) or number == "1"
    return f"{_sign(sign)}{_amount(number)}{hyphen or ' '}{say_unit(unit, singular=singular)} "


def _say_fraction(found: _Found) -> str:
    common = symbols.COMMON_FRACTIONS.get(found[0])
    return common or f"{whole(int(found[1]))} over {whole(int(found[2]))}"


def _say_mixed(found: _Found) -> str:
    part = symbols.FRACTIONS.get(found[2]) or symbols.COMMON_FRACTIONS.get(found[3], found[3])
    return f"{_amount(found[1])} and {part}"


def _say_price(found: _Found) -> str:
    whole_part, _, cents = found[1].partition(".")
    if found[2]:
        return f"{_amount(found[1])} {found[2]} dollars"
    dollars = f"{_amount(whole_part)} dollar{'' if whole_part == '1' else 's'}"
    if not cents.strip("0"):
        return dollars
    return f"{dollars} and {whole(int(cents.ljust(2, '0')[:2]))} cents"


def _say_formula(found: _Found) -> str:
    parts = re.findall(r"[A-Z][a-z]?|\d+", found[0].translate(symbols.LOWERED))
    said = (whole(int(part)) if part.isdigit() else " ".join(part.upper()) for part in parts)
    return f" {' '.join(said)} "


def _say_compound(found: _Found) -> str:
    parts = re.findall(r"[A-Z][a-z]?", found[0])
    return " ".join(found[0].upper()) if set(parts) <= set(symbols.ELEMENTS) else found[0]


def _say_initials(found: _Found) -> str:
    letters, plural = found[1], found[2]
    if letters in symbols.SAID_AS_WORDS:
        return found[0]
    return " ".join(letters) + ("s" if plural else "")


def _say_raised(found: _Found) -> str:
    power = found[2].translate(symbols.RAISED)
    if power in symbols.SMALL_POWERS:
        return f"{found[1]} {symbols.SMALL_POWERS[power]} "
    return f"{found[1]} to the power of {_signed(power)} "


def _say_time(found: _Found) -> str:
    minutes = int(found[2])
    said = "" if not minutes else f" {'oh ' if found[2][0] == '0' else ''}{whole(minutes)}"
    return whole(int(found[1])) + said


def _tidy(text: str) -> str:
    text = re.sub(r"[‘’]", "'", text)
    text = re.sub(r"\s*[()\[\]—]\s*|\s[–-]+\s", ", ", text)
    text = text.replace("–", "-")
    text = _KEPT.sub(" ", text)
    text = re.sub(r"(?<![\w'])-+|-+(?![\w'])", " ", text)
    text = re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))
    text = re.sub(r"[,;:]+(?=[,.;:?!])", "", text)
    return text.lstrip(",;:. ").rstrip(", ")


def _latin(text: str) -> str:
    """Take marks and styles off letters that no English voice knows: a circled a is an a."""
    return text if text.isascii() else "".join(map(_known_letter, text))


def _known_letter(one: str) -> str:
    if one < "ɐ" or one in _MEANT or not one.isalnum():
        return one
    plain = unicodedata.normalize("NFKD", one)[:1]
    return plain if plain.isascii() or plain in _MEANT else " "


_DATES: tuple[Rule, ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (
            rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? ({_YEAR}))?\b(?!\.\d)",
            lambda found: (
                f"{found[1]} {ordinal(int(found[2]))}"
                + (f", {year(int(found[3]))}" if found[3] else "")
            ),
        ),
        (r"\b(\d{1,2}):(\d\d)(?=\s?(?:[AaPp]\.?\s?[Mm]\b|o'clock))", _say_time),
        (
            rf"\b({_YEAR})\s?[–-]\s?({_YEAR})\b",
            lambda found: f"{year(int(found[1]))} to {year(int(found[2]))}",
        ),
        (r"\b(1[1-9]\d0|20\d0)s\b", _say_decade),
        (
            rf"\b((?:{_BEFORE_YEAR}),?\s)({_YEAR}){_UNCOUNTED}",
            lambda found: found[1] + year(int(found[2])),
        ),
        (rf"\(({_YEAR})\)", lambda found: f"({year(int(found[1]))})"),
        (
            rf"\b({'|'.join(symbols.TITLES_OF_NUMERALS)}) ([IVX]+)\b",
            lambda found: f"{found[1]} {whole(roman(found[2]))}",
        ),
        (r"\bNo\. (?=\d)", lambda _: "number "),
        (r"(?<=\d in)\.(?=[³²]|\s|$)", lambda _: ""),
    )
)
_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (r"\b(\d+)(?:\^?\{?(?:st|nd|rd|th)\}?)\b", lambda found: ordinal(int(found[1]))),
        (rf"\$({_NUMBER})(?: (million|billion|trillion)\b)?", _say_price),
        (rf"(?<![\d.,/])(\d+)(?:\s?([{_FRACTION}])|\s(\d/\d)\b)", _say_mixed),
        (rf"({_SIGN})?(?:({_NUMBER})\s?[×x·]\s?)?{_TEN}(?:\s?({UNIT})(?!\w))?", _say_power),
        (rf"\b({_NUMBER})\s?[–-]\s?({_NUMBER})\b(?:\s?({UNIT})(?!\w))?", _say_range),
        (
            rf"({_NUMBER})\s?°(?= (?:{_TURNED})\b)",
            lambda found: f"{_amount(found[1])} degree",
        ),
        (rf"({_SIGN})?({_NUMBER})(?:\s?|(-))({UNIT})(?!\w)", _say_quantity),
        (
            rf"(?<!\w)({COMPOUND})(?!\w)",
            lambda found: (
                say_unit(found[1], singular=False) if BARE.fullmatch(found[1]) else found[0]
            ),
        ),
        (r"\b(\d+)/(\d+)\b", _say_fraction),
        (r"\b(\d+):(\d+)\b", lambda found: f"{whole(int(found[1]))} to {whole(int(found[2]))}"),
        (r"\b(?:[A-Z][a-z]?[₀-₉]*)*[A-Z][a-z]?[₀-₉]+(?:[A-Z][a-z]?[₀-₉]*)*", _say_formula),
        (r"([A-Za-z])(?=\d)", lambda found: f"{found[1]} "),
        (rf"({_SIGN})?({_NUMBER})", lambda found: f"{_sign(found[1])}{_amount(found[2])} "),
        (r"([A-Za-zΑ-ω)])([⁻⁺]?[⁰¹²³⁴-⁹]+)", _say_raised),
        (r"[₀-₉]+", lambda found: f" {_amount(found[0].translate(symbols.LOWERED))} "),
        (r"[⁰¹²³⁴-⁹]+", lambda found: f" {_amount(found[0].translate(symbols.RAISED))} "),
        (r"\band/or\b", lambda _: "and or"),
        (r"(?<=[A-Za-z]{2})/(?=[A-Za-z]{2})", lambda _: " or "),
    )
)
_LETTERS: tuple[Rule, ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (r"\b(?:[A-Z][a-z]?){2,4}\b(?<=[a-z])|\b[A-Z][a-z][A-Z]\b", _say_compound),
        (r"(?<![A-Za-z])([A-Z]{2,5})(s?)(?![A-Za-z'])", _say_initials),
        (r"\b[a-z][A-Z]\b", lambda found: NAMES.get(found[0]) or " ".join(found[0])),
        (r"\bemf\b", lambda _: "E M F"),
    )
)
