"""Units of measurement as English words."""

from __future__ import annotations

import re

_LENGTHS = {
    "km": "kilometer", "m": "meter", "dm": "decimeter", "cm": "centimeter", "mm": "millimeter",
    "μm": "micrometer", "nm": "nanometer", "pm": "picometer", "fm": "femtometer", "ft": "foot",
    "mi": "mile", "yd": "yard", "Mm": "megameter", "in": "inch",
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
    "°": "degree", "nC": "nanocoulomb", "pC": "picocoulomb", "mC": "millicoulomb",
    "μF": "microfarad", "nF": "nanofarad", "pF": "picofarad", "mF": "millifarad",
    "mT": "millitesla", "μT": "microtesla", "μA": "microampere", "kΩ": "kiloohm", "MΩ": "megaohm",
    "GW": "gigawatt", "mW": "milliwatt", "MN": "meganewton", "GJ": "gigajoule", "mJ": "millijoule",
    "μJ": "microjoule", "GeV": "gigaelectron volt", "TeV": "teraelectron volt",
    "meV": "millielectron volt", "MV": "megavolt", "THz": "terahertz", "MPa": "megapascal",
    "GPa": "gigapascal", "Bq": "becquerel", "kBq": "kilobecquerel", "MBq": "megabecquerel",
    "Ci": "curie", "Sv": "sievert", "mSv": "millisievert", "Gy": "gray", "lm": "lumen",
    "lx": "lux", "cd": "candela", "hp": "horsepower", "cc": "cubic centimeter", "oz": "ounce",
    "gal": "gallon", "yr": "year", "μg": "microgram", "Mg": "megagram", "ps": "picosecond",
    "fs": "femtosecond", "mH": "millihenry", "u": "atomic mass unit", "Å": "angstrom",
}  # fmt: skip
NAMES = _LENGTHS | _OTHERS
_UNCHANGED = {
    "hertz", "kilohertz", "megahertz", "gigahertz", "terahertz", "kelvin", "lux", "horsepower",
}  # fmt: skip
_IRREGULAR = {"foot": "feet", "inch": "inches", "henry": "henries", "millihenry": "millihenries"}
_POWERS = {"2": ("square", "squared"), "3": ("cubic", "cubed")}
_RAISED = str.maketrans("⁻¹²³", "-123")

_ONE = (
    "(?:"
    + "|".join(re.escape(unit) for unit in sorted(NAMES, key=len, reverse=True))
    + r")(?:\^?-?[1-3]|⁻?[¹²³])?(?![A-Za-zμΩ])"
)
UNIT = rf"{_ONE}(?:[·⋅]{_ONE})*(?:/\(?{_ONE}(?:[·⋅]{_ONE})*\)?)?"
COMPOUND = rf"{_ONE}(?:[·⋅]{_ONE})*/(?:{_ONE}|\({_ONE}(?:[·⋅]{_ONE})*\))"

# Without a number "F/m" is a force over a mass: only these pairs of single letters are units.
_PAIRS = ("m/s", "N/C", "N/m", "V/m", "J/s", "J/C", "C/s", "J/K", "W/m", "m/h", "A/s")
_CLEAR = r"(?:[A-Za-zμΩ°]{2,}\S*/\S+|[A-Za-z]/(?:\(|[A-Za-zμΩ°]{2,}|[A-Za-z][²³])\S*)"
BARE = re.compile(rf"(?:{'|'.join(_PAIRS)}|{_CLEAR})")


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
    part = part.removesuffix("1")
    power = _POWERS.get(part[-1])
    symbol = part[:-1] if power else part
    name = NAMES[symbol] if singular else _plural(NAMES[symbol])
    if power is None:
        return name
    return f"{power[0]} {name}" if symbol in _LENGTHS else f"{name} {power[1]}"


def _plural(name: str) -> str:
    # Only the first word of "degree Celsius" or "mile per hour" takes the s.
    first, blank, rest = name.partition(" ")
    if first in _UNCHANGED:
        return name
    if rest in {"volt", "hour", "centimeter", "mass unit"}:
        return f"{name}s"
    return _IRREGULAR.get(first, f"{first}s") + blank + rest
