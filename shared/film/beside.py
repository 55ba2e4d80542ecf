"""What lies beside a film on disk, and what it says the film must be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, cast

from shared.errors import PipelineError
from shared.film.clock import FPS
from shared.film.encode import Size
from shared.film.findings import Expected
from shared.film.probe import Probe
from shared.film.vtt import Track, parse
from shared.lesson import codec
from shared.lesson.plan import Plan

_ANY_PAUSE_S = 12.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found; None is not there."""

    plan: Plan | None
    captions: Track | None
    thumbnail: bytes | None
    expected: Expected | None


def look(film: Path, captions: Path | None, plan: Path | None) -> Beside:
    """Read what lies beside a film; named files must be there.

    Raises OSError for a named file that is not there, ValueError for one that cannot be read.
    """
    plan = plan or _there(film.with_name("plan.json"))
    captions = (
        captions or _there(film.with_suffix(".vtt")) or _there(film.with_name("captions.vtt"))
    )
    cover, report = _there(film.with_name("thumbnail.jpg")), _there(film.with_name("checks.json"))
    return Beside(
        _read(plan, codec.decode) if plan else None,
        _read(captions, lambda content: parse(content.decode())) if captions else None,
        cover.read_bytes() if cover else None,
        _expected(report) if report else None,
    )


def guessed(found: Probe) -> Expected:
    """Say what any film must be: scenes are its own chapters, its length is its sound's."""
    ends = [found.audio.end_s if found.audio else 0.0, found.video.end_s if found.video else 0.0]
    last = round(next((end for end in ends if end), 0.0) * FPS)
    starts = sorted({0, *(round(start * FPS) for _, start in found.chapters)})
    cuts = [start for start in starts if start < last] or [0]
    frames = tuple(after - before for before, after in pairwise([*cuts, last]))
    return Expected(frames, (_ANY_PAUSE_S,) * len(frames), size=None, ours=False)


def _read(path: Path, reader: Callable[[bytes], T]) -> T:
    """Read a file; what is wrong with it names it, since several lie beside a film."""
    try:
        return reader(path.read_bytes())
    except (ValueError, PipelineError) as fault:
        raise ValueError(f"{path} cannot be read: {fault}.") from fault


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _expected(report: Path) -> Expected | None:
    """Read what a report says that its film was compared with; None when it does not say."""
    try:
        told = json.loads(report.read_bytes())["expected"]
        return Expected(
            frames=tuple(told["frames"]),
            pauses_s=tuple(told["pauses_s"]),
            parameters=str(told["parameters"]),
            size=Size(**told["size"]),
            holds_s=tuple(told["holds_s"]),
            reveals_s=tuple(told["reveals_s"]),
            titles=tuple(told["titles"]),
            credits=tuple(cast("list[str]", told["credits"])),
        )
    except (KeyError, TypeError, ValueError):
        return None
