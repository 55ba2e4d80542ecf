"""Words of a question as a search needs them."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# "How does a motor work?" does not ask about work.
_HOW_IT_WORKS = re.compile(r"^(how (?:do|does|did|can)\b.*?)\s+works?\W*$")
_ENDINGS = ("ing", "ed", "es", "ly", "s", "e")
_SHORTEST = 3
_STOP = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has",
        "have", "how", "i", "in", "is", "it", "its", "me", "my", "of", "on", "or", "our", "s", "so",
        "that", "the", "their", "them", "there", "these", "they", "this", "to", "was", "we",
        "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
        "your",
    }
)  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """Split text into lower-case words, without the small ones that every text has."""
    text = _HOW_IT_WORKS.sub(r"\1", plain(text).strip())
    return tuple(word for word in _WORD.findall(text) if word not in _STOP)


def plain(text: str) -> str:
    """Write text in small letters, with the straight apostrophe."""
    return text.lower().replace("’", "'")


def stem(word: str) -> str:
    """Cut an ending, so that "moving", "moves" and "move" are one; no grammar beyond that."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            cut = word.removesuffix(ending)
            # "running" is "run"
            return cut[:-1] if cut[-1] == cut[-2] and cut[-1] not in "aeiosl" else cut
    return word


def stems(text: str) -> frozenset[str]:
    """Give the stems of a text's words."""
    return frozenset(map(stem, words(text)))
