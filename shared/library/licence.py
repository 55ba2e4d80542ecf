"""The licence gate: what a book's own metadata allows, and what a figure's credit allows."""

from __future__ import annotations

import re

from shared.errors import Unreadable
from shared.library.book import Licence

FIELD = "md:license"
PERMITTED = frozenset({"by", "zero", "mark"})  # CC BY, CC0 and the public domain mark

_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?", re.IGNORECASE
)
_NAMES = {
    "by": "CC BY", "by-sa": "CC BY-SA", "by-nc": "CC BY-NC", "by-nd": "CC BY-ND",
    "by-nc-sa": "CC BY-NC-SA", "by-nc-nd": "CC BY-NC-ND", "zero": "CC0",
    "mark": "Public Domain Mark",
}  # fmt: skip
_FORBIDS = {
    "nc": "it forbids commercial use", "nd": "it forbids changed versions",
    "sa": "it binds every lesson to the same licence",
}  # fmt: skip
_FREE_CREDIT = re.compile(
    r"public domain|\bCC0\b|\bCC[ -]BY\b(?![ -]*(?:NC|ND|SA))"
    r"|creativecommons\.org/licenses/by/",
    re.IGNORECASE,
)


def licence_of(url: str, where: str, allowed: frozenset[str] = PERMITTED) -> Licence:
    """Pass a licence or refuse the book; `url` stands in the book's metadata, `where` in its file.

    `allowed` holds Creative Commons codes: a setting may add "by-sa" or "by-nc".
    Raises Unreadable with the reason that the metadata itself gives: for us, a book that may not be
    used is one that cannot be read, and an operator finds it among the dead letters.
    """
    if not url.strip():
        raise Unreadable("licence-missing", f"{where}: the book names no licence", FIELD)
    found = _CREATIVE_COMMONS.search(url)
    code = found[1].lower() if found else ""
    if code not in _NAMES:
        raise Unreadable("licence-unknown", f"{where}: {url.strip()} is not known to us", FIELD)
    name = f"{_NAMES[code]} {found[2]}" if found and found[2] else _NAMES[code]
    if code not in allowed:
        why = " and ".join(_FORBIDS[part] for part in code.split("-") if part in _FORBIDS)
        raise Unreadable(f"licence-{code}", f"{where}: {name} may not be used: {why}", FIELD)
    return Licence(name, url.strip())


def credit_allows(credit: str) -> bool:
    """Tell whether a picture may be used: ours to use, or its credit names a free licence."""
    return not credit or _FREE_CREDIT.search(credit) is not None
