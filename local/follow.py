"""Follow a request to its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from local.progress import Sight, View
from shared.errors import Missing
from shared.report import LessonReport, Reports, RequestReport

POLL_S = 0.1
LAST_NOTE_S = 3.0


def follow(
    reports: Reports,
    request_id: str,
    view: View,
    check: Callable[[], None] = lambda: None,
    answered: RequestReport | None = None,
) -> RequestReport:
    """Show a request's way until it has its end, or is asked back; gives the last report.

    `check` is asked now and again, and raises when waiting is no use.  `answered` is the report
    whose question has just been answered: it alone is no reason to stop.
    """
    while True:
        report = _report(reports, request_id)
        view.show(sight(report))
        if report is not None and report.run.status != "accepted" and _is_news(report, answered):
            return _with_notes(reports, report)
        check()
        time.sleep(POLL_S)


def _is_news(report: RequestReport, answered: RequestReport | None) -> bool:
    """Tell whether an answer has moved its request, or could not be read."""
    if answered is None or report.open != answered.open:
        return True
    return len(report.dead_letters) > len(answered.dead_letters)


def _with_notes(reports: Reports, report: RequestReport) -> RequestReport:
    """Read again until every run has noted its end, which it does after the request's."""
    give_up = time.monotonic() + LAST_NOTE_S
    while time.monotonic() < give_up and any(one.ended_at is None for one in report.attempts):
        time.sleep(POLL_S)
        report = reports.show(report.run.request_id)
    return report


def sight(report: RequestReport | None) -> Sight:
    """Tell where a request is."""
    if report is None or report.lesson is None:
        return Sight("ingest")
    if report.run.status != "accepted":
        return Sight("", len(report.lesson.scenes), len(report.lesson.scenes))
    return _of_lesson(report.lesson, _retries(report))


def _of_lesson(report: LessonReport, waits: str) -> Sight:
    if report.scripted_at is None:
        return Sight("script", waits=waits)
    scenes = len(report.scenes)
    rendered = sum(scene.rendered_at is not None for scene in report.scenes)
    stage = "render" if rendered < scenes else "finalize"
    return Sight(stage, scenes, rendered, waits)


def _retries(report: RequestReport) -> str:
    """Say that a stage failed and will be tried again, so that waiting is no riddle."""
    latest = max(report.attempts, key=lambda attempt: attempt.started_at, default=None)
    if latest is not None and latest.outcome == "retryable":
        return f"failed with {latest.error}, will try again"
    return ""


def _report(reports: Reports, request_id: str) -> RequestReport | None:
    try:
        return reports.show(request_id)
    except Missing:
        return None
