"""Make words comparable that were written so as not to be recognised.

text -> lower-case words with one space on either side, and `.` where a sentence ends; as it
stands, with letters for the digits that look like them, with spelt-out words joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ALIKE = str.maketrans("аеорсухіјѕԁոαοε", "aeopcyxijsdnaoe")
_DIGITS = (str.maketrans("0134578@$!€", "oieastbasie"), str.maketrans("0134578@$!€", "oleastbasle"))
_MIXED = re.compile(r"(?=\S*[a-z])(?=\S*[\d@$!€])[\w@$!€]*\w")
_APOSTROPHE = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_SPELT = re.compile(r"(?<!\w)\w(?:[ .*_\-]{1,3}\w){2,}(?!\w)")
_INSIDE = re.compile(r"(?<=[a-z])[*_.\-|](?=[a-z])")
_END = re.compile(r"[.?!]+(?=\s|$)|[\n;]")
_GAP = re.compile(r"[^a-z0-9.]+|(?<! )\.|\.(?! )")
_LONG = re.compile(r"([a-z])\1{2,}")


def variants(text: str) -> tuple[str, ...]:
    """Give the ways to read a text, without repetition; the plain one comes first."""
    plain = _folded(text)
    return tuple(dict.fromkeys(_words(one) for one in _readings(plain)))


def words(text: str) -> str:
    """Give a text as it stands, lower-case words and sentence ends."""
    return _words(_folded(text))


def _readings(plain: str) -> Iterator[str]:
    yield plain
    for digits in _DIGITS:
        yield _MIXED.sub(lambda found, digits=digits: found[0].translate(digits), plain)  # type: ignore[misc]
    yield _SPELT.sub(lambda found: _joined(found[0]), plain)
    yield _SPELT.sub(lambda found: found[0][:1] + " " + _joined(found[0][1:]), plain)
    yield _INSIDE.sub("", plain)
    if _LONG.search(plain):
        yield _LONG.sub(r"\1", plain)
        yield _LONG.sub(r"\1\1", plain)


def _folded(text: str) -> str:
    # Twice: what looks like a letter may be decomposed by the first, and an accent left over.
    wide = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    kept = (sign for sign in wide if unicodedata.category(sign) not in ("Mn", "Cf"))
    return _APOSTROPHE.sub("", "".join(kept))


def _joined(spelt: str) -> str:
    return re.sub(r"[ .*_\-]", "", spelt)


def _words(plain: str) -> str:
    ended = _END.sub(" . ", plain)
    return f" {' '.join(_GAP.sub(' ', ended).split())} "
