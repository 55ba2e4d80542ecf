"""The questions: the dev set that lies beside the checkout with its book, or the sampler's ten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from shared.identity import grade_band
from shared.library.book import Book
from tests.benchmarks.retrieval import PHYSICS, QUESTIONS, physics_in
from tests.evaluation.lessons import Asked
from tests.pipeline.world import ROOT, sampler

OURS = ROOT / "local" / "gallery" / "questions.json"
INTERESTS = ("basketball", "music", "cooking", "video games", "dance")
GRADES = "9-12"


def chosen(folder: Path, limit: int, *, sampler_only: bool) -> tuple[Book, tuple[Asked, ...]]:
    """Give a book with questions about it, spread over the whole set; `folder` takes the book."""
    if not sampler_only and PHYSICS.is_dir() and QUESTIONS.is_file():
        asked = tuple(_dev())
        return physics_in(folder), asked[:: max(1, len(asked) // limit)][:limit]
    return sampler(), tuple(_ours())[:limit]


def _dev() -> Iterator[Asked]:
    for number, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines()):
        one = json.loads(line)
        yield Asked(one["question"], INTERESTS[number % len(INTERESTS)], GRADES, one["module"])


def _ours() -> Iterator[Asked]:
    for one in json.loads(OURS.read_text(encoding="utf-8"))["science-sampler"]:
        yield Asked(one["question"], one["interest"], grade_band(int(one["grade"])))
