"""Ask ten questions of one book at once, wait for the films, and lay them out on a sheet."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from local import ask, bookshelf, planning, results, storyboard
from local.ask import Question
from local.gallery.sheet import Shown, page
from local.gallery.stills import starts_of, stills
from local.services import Connected
from shared.errors import Missing
from shared.lesson import codec
from shared.report import RequestReport

QUESTIONS = Path(__file__).with_name("questions.json")
POLL_S = 0.5
SHEET_WIDTH = 108  # characters of the storyboard

Checked = Callable[[], None]  # raises when waiting is no use


def stock(connected: Connected, book: Path | None, console: Console, check: Checked) -> str:
    """Put one book into an empty library; gives the slug of what is there."""
    if not connected.books.sources():
        bookshelf.add(connected, book or bookshelf.SAMPLER, console, check)
    return connected.books.sources()[0].slug


def questions(slug: str) -> list[Question]:
    """Give the ten questions for a book; raises ValueError for one that has none."""
    known = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    if slug not in known:
        raise ValueError(f"there are no questions for the book {slug}, only for {', '.join(known)}")
    return [
        Question(one["question"], one["interest"], one["grade"], ("video",)) for one in known[slug]
    ]


def make(
    connected: Connected, asked: Sequence[Question], folder: Path, console: Console, check: Checked
) -> Path:
    """Make all lessons and the sheet; gives the sheet's path."""
    ids = [ask.ask(connected.events, question) for question in asked]
    reports = _ended(connected, ids, console, check)
    folder.mkdir(parents=True, exist_ok=True)
    with console.status("Laying out the contact sheet …"):
        lessons = [
            _shown(connected, question, reports[request_id], folder, number)
            for number, (question, request_id) in enumerate(zip(asked, ids, strict=True), start=1)
        ]
    sheet = folder / "index.html"
    sheet.write_text(page("Ten lessons", lessons), encoding="utf-8")
    return sheet


def _ended(
    connected: Connected, ids: Sequence[str], console: Console, check: Checked
) -> Mapping[str, RequestReport]:
    """Wait until every request has its end, showing how many scenes are there."""
    columns = (TextColumn("{task.description:<34}"), BarColumn(bar_width=30), TimeElapsedColumn())
    said = ""
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=None)
        while True:
            reports = {one: found for one in ids if (found := _report(connected, one))}
            over = sum(one.run.status != "accepted" for one in reports.values())
            lessons = [one.lesson for one in reports.values() if one.lesson]
            scenes = [scene for lesson in lessons for scene in lesson.scenes]
            there = sum(scene.rendered_at is not None for scene in scenes)
            told = f"{over} of {len(ids)} lessons, {there} of {len(scenes)} scenes"
            progress.update(bar, description=told, completed=there, total=len(scenes) or None)
            if told != said and not console.is_terminal:  # a log shows no bar
                console.print(f"  {told}", highlight=False)
            said = told
            if over == len(ids):
                return reports
            check()
            time.sleep(POLL_S)


def _report(connected: Connected, request_id: str) -> RequestReport | None:
    try:
        return connected.reports.show(request_id)
    except Missing:
        return None


def _shown(
    connected: Connected, question: Question, report: RequestReport, folder: Path, number: int
) -> Shown:
    files = results.bring(connected.objects, report, folder)
    if "film" not in files:
        reason = f"{report.run.status}: {report.run.reason}"
        return Shown(question.text, question.interest, question.grade, None, reason=reason)
    plan = codec.decode(files["plan"].read_bytes())
    found = planning.judged(plan, connected.books)
    pictures = stills(files["film"], starts_of(files["film"]), folder, f"{number:02}")
    board = Console(file=io.StringIO(), record=True, width=SHEET_WIDTH)
    storyboard.show(found, board)

    def beside(path: Path) -> str:
        return os.path.relpath(path, folder)

    return Shown(
        question.text,
        question.interest,
        question.grade,
        plan,
        film=beside(files["film"]),
        captions=beside(files["captions"]),
        stills=tuple(map(beside, pictures)),
        storyboard=board.export_text(),
        findings=tuple(f"{one.severity}: {one.id}, {one.text}" for one in found.findings),
        checks=files["checks"].read_text(encoding="utf-8"),
    )
