"""The rule files: one phrase a line, compiled to one pattern over normalised words.

a|b      one of these words; `_` stands for a space inside one
a~ a*    the word or its plural; the word with any ending
(a|b)    may be there
...      up to six words of the same sentence; `..` up to two
@name    a set that a line `name = a|b` defines
p & q    both in one sentence, in any order; `& not r` unless this is in it as well
! rest   holds even inside a phrase that `allowed.txt` lets pass
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("rules")
_GAPS = {"...": "(?:[a-z0-9]+ ){0,6}", "..": "(?:[a-z0-9]+ ){0,2}"}
_ANYWHERE = "(?:[a-z0-9]+ )*?"  # in what is left of the sentence
_NAME = re.compile(r"@(\w+)")
_PART = re.compile(r"[a-z0-9_]+[~*]?")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a file looks for; `always` is not softened by what is allowed."""

    usual: re.Pattern[str]
    always: re.Pattern[str]


@cache
def phrases(name: str) -> Phrases:
    """Read a file of rules."""
    return compiled((FOLDER / f"{name}.txt").read_text("utf-8"))


def compiled(text: str) -> Phrases:
    """Compile rules; raises ValueError for a line that is none."""
    lines = tuple(_lines(text))
    always = [line[1:].strip() for line in lines if line.startswith("!")]
    usual = [line for line in lines if not line.startswith("!")]
    return Phrases(_pattern(usual), _pattern(always))


def _lines(text: str) -> Iterator[str]:
    """Give the rules with their sets filled in."""
    sets: dict[str, str] = {}
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        name, equals, members = line.partition(" = ")
        if equals:
            sets[name] = _filled(members.replace(" ", ""), sets)
        elif line:
            yield _filled(line, sets)


def _filled(line: str, sets: Mapping[str, str]) -> str:
    try:
        return _NAME.sub(lambda found: sets[found[1]], line)
    except KeyError as unknown:
        raise ValueError(f"no set is called {unknown}") from None


def _pattern(lines: list[str]) -> re.Pattern[str]:
    joined = "|".join(map(_compiled, lines))
    return re.compile(f"(?<= )(?:{joined})") if lines else re.compile(r"(?!)")


def _compiled(line: str) -> str:
    together = line.split(" & ")
    if len(together) == 1:
        return _phrase(line)
    looks = (
        f"(?!{_ANYWHERE}{_phrase(one[4:])})"
        if one.startswith("not ")
        else f"(?={_ANYWHERE}{_phrase(one)})"
        for one in together
    )
    return f"(?:(?<=^ )|(?<=\\. )){''.join(looks)}"


def _phrase(line: str) -> str:
    return "".join(map(_slot, line.split()))


def _slot(slot: str) -> str:
    if slot in _GAPS:
        return _GAPS[slot]
    optional = slot.startswith("(") and slot.endswith(")")
    found = "|".join(map(_part, (slot[1:-1] if optional else slot).split("|")))
    return f"(?:(?:{found}) )?" if optional else f"(?:{found}) "


def _part(part: str) -> str:
    if not _PART.fullmatch(part):
        raise ValueError(f"{part!r} is no word of a rule")
    ending = {"~": "(?:s|es)?", "*": "[a-z0-9]*"}.get(part[-1], "")
    return part.rstrip("~*").replace("_", " ") + ending
