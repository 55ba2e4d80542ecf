"""Judge lessons: `python -m tests.evaluation [--limit N] [--sampler]`, which `make eval` runs.

Lessons are written by Gemini within the limits of its settings and judged twice: by our own rules,
and by Google's evaluation service, whose two calls a lesson stand in no ledger.  Without
credentials nothing is done; with VERTEX_EMULATOR_HOST a fake answers, and each figure says so.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import google.auth
from google.auth.exceptions import DefaultCredentialsError
from rich.console import Console
from rich.table import Table

from shared import config
from shared.gcp.vertex import Vertex
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.gemini.author import GeminiAuthor
from shared.lesson.gemini.paying import Purse
from tests.benchmarks.retrieval import library_in
from tests.evaluation.judge import Judge
from tests.evaluation.lessons import Scored, scored
from tests.evaluation.questions import chosen
from tests.fakes.ledger import MemoryLedger
from tests.fakes.objects import MemoryObjects

DONE, MISTAKE = 0, 2
WIDE = 180  # where nobody's terminal says how wide it is
RESULTS = Path(".bench/eval.json")
SKIPPED = (
    "make eval is skipped: there are no Google credentials. Run gcloud auth application-default"
    " login and set GOOGLE_CLOUD_PROJECT, or see it work on a fake: make eval VERTEX=fake"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge lessons and show a table; gives the exit code."""
    words = argparse.ArgumentParser(prog="python -m tests.evaluation")
    words.add_argument("--limit", type=int, default=20, help="at most so many questions")
    words.add_argument("--sampler", action="store_true", help="of the project's own book")
    words.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    options = words.parse_args(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    try:
        settings = config.gemini()
    except config.BadSettings as problem:
        console.print(str(problem), markup=False)
        return MISTAKE
    project = "demo" if settings.emulator else _project()
    if not project:
        console.print(SKIPPED, markup=False, soft_wrap=True)
        return DONE
    ledger = MemoryLedger()
    purse = Purse(Vertex(project, settings.emulator), ledger, MemoryObjects(), settings)
    author = GeminiAuthor(purse, ExtractiveAuthor())
    judge = Judge(project, settings.emulator)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        book, asked = chosen(Path(folder), max(1, options.limit), sampler_only=options.sampler)
        with library_in(Path(folder) / "postgres") as library, console.status("Judging …"):
            library.add(book)
            rows = list(scored(asked, library, author, ledger, judge.opinion))
    is_fake = bool(settings.emulator)
    console.print(table(rows, book.source.title, is_fake=is_fake))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "judged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "book": book.source.title,
        "written_by": "a fake" if is_fake else "Vertex AI",
        "judged_by": "a fake" if is_fake else "Vertex AI",
        "rows": [one.row() for one in rows],
    }
    options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    console.print(f"as JSON: {options.json}", highlight=False)
    return DONE


def table(rows: Sequence[Scored], title: str, *, is_fake: bool) -> Table:
    """Show each lesson's scores and their means; what a fake said is called so."""
    mark = " (fake)" if is_fake else ""
    shown = Table(
        "question", f"author{mark}", "section", "errors", "warnings", "support", "least",
        f"grounded{mark}", f"clear{mark}", f"USD{mark}",
        title=f"Lessons from {title}",
        caption="A fake wrote and judged these lessons: the figures show that it runs, and"
        " nothing about Gemini." if is_fake else "",
    )  # fmt: skip
    for one in rows:
        shown.add_row(*_cells(one))
    made = [one for one in rows if one.is_lesson]
    shown.add_section()
    shown.add_row(
        f"{len(made)} lessons of {len(rows)}",
        f"{sum(one.degraded for one in made)} degraded",
        _share([one.right_section for one in made if one.right_section is not None]),
        str(sum(one.errors for one in made)),
        str(sum(one.warnings for one in made)),
        _mean([one.support for one in made]),
        _number(min((one.least_support for one in made if one.least_support is not None),
                    default=None)),
        _mean([one.grounded for one in made]),
        _mean([one.clear for one in made]),
        f"{sum(one.usd for one in rows):.4f}",
    )  # fmt: skip
    return shown


def _cells(one: Scored) -> list[str]:
    question = one.question if len(one.question) <= 48 else one.question[:47] + "…"
    if not one.is_lesson:
        return [question, one.author, *[""] * 7, f"{one.usd:.4f}"]
    section = {True: "right", False: "another", None: ""}[one.right_section]
    told = [one.fault, ""] if one.fault else [_number(one.grounded), _number(one.clear)]
    author = f"{one.author}, degraded" if one.degraded else one.author
    numbers = [_number(one.support), _number(one.least_support)]
    counts = [str(one.errors), str(one.warnings)]
    return [question, author, section, *counts, *numbers, *told, f"{one.usd:.4f}"]


def _mean(numbers: Sequence[float | None]) -> str:
    known = [one for one in numbers if one is not None]
    return _number(statistics.fmean(known) if known else None)


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)} of {len(flags)} right" if flags else ""


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"


def _project() -> str:
    """Name the project that the credentials may pay with; empty without credentials."""
    try:
        _, found = google.auth.default()
    except DefaultCredentialsError:
        return ""
    return os.environ.get("GOOGLE_CLOUD_PROJECT") or str(found or "")


if __name__ == "__main__":
    sys.exit(main())
