"""Check captions: every word of the plan, when it is heard, in lines that can be read in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from shared.film import captions
from shared.film.captions import Cue
from shared.film.findings import Check, not_checked, told
from shared.film.probe import Audio
from shared.lesson.plan import Scene

NO_CAPTIONS = "no captions beside it"
_FASTEST_CPS = 21.0  # characters a second of one cue: a quick short sentence leaves no time
_PACE_CPS = captions.FASTEST_CPS  # of all but a few
_SHORTEST_CUE_S, _LONGEST_CUE_S = 0.7, captions.LONGEST_S
_LEAST_GAP_MS = 66  # two frames
_SYNC_S, _SHARE = 0.15, 0.95
_BLOCK_S, _QUIET, _GAP_BLOCKS = 0.01, 0.003, 15  # a silence before a sentence: 0.15 s at -50 dBFS
_ENDS = (".", "?", "!", ":", '"', "\u201d", captions.THINK)
_READING = (
    "caption-lines", "caption-units", "caption-times", "caption-gaps", "caption-speed",
    "caption-pace", "caption-end",
)  # fmt: skip


def check_captions(
    cues: Sequence[Cue], scenes: Sequence[Scene], line_length: int, length_s: float
) -> list[Check]:
    """Check captions against the words of a plan and against the rules of reading."""
    return [*said(cues, scenes), *readable(cues, line_length, length_s)]


def said(cues: Sequence[Cue], scenes: Sequence[Scene]) -> list[Check]:
    """Check that captions say the plan's words and name its pauses to think."""
    shown = " ".join(cue.text for cue in cues if cue.text != captions.THINK).split()
    words = [word for scene in scenes for line in scene.say for word in line.text.split()]
    pauses = sum(line.pause_s >= captions.THINK_FROM_S for scene in scenes for line in scene.say)
    named = sum(cue.text == captions.THINK for cue in cues)
    return [
        Check("caption-words", f"{len(shown)} words", f"the plan's {len(words)}", shown == words),
        Check("caption-pauses", f"{named} named", f"the plan's {pauses}", named == pauses),
    ]


def readable(cues: Sequence[Cue], line_length: int, length_s: float) -> list[Check]:
    """Check captions against the rules of reading; they need nothing but the captions."""
    wide = [cue.start_s for cue in cues if not _fits(cue, line_length)]
    parted = [cue.start_s for cue in cues if _parts(cue)]
    brief = [
        cue.start_s
        for cue in cues
        if not _SHORTEST_CUE_S <= round(cue.end_s - cue.start_s, 3) <= _LONGEST_CUE_S
    ]
    gaps = [round((after.start_s - before.end_s) * 1000) for before, after in pairwise(cues)]
    overlaps = sum(gap < 0 or 0 < gap < _LEAST_GAP_MS for gap in gaps)
    fast = [cue.start_s for cue in cues if _cps([cue]) > _FASTEST_CPS]
    late = cues[-1].end_s if cues else 0.0
    pace = _most_cps(cues)
    return [
        Check("caption-lines", _at(wide), f"two lines of {line_length} characters", not wide),
        Check("caption-units", _at(parted), "no number parted from its unit", not parted),
        Check("caption-times", _at(brief), "0.7 to 7 s each", not brief),
        Check("caption-gaps", f"{overlaps} wrong", "0 s, or two frames", not overlaps),
        Check("caption-speed", _at(fast), f"<= {_FASTEST_CPS:.0f} characters/s each", not fast),
        Check(
            "caption-pace", f"{pace:.1f} characters/s", f"<= {_PACE_CPS:.0f} characters/s (p95)",
            pace <= _PACE_CPS,
        ),
        Check("caption-end", f"{late:.2f} s", f"<= {length_s:.2f} s", 0 < late <= length_s),
    ]  # fmt: skip


def unread(why: str) -> list[Check]:
    """Say of every rule of reading that nobody could check it."""
    return [not_checked(name, "the rules of reading", why) for name in _READING]


def check_language(language: str) -> Check:
    """Check that a caption file says which language it is in."""
    return Check("caption-language", language or "none", "named in the head", bool(language))


def check_sync(cues: Sequence[Cue], audio: Audio) -> Check:
    """Measure, on the sound itself, how far cues lie from the sentences that they caption.

    Only a cue that begins a sentence has a silence before it; the others follow its word times.
    """
    limit = f"<= {_SYNC_S * 1000:.0f} ms from the voice (p95)"
    starts, onsets = list(_sentence_starts(cues)), _onsets(audio)
    if not starts or not len(onsets):
        return Check("caption-sync", "no sentence heard", limit, passed=False)
    away = sorted(float(np.abs(onsets - start).min()) for start in starts)
    worst = away[int(_SHARE * (len(away) - 1))]
    return Check("caption-sync", f"{worst * 1000:.0f} ms (p95)", limit, worst <= _SYNC_S)


def _sentence_starts(cues: Sequence[Cue]) -> Iterator[float]:
    for before, cue in pairwise([None, *cues]):
        fresh = before is None or before.text.endswith(_ENDS)
        if cue is not None and fresh and cue.text != captions.THINK:
            yield cue.start_s


def _onsets(audio: Audio) -> np.ndarray:
    """Find the moments, in seconds, at which a voice begins after a silence."""
    size = max(1, round(_BLOCK_S * audio.rate_hz))
    whole = len(audio.samples) // size * size
    loud = np.abs(audio.samples[:whole]).reshape(-1, size).max(axis=1, initial=0) >= _QUIET
    places = np.flatnonzero(loud)
    first = np.diff(places, prepend=-_GAP_BLOCKS - 1) > _GAP_BLOCKS
    onsets: np.ndarray = places[first] * _BLOCK_S
    return onsets


def _fits(cue: Cue, line_length: int) -> bool:
    lines = cue.text.split("\n")
    return len(lines) <= captions.LINES and all(len(line) <= line_length for line in lines)


def _parts(cue: Cue) -> bool:
    """Tell whether a line ends with a number whose unit is on the next."""
    return any(line and captions.binds(line) for line in cue.text.split("\n")[:-1])


def _cps(cues: Sequence[Cue]) -> float:
    shown_s = sum(cue.end_s - cue.start_s for cue in cues if cue.text != captions.THINK)
    return sum(len(cue.text) for cue in cues if cue.text != captions.THINK) / max(shown_s, 0.001)


def _most_cps(cues: Sequence[Cue]) -> float:
    """Tell the speed that 95 of 100 cues keep to."""
    speeds = sorted(_cps([cue]) for cue in cues if cue.text != captions.THINK)
    return speeds[int(_SHARE * (len(speeds) - 1))] if speeds else 0.0


def _at(moments: Sequence[float]) -> str:
    return f"at: {told(f'{moment:.2f} s' for moment in moments)}"
