"""What makes two requests the same lesson.  Brief, versions, corpus -> lesson id."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise

from shared.events import digest
from shared.lesson.plan import Brief

APOSTROPHES = "'\u2019\u02bc`"
BANDS = ((2, "1-2"), (5, "3-5"), (8, "6-8"), (12, "9-12"))


def lesson_id(brief: Brief, versions: Mapping[str, str], corpus: str) -> str:
    """Name the one lesson that answers all equal requests: 32 hexadecimal digits.

    `versions` are those of whatever shapes the result (plan, author, voice, templates), `corpus`
    the hash of what is indexed.
    """
    return digest(
        {
            "question": normalised(brief.question),
            "interest": normalised(brief.interest),
            "grade_band": brief.grade_band,
            "modalities": normalised_modalities(brief.modalities),
            "language": brief.language,
            "versions": dict(versions),
            "corpus": corpus,
        }
    )[:32]


def take_id(identity: str, take: int) -> str:
    """Name a lesson that is begun afresh; take 0 is the first and bears the identity itself."""
    return digest({"identity": identity, "take": take})[:32] if take else identity


def normalised(text: str) -> str:
    """Bring a question into the form in which equal ones are equal.

    Case, spacing and punctuation go.  Signs of arithmetic stay, and so does punctuation before a
    digit: "-5" is not "5", "1/2" is not "1 2".
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(_bare(sign, after) for sign, after in pairwise(f"{folded} "))
    return " ".join(bare.split())


def normalised_modalities(modalities: Iterable[str]) -> tuple[str, ...]:
    """Name each modality once, in the order of the alphabet."""
    return tuple(sorted(set(modalities)))


def grade_band(grade: int) -> str:
    """Find the band of a grade from 1 to 12; raises ValueError for another."""
    for last, band in BANDS:
        if 1 <= grade <= last:
            return band
    raise ValueError("a grade is a number from 1 to 12")


def _bare(sign: str, after: str) -> str:
    category = unicodedata.category(sign)
    if sign in APOSTROPHES or category == "Cf":
        return ""
    if category.startswith("P") and sign != "%" and not after.isdecimal():
        return " "
    return sign
