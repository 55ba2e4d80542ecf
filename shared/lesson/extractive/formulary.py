"""Whether the formulas inside a sentence are simple enough to be said and read as words."""

# ruff: noqa: RUF001  (books hold exactly these characters)

from __future__ import annotations

import re

from shared.lesson.units import COMPOUND, UNIT

_POWER = r"(?:\s?[×x]\s?10[⁻⁺]?[⁰¹²³⁴-⁹]+)?"
_QUANTITY = re.compile(rf"[−-]?\d[\d,. ]*{_POWER}\s?-?(?:{COMPOUND}|{UNIT}|%)?(?!\w)")
_SIMPLE = re.compile(r"\b([A-Za-zΑ-ω][₀-₉]?) = ([A-Za-zΑ-ω][₀-₉]?(?!\w)|0|1)")
_HARD = re.compile(
    r"[/^_|√\\{}<>=+→×∑∫⊥∥±~⋅·′″⟨⟩]|[⁰¹²³⁴-⁹ⁿ]|[Α-ω]\w|\w[Α-ω]|"
    r"\b(?!vs\b|TV\b|[A-Z]+\b)[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz][b-df-hj-np-tv-xz]{1,2}\b(?!\.)|"
    r",(?=[A-Za-z])|\b(?:Fd|mad|PE\w|KE\w|sin|cos|tan|log|ln)\b",
)
_LONELY = re.compile(r"(?:^|\s)[−+-]?\s?(?=$|[,.])")
_UNSAID = re.compile(r"[ΔØ∆]")


def can_be_spoken(text: str) -> bool:
    """Whether a voice can say every sign of a sentence, and say it as a reader would."""
    plain = _QUANTITY.sub(" ", _SIMPLE.sub(r"\1 is \2", text))
    return _HARD.search(plain) is None and _UNSAID.search(plain) is None
