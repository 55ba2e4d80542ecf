"""Units of measurement as English words."""

from __future__ import annotations

import re

_LENGTHS = {
    "km": "kilometer", "m": "meter", "dm": "decimeter", "cm": "centimeter", "mm": "millimeter",
    "μm": "micrometer", "nm": "nanometer", "ft": "foot", "mi": "mile", "yd": "yard",
}  # fmt: skip
_OTHERS = {
    "kg": "kilogram", "g": "gram", "mg": "milligram", "lb": "pound", "s": "second",
    "ms": "millisecond", "μs": "microsecond", "ns": "nanosecond", "min": "minute", "h": "hour",
    "hr": "hour", "N": "newton", "kN": "kilonewton", "J": "joule", "kJ": "kilojoule",
    "MJ": "megajoule", "cal": "calorie", "kcal": "kilocalorie", "eV": "electron volt",
    "keV": "kiloelectron volt", "MeV": "megaelectron volt", "W": "watt", "kW": "kilowatt",
    "MW": "megawatt", "kWh": "kilowatt hour", "V": "volt", "kV": "kilovolt", "mV": "millivolt",
    "A": "ampere", "mA": "milliampere", "Ω": "ohm", "C": "coulomb", "μC": "microcoulomb",
    "F": "farad", "T": "tesla", "Wb": "weber", "H": "henry", "Hz": "hertz", "kHz": "kilohertz",
    "MHz": "megahertz", "GHz": "gigahertz", "Pa": "pascal", "kPa": "kilopascal",
    "atm": "atmosphere", "L": "liter", "mL": "milliliter", "mol": "mole", "K": "kelvin",
    "rad": "radian", "rev": "revolution", "rpm": "revolution per minute", "dB": "decibel",
    "mph": "mile per hour", "ly": "light-year", "°C": "degree Celsius", "°F": "degree Fahrenheit",
    "°": "degree",
}  # fmt: skip
_NAMES = _LENGTHS | _OTHERS
_UNCHANGED = {"hertz", "kilohertz", "megahertz", "gigahertz", "kelvin"}
_IRREGULAR = {"foot": "feet", "henry": "henries"}
_POWERS = {"2": ("square", "squared"), "3": ("cubic", "cubed")}
_RAISED = str.maketrans("⁻¹²³", "-123")

_ONE = (
    "(?:"
    + "|".join(re.escape(unit) for unit in sorted(_NAMES, key=len, reverse=True))
    + r")(?:\^?-?[1-3]|⁻?[¹²³])?(?![A-Za-zμΩ])"
)
UNIT = rf"{_ONE}(?:[·⋅]{_ONE})*(?:/\(?{_ONE}(?:[·⋅]{_ONE})*\)?)?"
COMPOUND = rf"{_ONE}(?:[·⋅]{_ONE})*/{_ONE}"


def say_unit(unit: str, *, singular: bool) -> str:
    """Name a unit: "m/s²" is "meters per second squared"."""
    above, _, below = unit.translate(_RAISED).replace("^", "").partition("/")
    parts = [part for part in re.split(r"[·⋅]", above) if part]
    top = [part for part in parts if "-" not in part]
    under = [part.replace("-", "").removesuffix("1") for part in parts if "-" in part]
    under += [part for part in re.split(r"[·⋅]", below.strip("()")) if part]
    said = [_name(part, singular=singular or part != top[-1]) for part in top]
    said += [f"per {_name(part, singular=True)}" for part in under]
    return " ".join(said)


def _name(part: str, *, singular: bool) -> str:
    power = _POWERS.get(part[-1])
    symbol = part[:-1] if power else part
    name = _NAMES[symbol] if singular else _plural(_NAMES[symbol])
    if power is None:
        return name
    return f"{power[0]} {name}" if symbol in _LENGTHS else f"{name} {power[1]}"


def _plural(name: str) -> str:
    # Only the first word of "degree Celsius" or "mile per hour" takes the s.
    first, blank, rest = name.partition(" ")
    if first in _UNCHANGED:
        return name
    if rest in {"volt", "hour"}:
        return f"{name}s"
    return _IRREGULAR.get(first, f"{first}s") + blank + rest
