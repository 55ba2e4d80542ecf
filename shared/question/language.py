"""Which language a question is in, as far as its letters and small words tell.

A question is short, and libraries that guess a language from letter statistics take "inertia" for
Italian.  So a rule that is sure or says English: another alphabet, or another language's small
words where English has none of its own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.errors import Refused
from shared.log import log

TAUGHT = "en"
SAY = "Our lessons are in English for now. Please ask your question in English."

_LANGUAGES = Path(__file__).with_name("languages.json")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_OPENING = "\u00bf\u00a1"  # the marks that open a question or a call in Spanish
_FEWEST_LETTERS = 3  # a symbol from another alphabet makes no language: "What is \u03bb?"
_ALPHABETS = {
    "CYRILLIC": "ru", "ARABIC": "ar", "DEVANAGARI": "hi", "CJK": "zh", "HIRAGANA": "ja",
    "KATAKANA": "ja", "HANGUL": "ko",
}  # fmt: skip
_SURE, _MANY = 2, 3  # what a word weighs that is one language's alone; that are enough together
_OTHER = "xx"  # a language that we cannot name


def language_of(question: str) -> str:
    """Name a question's language; English unless another one is sure."""
    return _by_letters(question) or _by_words(question) or TAUGHT


def refuse_untaught(question: str) -> None:
    """Raise Refused for a question in a language that there are no lessons in."""
    language = language_of(question)
    if language == TAUGHT:
        return
    log.info("Refused for its language", extra={"language": language})
    told = _told().get(language, "")
    raise Refused("language", f"{SAY} {told}".strip())


def _by_letters(question: str) -> str:
    letters = [sign for sign in question if unicodedata.category(sign)[0] == "L"]
    scripts = [unicodedata.name(sign, "LATIN").split()[0] for sign in letters]
    foreign = [script for script in scripts if script != "LATIN"]
    if len(foreign) < min(_FEWEST_LETTERS, len(letters)) or len(foreign) <= len(letters) / 2:
        return ""
    if {"HIRAGANA", "KATAKANA"} & set(foreign):
        return "ja"  # which writes with Chinese signs as well
    if set(foreign) == {"GREEK"} and len(foreign) < _FEWEST_LETTERS:
        return ""
    return _ALPHABETS.get(max(foreign, key=foreign.count), _OTHER)


def _by_words(question: str) -> str:
    said = {word.replace("\u2019", "'") for word in _WORD.findall(question.lower())}
    if any(sign in question for sign in _OPENING):
        return "es"
    small = _small_words()
    weights = {language: sum(small[language].get(word, 0) for word in said) for language in small}
    best = max(weights, key=lambda language: weights[language])
    is_sure = any(small[best].get(word) == _SURE for word in said)
    enough = weights[best] >= (_SURE if is_sure else _MANY)
    return best if enough and weights[best] >= weights[TAUGHT] + _SURE else ""


@cache
def _small_words() -> Mapping[str, Mapping[str, int]]:
    """Read each language's small words: a sure one counts two, one that others share one."""
    table = json.loads(_LANGUAGES.read_text("utf-8"))
    return {
        language: {**dict.fromkeys(entry["usual"], 1), **dict.fromkeys(entry["sure"], _SURE)}
        for language, entry in table.items()
    }


@cache
def _told() -> Mapping[str, str]:
    table = json.loads(_LANGUAGES.read_text("utf-8"))
    return {language: entry["say"] for language, entry in table.items() if "say" in entry}
