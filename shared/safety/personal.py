"""Take out of a text what tells who or where somebody is; the rest of it stays.

text -> the same text without names, schools, addresses, numbers and accounts, and with what a
living person is known for in the person's place.  What is taken out is written down nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shared.safety.people import activities, roles
from shared.safety.rules import FOLDER

LEFT_OUT = "[personal data, left out]"  # stands for a text that was nothing else
_PART = re.compile(r"\{([a-z]+)\}")
_LED_ON = r"(?:\s*[,;:.!]+(?:\s*(?:and|or|but|so|then)\b)?|\s+(?:and|or|but|so|then)\b)?"
_MOST_ROUNDS = 10
_DOUBLED = re.compile(r"([,;:.!?])(?:\s*[,;:.])+")
_LOOSE = re.compile(r"\s+([,;:.!?])")
_BEGINS = re.compile(r"^(?:[\s,;:.!?\u2013\u2014-]|(?:and|or|but|so|then)\b)+", re.IGNORECASE)
_ENDS = re.compile(r"(?:[\s,;:\u2013\u2014-]|\b(?:and|or|but|so)\b)+$", re.IGNORECASE)
_FILLERS = frozenset(
    "hi hello hey please pls thanks thank you and or but so then my is am i im me to the a an it "  # noqa: SIM905 - reads better than fifty quoted words
    "its here from this at on in of with answer film video lesson send can could also ok yes your "
    "for old years name email address phone number call text school".split()
)


@dataclass(frozen=True, slots=True)
class Form:
    """One shape of personal data, and what takes its place."""

    what: str
    pattern: re.Pattern[str]
    put: str


def scrubbed(text: str) -> str:
    """Take personal data out of a question or a sentence; `LEFT_OUT` when nothing else is left."""
    found = roles(_without_data(text))
    if found == text:
        return text
    words = re.findall(r"\w+", found.lower())
    return found if set(words) - _FILLERS else LEFT_OUT


def scrubbed_interest(text: str) -> str:
    """Do the same to an interest, where a living person becomes the activity; may be empty."""
    found = activities(_without_data(text))
    return "" if set(re.findall(r"\w+", found.lower())) <= _FILLERS else found


def tells(text: str) -> bool:
    """Whether a text holds personal data; people who are publicly known are none."""
    written = unicodedata.normalize("NFKC", text)
    return text == LEFT_OUT or any(form.pattern.search(written) for form in forms())


def _without_data(text: str) -> str:
    now = written = unicodedata.normalize("NFKC", text)
    for _ in range(_MOST_ROUNDS):  # what is taken out may bring two halves of something together
        before = now
        for form in forms():
            now = form.pattern.sub(form.put, now)
        if now == before:
            break
        now = _tidied(now, written)
    return text if now == written else now


def _tidied(text: str, before: str) -> str:
    joined = _LOOSE.sub(r"\1", " ".join(text.split()))
    bare = _ENDS.sub("", _BEGINS.sub("", _DOUBLED.sub(r"\1", joined)))
    return bare[:1].upper() + bare[1:] if before[:1].isupper() else bare


@cache
def forms() -> tuple[Form, ...]:
    """Read the forms; raises ValueError for a line that is none."""
    return tuple(_read((FOLDER / "personal_data.forms").read_text("utf-8")))


def _read(text: str) -> Iterator[Form]:
    parts = {"given": f"(?:{'|'.join(_given())})"}
    for raw in text.splitlines():
        if not raw or raw.startswith("#"):
            continue
        name, equals, form = raw.partition(" = ")
        if equals and name.isalpha():
            parts[name] = _filled(form, parts)
            continue
        what, colon, form = raw.partition(": ")
        if not colon:
            raise ValueError(f"{raw!r} is neither a part nor a form")
        form, _, put = form.partition(" => ")
        whole = _filled(form, parts) + ("" if put else _LED_ON)
        yield Form(what, re.compile(whole, re.IGNORECASE), put or " ")


def _filled(form: str, parts: dict[str, str]) -> str:
    try:
        return _PART.sub(lambda found: parts[found[1]], form)
    except KeyError as unknown:
        raise ValueError(f"no part is called {unknown}") from None


def _given() -> list[str]:
    lines = (FOLDER / "given.names").read_text("utf-8").splitlines()
    return [name for line in lines if not line.startswith("#") for name in line.split()]
