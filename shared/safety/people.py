"""Put what a living person is known for in the person's place; people of history stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from shared.safety.rules import FOLDER

_SEVERAL = r"(?:\s*(?:,|\band\b|\bor\b|\bvs\.?|\bversus\b|&)\s*(?:and |or )?{0})+"


def roles(text: str) -> str:
    """Name the role in a question: "like Messi" -> "like a football player"."""
    if not _anybody().search(text):
        return text
    for activity in _table():
        role, many = activity["role"], activity["many"]
        replaced = _named(activity["interest"]).sub(role, text)
        if replaced != text:
            replaced = re.sub(rf"({role})['\u2019](?!\w)", r"\1's", replaced)
            text = re.sub(role + _SEVERAL.format(role), many, replaced)
    return text[:1].upper() + text[1:]


def activities(text: str) -> str:
    """Name the activity of an interest: "Messi" -> "football"."""
    bare = text.strip(" .!").casefold()
    for activity in _table():
        name = str(activity["interest"])
        if bare in {one.casefold() for one in activity["alone"]}:
            return name
        text = _named(name).sub(name, text)
        text = re.sub(rf"(?i)\b{name}(?:[\s,&]+(?:and )?{name}\b)+", name, text)
    return text


@cache
def _table() -> tuple[Mapping[str, Any], ...]:
    found = json.loads((FOLDER / "people.json").read_text("utf-8"))
    return tuple(found["activities"])


@cache
def _named(interest: str) -> re.Pattern[str]:
    return _pattern(next(one["people"] for one in _table() if one["interest"] == interest))


@cache
def _anybody() -> re.Pattern[str]:
    return _pattern(name for one in _table() for name in one["people"])


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?i)(?:\b(?:the|a|an) )?\b(?:{'|'.join(map(re.escape, longest_first))})\b")
