"""What a sentence leans to that no rule knows: its words are weighed against those of school.

A rule knows a phrase; this knows a subject.  It decides only where nothing in the sentence is
about school, so it costs few ordinary questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shared.safety.rules import FOLDER

ENOUGH = 2.0
_SCHOOL = 1.5  # what one word of school weighs against


@dataclass(frozen=True, slots=True)
class Weights:
    """Patterns over normalised words: what is meant, and what weighs 2 and 1."""

    meant: re.Pattern[str]
    strong: re.Pattern[str]
    weak: re.Pattern[str]


def leaning(reading: str) -> str:
    """Name the category that a sentence of a normalised text leans to; empty for most."""
    sentences = reading.split(".")
    found = [(_weight(one, name), name) for one in sentences for name in _table()]
    most, name = max(found, default=(0.0, ""))
    return name if most >= ENOUGH else ""


def _weight(sentence: str, name: str) -> float:
    weights = _table()[name]
    strong, weak = _count(weights.strong, sentence), _count(weights.weak, sentence)
    if not weights.meant.search(sentence):
        return 0.0
    return 2 * strong + weak - _SCHOOL * _count(_school(), sentence)


def _count(pattern: re.Pattern[str], sentence: str) -> int:
    return len(set(pattern.findall(sentence)))


@cache
def _table() -> Mapping[str, Weights]:
    names = dict.fromkeys(name.split()[0] for name in _lines() if " " in name)
    return {
        name: Weights(*(_pattern(_lines()[f"{name} {kind}"]) for kind in ("meant", "2", "1")))
        for name in names
    }


@cache
def _school() -> re.Pattern[str]:
    return _pattern(_lines()["school"])


@cache
def _lines() -> Mapping[str, str]:
    text = (FOLDER / "weights.words").read_text("utf-8")
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {name: words for name, colon, words in lines if colon}


def _pattern(words: str) -> re.Pattern[str]:
    each = (re.sub(r"\*$", "[a-z0-9]*", one).replace("_", " ") for one in words.split())
    longest_first = sorted(each, key=len, reverse=True)
    return re.compile(f"(?<= )(?:{'|'.join(longest_first)})(?= )")
