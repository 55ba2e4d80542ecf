"""Lessons, kept by the fake and by PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Permanent
from shared.ports import Records
from shared.report import Reports
from shared.rows import Attempt, Lesson
from tests.records.given import (
    AUDIO,
    LESSON,
    PLAN,
    SCENES,
    VIDEO,
    asked,
    at_once,
    completed,
    files,
    scripted,
)


def test_first_request_begins_its_lesson(records: Records) -> None:
    """The lesson has the request's brief and remembers who asked for it."""
    request = asked()

    belongs_to = records.accept(request, LESSON)

    expected = Lesson(LESSON, "requested", request.brief, requested_by=request.request_id)
    assert (LESSON, expected) == (belongs_to, records.lesson(LESSON))


def test_unknown_lesson(records: Records) -> None:
    """Nobody made it, so there is nothing to read and nothing to move."""
    moved = (records.scripted(LESSON, PLAN, SCENES), records.completed(LESSON, {}))

    assert (None, (False, False)) == (records.lesson(LESSON), moved)


def test_scripted_once(records: Records) -> None:
    """The first plan stays; a second one moves nothing."""
    scripted(records)

    again = records.scripted(LESSON, replace(PLAN, generation=18), (*SCENES, "sources"))

    lesson = records.lesson(LESSON)
    assert lesson is not None
    assert (False, "scripted", PLAN.name, 17, 3) == (
        again,
        lesson.status,
        lesson.plan_object,
        lesson.plan_generation,
        lesson.scenes,
    )


def test_completed_before_scripted(records: Records) -> None:
    """A lesson without a plan cannot complete."""
    records.accept(asked(), LESSON)

    moved = records.completed(LESSON, files(VIDEO))

    lesson = records.lesson(LESSON)
    assert (False, "requested") == (moved, lesson and lesson.status)


@pytest.mark.parametrize(
    ("modality", "needed"), [("text", ("plan",)), ("audio", AUDIO), ("video", VIDEO)]
)
def test_completed_with_its_files(records: Records, modality: str, needed: tuple[str, ...]) -> None:
    """Each modality completes with exactly its files."""
    scripted(records, modality)

    moved = records.completed(LESSON, files(needed))

    lesson = records.lesson(LESSON)
    assert lesson is not None
    assert (True, "completed", files(needed)) == (moved, lesson.status, lesson.files)


@pytest.mark.parametrize(
    ("modality", "needed", "missing"),
    [
        ("text", ("plan",), "plan"),
        *(("audio", AUDIO, name) for name in AUDIO),
        *(("video", VIDEO, name) for name in VIDEO),
    ],
)
def test_completed_without_a_file(
    records: Records, modality: str, needed: tuple[str, ...], missing: str
) -> None:
    """One missing file keeps the lesson where it was."""
    scripted(records, modality)

    with pytest.raises(Permanent):
        records.completed(LESSON, files(tuple(name for name in needed if name != missing)))

    lesson = records.lesson(LESSON)
    assert "scripted" == (lesson and lesson.status)


def test_two_modalities_need_both_their_files(records: Records) -> None:
    """A film is not enough when the sound was asked for too."""
    scripted(records, "audio", "video")

    with pytest.raises(Permanent):
        records.completed(LESSON, files(VIDEO))


@pytest.mark.parametrize("status", ["refused", "failed"])
def test_open_lesson_ends(records: Records, status: str) -> None:
    """A lesson ends once, with its reason."""
    records.accept(asked(), LESSON)

    moved = records.ended(LESSON, status, "not covered", "script")
    again = records.ended(LESSON, "failed", "another reason", "finalize")

    lesson = records.lesson(LESSON)
    assert lesson is not None
    assert (True, False, status, "not covered") == (moved, again, lesson.status, lesson.reason)


def test_end_without_reason(records: Records) -> None:
    """Nobody may fail a lesson silently."""
    records.accept(asked(), LESSON)

    with pytest.raises(Permanent):
        records.ended(LESSON, "failed", "", "script")


def test_completed_is_never_left(records: Records) -> None:
    """What is completed can neither fail nor complete again."""
    completed(records)

    failed = records.ended(LESSON, "failed", "late", "finalize")
    again = records.completed(LESSON, files(VIDEO))

    lesson = records.lesson(LESSON)
    assert (False, False, "completed") == (failed, again, lesson and lesson.status)


def test_rendered_scenes(records: Records, reports: Reports) -> None:
    """Progress counts the scenes that are there; the first attempt that is named stays."""
    request = scripted(records)

    records.rendered(LESSON, {1: Attempt("render/1", 4, "render", LESSON)})
    records.rendered(
        LESSON,
        {
            1: Attempt("render/1", 5, "render", LESSON),
            3: Attempt("render/3", 1, "render", LESSON),
            9: Attempt("render/9", 1, "render", LESSON),
        },
    )

    report = reports.show(request.request_id)
    assert report.lesson is not None
    made = [(row.n, row.type, row.attempt_fence) for row in report.lesson.scenes]
    assert [(1, "title", 4), (2, "concept", 0), (3, "recap", 1)] == made
    assert (3, 2) == (report.run.scenes, report.run.rendered)


def test_a_run_without_a_database_is_in_the_history(records: Records, reports: Reports) -> None:
    """What made a scene is known with the times that the run itself measured."""
    request = scripted(records)
    started = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
    ended = started + timedelta(seconds=7)
    run = Attempt("render/1", 4, "render", LESSON, "", started, ended, "completed")

    records.attempts_told([run])

    (attempt,) = reports.show(request.request_id).attempts
    assert ("render", 4, started, ended, "completed") == (
        attempt.stage,
        attempt.fence,
        attempt.started_at,
        attempt.ended_at,
        attempt.outcome,
    )


def test_two_outcomes_race(records: Records) -> None:
    """Exactly one run moves the lesson to its end."""
    scripted(records)

    def end(n: int) -> bool:
        if n % 2:
            return records.completed(LESSON, files(VIDEO))
        return records.ended(LESSON, "failed", "late", "finalize")

    assert 1 == sum(at_once(8, end))
