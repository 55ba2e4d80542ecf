"""Numbers as English words."""

# ruff: noqa: SIM905  (a text of words reads better than twenty quoted strings)

from __future__ import annotations

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ("", " thousand", " million", " billion", " trillion", " quadrillion")
_ODD_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10}
_HUNDRED, _THOUSAND = 100, 1000
_ODDITY = 10  # 1901 is "nineteen oh one", 1910 "nineteen ten"


def whole(number: int) -> str:
    """Say a whole number: 2100 is "two thousand one hundred"."""
    if number < 0:
        return f"minus {whole(-number)}"
    if number < len(_SMALL):
        return _SMALL[number]
    if number < _HUNDRED:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[rest]}" if rest else "")
    if number < _THOUSAND:
        hundreds, rest = divmod(number, _HUNDRED)
        return f"{_SMALL[hundreds]} hundred" + (f" {whole(rest)}" if rest else "")
    return _thousands(number)


def decimal(digits: str) -> str:
    """Say digits with an optional point: "4.20" is "four point two zero"."""
    before, _, after = digits.partition(".")
    said = whole(int(before or "0")) if len(before) <= 3 * len(_SCALES) else _one_by_one(before)
    return f"{said} point {_one_by_one(after)}" if after else said


def ordinal(number: int) -> str:
    """Say a place in a row: 21 is "twenty-first"."""
    said = whole(number)
    cut = max(said.rfind(" "), said.rfind("-")) + 1
    head, last = said[:cut], said[cut:]
    if last in _ODD_ORDINALS:
        return head + _ODD_ORDINALS[last]
    return head + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def year(number: int) -> str:
    """Say a year as people do: 1687 is "sixteen eighty-seven", 2005 "two thousand five"."""
    century, rest = divmod(number, _HUNDRED)
    if century % 10 == 0 and rest < _ODDITY:
        return whole(number)
    if rest == 0:
        return f"{whole(century)} hundred"
    return f"{whole(century)} {'oh ' if rest < _ODDITY else ''}{whole(rest)}"


def roman(numeral: str) -> int:
    """Read a Roman numeral: "IV" is 4."""
    values = [_ROMAN[letter] for letter in numeral]
    return sum(
        -one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True)
    )


def _thousands(number: int) -> str:
    parts = []
    for scale in _SCALES:
        number, rest = divmod(number, _THOUSAND)
        if rest:
            parts.append(whole(rest) + scale)
    return " ".join(reversed(parts))


def _one_by_one(digits: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in digits)
