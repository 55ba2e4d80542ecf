"""A real film: one question to the sampler book on a stack that has never run before.

Seconds count from the request's publish to its content-completed, at 1080p, with as many render
processes as this machine has cores.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import av
from rich.console import Console

from local import ask, bookshelf, results
from local.follow import follow
from local.progress import Sight
from shared.report import LessonReport
from tests.benchmarks.answers import wait
from tests.benchmarks.measurement import Measurement, NotHere
from tests.benchmarks.memory import MEBI, peak_of_workers
from tests.benchmarks.stacks import FreshStack, fresh_stack

QUESTION = ask.Question("Why does a moving object keep moving?", "basketball", "10", ("video",))
MOST_S, MOST_MIB = 90.0, 1024.0


class _Unwatched:
    def show(self, sight: Sight) -> None:
        """Leave the way to the records."""


def measure() -> Iterator[Measurement]:
    """Make one lesson; raises RuntimeError when it does not come to be."""
    with fresh_stack() as stack:
        bookshelf.stock(stack.connected, Console(quiet=True))
        sent_s = time.time()
        request_id = ask.ask(stack.connected.events, QUESTION)
        report = follow(stack.connected.reports, request_id, _Unwatched())
        if report.lesson is None or report.run.status != "completed":
            raise RuntimeError(f"the lesson ended as {report.run.status}: {report.run.reason}")
        answered = wait(stack.folder, lambda found: request_id in found)
        answered_s = answered[request_id].at_s
        wall_s = answered_s - sent_s
        files = results.bring(stack.connected.objects, report, stack.folder)
        film_s = _length_s(files["film"])
        yield Measurement(f"request to film, {os.cpu_count()} cores", wall_s, "s", MOST_S)
        yield Measurement("length of the film", film_s, "s")
        yield Measurement("film made in a second", film_s / wall_s, "s")
        yield from _shares(report.lesson, sent_s, answered_s)
        yield from _memory(stack)


def _shares(lesson: LessonReport, sent_s: float, answered_s: float) -> Iterator[Measurement]:
    """Divide the way of a finished lesson: to its plan, its last scene, its answer."""
    planned_s = _latest(lesson.scripted_at)
    rendered_s = _latest(*(scene.rendered_at for scene in lesson.scenes))
    yield Measurement("of it: ingest and script", planned_s - sent_s, "s")
    yield Measurement(f"of it: {len(lesson.scenes)} scenes", rendered_s - planned_s, "s")
    yield Measurement("of it: finalize", answered_s - rendered_s, "s")


def _latest(*moments: datetime | None) -> float:
    return max(moment.timestamp() for moment in moments if moment is not None)


def _memory(stack: FreshStack) -> Iterator[Measurement]:
    """Tell the peak of each function's largest process; only render's has a target."""
    for name, pid in stack.pids.items():
        most = MOST_MIB if name == "render" else None
        try:
            yield Measurement(f"{name}: peak memory", peak_of_workers(pid) / MEBI, "MiB", most)
        except NotHere as reason:
            print(reason)
            return


def _length_s(film: Path) -> float:
    with av.open(str(film)) as opened:
        return float(opened.duration or 0) / av.time_base
