"""Words of a question as a search needs them."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# "How does a motor work?" does not ask about work.
_HOW_IT_WORKS = re.compile(r"^(how (?:do|does|did|can)\b.*?)\s+works?\W*$")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_ENDINGS = (
    ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("ization", "ize"), ("ations", ""),
    ("ation", ""), ("ically", "ic"), ("ings", ""), ("ies", "y"), ("ied", "y"), ("ing", ""),
    ("edly", ""), ("ions", ""), ("ion", ""), ("sses", "ss"), ("ed", ""), ("ly", ""), ("es", ""),
    ("al", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 3
_IRREGULAR = {
    "motion": "mov", "motions": "mov", "fell": "fall", "fallen": "fall", "threw": "throw",
    "thrown": "throw", "heard": "hear", "spun": "spin", "froze": "freez", "frozen": "freez",
    "grew": "grow", "grown": "grow", "height": "high", "strength": "strong", "felt": "feel",
    "tendency": "tend", "life": "liv", "lives": "liv", "alive": "liv", "leaves": "leaf",
    "children": "child", "lost": "lose", "kept": "keep", "bent": "bend",
    "lens": "lens", "lenses": "lens",
}  # fmt: skip
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


@cache
def stem(word: str) -> str:
    """Cut a word's ending, so that "moving", "moves" and "moved" are one."""
    word = _POSSESSIVE.sub("", word.lower())
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, instead in _ENDINGS:
        left = word.removesuffix(ending)
        if left != word and not left.endswith("s") and len(left) >= _SHORTEST_STEM:
            return _undouble(left + instead)
    return word


def stems(text: str) -> frozenset[str]:
    """Give the stems of a text's words."""
    return frozenset(map(stem, words(text)))


def _undouble(left: str) -> str:
    is_doubled = len(left) > _SHORTEST_STEM and left[-1] == left[-2] and left[-1] not in "lsz"
    return left[:-1] if is_doubled else left
