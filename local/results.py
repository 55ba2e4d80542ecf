"""Bring a finished lesson's files out of the cloud into a folder with a readable name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from local.services import Connected
from shared.errors import Missing
from shared.ports import Objects
from shared.report import RequestReport
from shared.rows import Lesson

WORDS = 8  # of the question, in the folder's name
TEXT = "lesson.md"


def bring(objects: Objects, report: RequestReport, state: Path) -> dict[str, Path]:
    """Copy the files of a request's lesson; gives the path of each kind, such as "film"."""
    if report.lesson is None or report.run.status != "completed":
        return {}
    lesson = report.lesson.lesson
    target = _folder(lesson, state)
    target.mkdir(parents=True, exist_ok=True)
    return {kind: _copy(objects, name, target) for kind, name in lesson.files.items()}


def brought(report: RequestReport, state: Path) -> dict[str, Path]:
    """Name the files that were copied already."""
    if report.lesson is None:
        return {}
    lesson = report.lesson.lesson
    paths = {kind: _folder(lesson, state) / _base(name) for kind, name in lesson.files.items()}
    return {kind: path for kind, path in paths.items() if path.exists()}


def text(connected: Connected, lesson: Lesson, state: Path) -> str:
    """Give the lesson's text, from the cloud while it runs, else from its copy."""
    if connected.running.alive:
        try:
            return connected.objects.read(
                "generated", f"lessons/{lesson.lesson_id}/{TEXT}"
            ).decode()
        except Missing:
            return ""
    copy = _folder(lesson, state) / TEXT
    return copy.read_text(encoding="utf-8") if copy.exists() else ""


def _copy(objects: Objects, name: str, target: Path) -> Path:
    path = target / _base(name)
    stored = objects.find("generated", name)
    if stored is None:
        raise Missing(f"{name} is recorded but not stored")
    partial = path.with_suffix(path.suffix + ".part")
    with objects.open("generated", name, stored.generation) as source, partial.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return partial.replace(path)


def _folder(lesson: Lesson, state: Path) -> Path:
    words = re.findall(r"[a-z0-9]+", lesson.brief.question.lower())
    return state / "lessons" / f"{'-'.join(words[:WORDS]) or 'lesson'}-{lesson.lesson_id[:8]}"


def _base(name: str) -> str:
    return name.rpartition("/")[2]
