"""The only changes that a book's sentence may undergo on its way into a lesson.

White space is joined, a bracket may go unless it limits what the sentence says, and a glossary
entry may end at its first semicolon.  Nothing else: no cut at a comma, no dropped hedge.
"""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\s*\([^()]*\)")
_LIMITS = re.compile(r"\b(?:ignoring|assuming|unless|except|only|not|if)\b", re.IGNORECASE)


def joined(text: str) -> str:
    """Join white space."""
    return " ".join(text.split())


def without_brackets(text: str) -> str:
    """Remove each bracket that limits nothing."""
    kept = _BRACKET.sub(lambda found: found[0] if _LIMITS.search(found[0]) else "", text)
    return joined(kept)


def to_semicolon(text: str) -> str:
    """End a glossary entry at its first semicolon."""
    head, semicolon, _ = text.partition(";")
    return f"{joined(head)}." if semicolon else joined(text)


def allowed(text: str) -> frozenset[str]:
    """Give every form in which a lesson may say this sentence."""
    whole = joined(text)
    short = without_brackets(whole)
    return frozenset({whole, short, to_semicolon(whole), to_semicolon(short)})
