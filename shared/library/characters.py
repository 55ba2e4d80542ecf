"""Characters as a reader expects them, whatever the book's files hold."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re
import unicodedata

# Old word processors left Windows-1252 punctuation as C1 controls: 0x92 is an apostrophe.
_WINDOWS_1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_UNSEEN = dict.fromkeys((0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x00AD, 0x200B, 0x2060, 0x2061, 0xFEFF))
_SAME = {0x03D1: "θ", 0x03D5: "φ", 0x2212: "−"}
_PRIVATE = dict.fromkeys(range(0xE000, 0xE010))  # ours, see flatten.py

_TABLE: dict[int, str | None] = {**_WINDOWS_1252, **_UNSEEN, **_SAME}
_MINUS = re.compile(r"(?<![^\s(=])–(?=\d)")
_LOOSE = re.compile(r"\s+([,.;:!?)\]])")

# Books write a hyphen in a class name in four ways; one of them hides teacher notes.
_HYPHENS = {0x2010: "-", 0x2011: "-", 0x2012: "-", 0x00AD: "-"}


def without_private(text: str) -> str:
    """Remove the private characters that this package uses as marks."""
    return text.translate(_PRIVATE)


def tidy(text: str) -> str:
    """Join white space, put known wrong characters right, and normalise to NFC."""
    joined = " ".join(unicodedata.normalize("NFC", text.translate(_TABLE)).split())
    return _LOOSE.sub(r"\1", _MINUS.sub("−", joined))


def plain_hyphens(text: str) -> str:
    """Write every hyphen, soft or odd, as the plain one."""
    return text.translate(_HYPHENS)
