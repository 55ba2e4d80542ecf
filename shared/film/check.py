"""Check any film from the command line.

python -m shared.film.check FILM [--plan PLAN] [--captions CAPTIONS]

Scene lengths come from the film's own chapters.  With a plan its pauses count and, with captions,
its words.  Ends with 1 when a check fails.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from shared.film import checks
from shared.film.assembling import longest_pause_s
from shared.film.caption_checks import check_captions
from shared.film.captions import Cue, line_length
from shared.film.checks import Check, Expected
from shared.film.clock import FPS, seconds_at
from shared.film.encode import Size
from shared.film.probe import Probe, probe
from shared.lesson import codec
from shared.lesson.plan import Plan

_ANY_PAUSE_S = 12.0
_CUE = re.compile(r"(\S+) --> (\S+)[^\n]*\n((?:.+\n?)+)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of checks; gives 0 when all passed."""
    parser = argparse.ArgumentParser(description="Check a finished film.")
    parser.add_argument("film", type=Path)
    parser.add_argument("--plan", type=Path, help="the lesson's plan.json")
    parser.add_argument("--captions", type=Path, help="captions.vtt; needs --plan")
    asked = parser.parse_args(arguments)
    plan = codec.decode(asked.plan.read_bytes()) if asked.plan else None
    found = probe(asked.film)
    expected = _expected(found, plan)
    table = (
        checks.check_film(found, expected) if found.video else checks.check_sound(found, expected)
    )
    if plan is not None and asked.captions:
        cues = parse(asked.captions.read_text())
        length_s = seconds_at(sum(expected.frames))
        table += check_captions(cues, plan.scenes, line_length(plan.brief.grade_band), length_s)
    sys.stdout.write("".join(_line(one) for one in table))
    return 1 if checks.failed(table) else 0


def parse(text: str) -> list[Cue]:
    """Read the cues of a WebVTT file as `captions` writes them."""
    return [
        Cue(_seconds(start), _seconds(end), _unescaped(words.strip()))
        for start, end, words in _CUE.findall(text)
    ]


def _expected(found: Probe, plan: Plan | None) -> Expected:
    size = Size(found.video.width, found.video.height) if found.video else Size(0, 0)
    end = found.audio.end_s if found.audio else 0.0
    starts = [round(start * FPS) for _, start in found.chapters] or [0]
    frames = tuple(after - before for before, after in pairwise([*starts, round(end * FPS)]))
    fits = plan is not None and len(plan.scenes) == len(frames)
    pauses = [longest_pause_s(scene) for scene in plan.scenes] if plan and fits else None
    return Expected(frames, tuple(pauses or [_ANY_PAUSE_S] * len(frames)), size=size)


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _line(check: Check) -> str:
    verdict = "pass" if check.passed else "FAIL"
    return f"{verdict}  {check.id:15} {check.value}   ({check.limit})\n"


if __name__ == "__main__":
    sys.exit(main())
