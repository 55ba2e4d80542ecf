"""Text into sentences: at a stop, a question or exclamation mark, unless it belongs to a word."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_OPENS = re.compile(r"\([a-z]\)\s|[\"'“‘(\[]*[A-ZΑ-Ω0-9À-Þ−+√Δ]")
_INNER_STOPS = re.compile(r"(?:[A-Za-z]\.){2,}")  # U.S., e.g., i.e., a.m.
_INITIAL = re.compile(r"[\"'“‘(\[]*[A-Z]\.")
_SHORT = frozenset(
    {
        "fig", "figs", "eq", "eqs", "no", "vs", "dr", "mr", "mrs", "ms", "st", "prof", "approx",
        "ca", "al", "inc", "lt", "col", "gen", "jr", "sr", "ref", "sec", "ch", "vol",
    }
)  # fmt: skip


def split(text: str) -> list[str]:
    """Split one paragraph; the parts joined by single blanks are the text again."""
    parts: list[str] = []
    start = 0
    for end in _END.finditer(text):
        after = text[end.end() :].lstrip()
        if _OPENS.match(after) and not _belongs_to_a_word(text[start : end.end()]):
            parts.append(text[start : end.end()].strip())
            start = end.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _belongs_to_a_word(sentence: str) -> bool:
    """Tell whether the stop at the end abbreviates instead of ending."""
    words = sentence.split()
    last = words[-1].lstrip("\"'“‘([")
    if not last.endswith("."):
        return False
    if _INNER_STOPS.fullmatch(last) or last[:-1].lower() in _SHORT:
        return True
    # "Kevin S. O'Brien": an initial stands after a name or at the start, a symbol after a word.
    follows_a_name = len(words) == 1 or words[-2][:1].isupper() or words[-2].endswith(".")
    return _INITIAL.fullmatch(words[-1]) is not None and follows_a_name
