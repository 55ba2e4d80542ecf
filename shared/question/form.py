"""A question's form: tidied, and what it says beside the words that every question has."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from shared.library.words import plain, words

_WORDS = Path(__file__).with_name("words.json")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_GREETING = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|please|pls|plz|dear teacher|good (?:morning|afternoon|evening))"
    r"(?: (?:there|teacher|sir|miss|everyone))?\s*[,.!:;-]*\s+)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"[\s,.;-]+(?:please|pls|plz|thx|thanks|thank you)(?: (?:so|very) much| a lot)?\s*([?.!]*)$",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"\s*([?!])(?:\s*[?!])+")
_REFERENCE = re.compile(
    r"\b(?:(chapter|ch\.?|unit)\s*#?\s*(\d{1,3})(?!\.?\d)|(\d{1,3}\.\d{1,2}))\b"
)
_ABLE = re.compile(r"^(?:can|could|would|will)\s+(?:you|u|someone|anyone|we)\b")
FEW = 2  # words that may name a topic without saying what of it is asked
SHORTEST = 3  # characters, as in the schema

Kind = Literal["clear", "bare", "backwards", "empty"]


def tidied(question: str) -> str:
    """Take greetings, thanks and repeated marks away; what is left begins with a capital."""
    text = " ".join(unicodedata.normalize("NFC", question).split())
    text = _REPEATED.sub(r"\1", text)
    left = _REPEATED.sub(r"\1", _THANKS.sub(r"\1", _GREETING.sub("", text))).strip()
    if len(left) < SHORTEST or left == text:
        return text
    return left[0].upper() + left[1:]


def kind_of(question: str) -> Kind:
    """Tell whether a question says what it asks for.

    bare       it names something, in one or two words, and asks nothing of it
    backwards  it names nothing, and points to what was there before
    empty      it names nothing
    """
    said = _said(question)
    named = content(question)
    if named:
        asks = any(word in _listed("asking") for word in said)
        return "clear" if asks or len(named) > FEW else "bare"
    backwards = any(word in _listed("backwards") for word in said)
    return "backwards" if backwards and reference(question) == ("", "") else "empty"


def content(question: str) -> tuple[str, ...]:
    """Give the words that name something; numbers alone name nothing."""
    pointing = _listed("backwards") | _listed("asking")
    return tuple(word for word in topic(question) if word not in pointing and not word.isdecimal())


def topic(question: str) -> tuple[str, ...]:
    """Give the words to search for: all but those of courtesy and of school."""
    common = _listed("courtesy") | _listed("frame")
    return tuple(word for word in words(question) if word not in common)


def reference(question: str) -> tuple[str, str]:
    """Read "chapter 4" as ("4", "") and "4.2" as ("", "4.2"); empty where there is none."""
    found = _REFERENCE.search(plain(question))
    return (found[2] or "", found[3] or "") if found else ("", "")


def _said(question: str) -> tuple[str, ...]:
    """Split a question into all its words; "can you" before a request asks nothing."""
    return tuple(_WORD.findall(_ABLE.sub("", plain(tidied(question)))))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(json.loads(_WORDS.read_text("utf-8"))[name])
