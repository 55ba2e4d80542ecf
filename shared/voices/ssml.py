"""A sentence with a mark before each word, and the times at which a voice reached them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

Times = tuple[tuple[float, float], ...]


def marked(text: str) -> str:
    """Write a sentence as SSML: its words are data, whatever signs are in them."""
    words = (
        f'<mark name="{number}"/>{escape(word, quote=True)}'
        for number, word in enumerate(text.split())
    )
    return f"<speak>{' '.join(words)}</speak>"


def word_times(timepoints: object, words: int, lead_s: float, length_s: float) -> Times:
    """Give each word its start and end, from marks that were told in a reply.

    `lead_s` is what was cut off in front.  Marks that are missing, backwards or outside of the
    sound are no times: then nothing is told, and the caller spreads the words.
    """
    starts = _starts(timepoints, words)
    if len(starts) != words or any(after < one for one, after in pairwise(starts)):
        return ()
    moved = [max(0.0, start - lead_s) for start in starts]
    if not moved or moved[-1] >= length_s:
        return ()
    return tuple(pairwise((0.0, *moved[1:], length_s)))


def _starts(timepoints: object, words: int) -> Sequence[float]:
    told = {
        one.get("markName"): one.get("timeSeconds", 0.0)  # JSON leaves a time of zero out
        for one in (timepoints if isinstance(timepoints, list) else ())
        if isinstance(one, dict)
    }
    found = [told.get(str(number)) for number in range(words)]
    return [float(one) for one in found if isinstance(one, int | float)]
