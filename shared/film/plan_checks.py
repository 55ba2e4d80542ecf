"""Check a film against the plan that it was made from, as far as the film itself can tell.

What only the book can tell (citations, equations, the words on the screen) the rules of
`shared.lesson.checks` have told before anything was rendered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shared.film.clock import seconds_at
from shared.film.findings import Check, Expected, not_checked, told
from shared.film.probe import Audio
from shared.lesson.pace import GRADE, MOST_SCENE_S, MOST_WORDS_A_MINUTE, words_of
from shared.lesson.plan import Plan, Scene
from shared.lesson.readability import grade

NO_PLAN = "no plan beside it"
_SHORTEST_S, _LONGEST_S = 90.0, 300.0
_HARDER = 2.0
_FEW_WORDS = 15  # in fewer one long word decides
_PAUSE_S, _BLOCK_S, _QUIET = 0.75, 0.01, 0.003  # a longer silence is no gap between sentences
_LENGTH, _SCENES = f"{_SHORTEST_S:.0f} to {_LONGEST_S:.0f} s", f"<= {MOST_SCENE_S:.0f} s each"


def check_plan(plan: Plan | None, audio: Audio | None, expected: Expected) -> list[Check]:
    """Check lengths, reading level and speaking rate."""
    if plan is None:
        limits = {
            "lesson-length": _LENGTH, "scene-length": _SCENES, "reading-level": "the grade + 2",
            "speaking-rate": "the grade's words a minute",
        }  # fmt: skip
        return [not_checked(name, limit, NO_PLAN) for name, limit in limits.items()]
    length_s = seconds_at(sum(expected.frames))
    long = [
        f"scene {n} {seconds_at(frames):.1f} s"
        for n, frames in enumerate(expected.frames, start=1)
        if seconds_at(frames) > MOST_SCENE_S
    ]
    fits = _SHORTEST_S <= length_s <= _LONGEST_S
    return [
        Check("lesson-length", f"{length_s:.1f} s", _LENGTH, fits),
        Check("scene-length", f"longer: {told(long)}", _SCENES, not long),
        _reading(plan),
        _rate(plan, audio, expected),
    ]


def _reading(plan: Plan) -> Check:
    found = grade([line.text for scene in plan.scenes for line in scene.say])
    most = GRADE[plan.brief.grade_band] + _HARDER
    return Check("reading-level", f"grade {found:.1f}", f"<= grade {most:.0f}", found <= most)


def _rate(plan: Plan, audio: Audio | None, expected: Expected) -> Check:
    """Measure how fast each scene is spoken, its pauses to think left out."""
    most = MOST_WORDS_A_MINUTE[plan.brief.grade_band]
    limit = f"<= {most} words a minute"
    if audio is None or len(expected.frames) != len(plan.scenes):
        return not_checked("speaking-rate", limit, "no sound for every scene")
    rates = _rates(plan.scenes, audio, expected.frames)
    fast = [f"scene {n} {rate:.0f}" for n, rate in rates.items() if rate > most]
    top = max(rates.values(), default=0.0)
    return Check("speaking-rate", f"{top:.0f} at most; over: {told(fast)}", limit, not fast)


def _rates(scenes: Sequence[Scene], audio: Audio, frames: Sequence[int]) -> dict[int, float]:
    rates, base = {}, 0.0
    for scene, length in zip(scenes, frames, strict=True):
        start, end = (round(at * audio.rate_hz) for at in (base, base + seconds_at(length)))
        base += seconds_at(length)
        spoken_s = _spoken_s(audio.samples[start:end], audio.rate_hz)
        if words_of(scene) >= _FEW_WORDS and spoken_s:
            rates[scene.n] = 60 * words_of(scene) / spoken_s
    return rates


def _spoken_s(samples: np.ndarray, rate_hz: int) -> float:
    """Add up the time that is spoken, gaps between sentences included."""
    size = max(1, round(_BLOCK_S * rate_hz))
    blocks = np.abs(samples[: len(samples) // size * size]).reshape(-1, size)
    loud = np.flatnonzero(blocks.max(axis=1, initial=0) >= _QUIET)
    gaps = np.diff(loud) * _BLOCK_S
    return float(gaps[gaps <= _PAUSE_S].sum())
