"""Check captions: every word of the plan, in lines and at a speed that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shared.film import captions
from shared.film.captions import Cue
from shared.film.checks import Check, told
from shared.lesson.plan import Scene

_FASTEST_CPS = 21.0  # characters a second: 17 on average of a lesson, short sentences run faster
_SHORTEST_CUE_S, _LONGEST_CUE_S = 0.7, captions.LONGEST_S
_LEAST_GAP_MS = 66  # two frames


def check_captions(
    cues: Sequence[Cue], scenes: Sequence[Scene], line_length: int, length_s: float
) -> list[Check]:
    """Check captions against the words of a plan and against the rules of reading."""
    shown = " ".join(cue.text for cue in cues if cue.text != captions.THINK).split()
    said = [word for scene in scenes for line in scene.say for word in line.text.split()]
    wide = [cue.start_s for cue in cues if not _fits(cue, line_length)]
    brief = [
        cue.start_s
        for cue in cues
        if not _SHORTEST_CUE_S <= round(cue.end_s - cue.start_s, 3) <= _LONGEST_CUE_S
    ]
    gaps = [round((after.start_s - before.end_s) * 1000) for before, after in pairwise(cues)]
    overlaps = sum(gap < 0 or 0 < gap < _LEAST_GAP_MS for gap in gaps)
    fast = [cue.start_s for cue in cues if _cps(cue) > _FASTEST_CPS]
    late = cues[-1].end_s if cues else 0.0
    return [
        Check("caption-words", f"{len(shown)} words", f"the plan's {len(said)}", shown == said),
        Check("caption-lines", told(wide), f"two lines of {line_length}", not wide),
        Check("caption-times", told(brief), "0.7 to 7 s each", not brief),
        Check("caption-gaps", str(overlaps), "none, or two frames", not overlaps),
        Check("caption-speed", told(fast), f"<= {_FASTEST_CPS} characters/s", not fast),
        Check("caption-end", f"{late:.2f} s", f"<= {length_s:.2f} s", 0 < late <= length_s),
    ]


def _fits(cue: Cue, line_length: int) -> bool:
    lines = cue.text.split("\n")
    return len(lines) <= captions.LINES and all(len(line) <= line_length for line in lines)


def _cps(cue: Cue) -> float:
    return len(cue.text) / max(cue.end_s - cue.start_s, 0.001)
