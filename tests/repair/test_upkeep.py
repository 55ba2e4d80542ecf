"""What stands still, found in memory as in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.limits import ANSWER_QUIET_S, LESSON_BUDGET_S, NUDGE_AGAIN_S, QUIET_S, SWEEP_ROWS
from shared.rows import Attempt, DeadLetter
from tests.library.books import book, passage, section
from tests.records.given import LESSON, SCENES, asked, at_once, completed, scripted

RENDERED = Attempt(f"render/{LESSON}/01", 1, "render", LESSON)


def found(kept):
    """Name the lessons that a sweep takes up."""
    return [one.lesson_id for one in kept.upkeep.stalled()]


def test_a_lesson_that_just_moved_is_left_alone(kept):
    """It may be somebody's work at this moment."""
    kept.records.accept(asked(), LESSON)
    kept.pass_(QUIET_S - 1)

    assert [] == found(kept)


def test_a_lesson_without_a_plan(kept):
    """It is told with the trace of the request that began it."""
    kept.records.accept(asked(), LESSON)
    kept.pass_(QUIET_S + 1)

    (one,) = kept.upkeep.stalled()
    assert (LESSON, 0, (), "trace-1") == (
        one.lesson_id,
        one.plan_generation,
        one.scenes,
        one.correlation_id,
    )


def test_a_lesson_with_a_plan(kept):
    """It is told with its plan's generation and scenes."""
    scripted(kept.records)
    kept.pass_(QUIET_S + 1)

    (one,) = kept.upkeep.stalled()
    assert (17, tuple(range(1, len(SCENES) + 1))) == (one.plan_generation, one.scenes)


def test_a_lesson_whose_scene_was_rendered_moves(kept):
    """Its own row stays as it was, and that counts for nothing."""
    scripted(kept.records)
    kept.pass_(QUIET_S + 1)
    kept.records.rendered(LESSON, {1: RENDERED})

    assert [] == found(kept)


def test_a_lesson_is_taken_up_once(kept):
    """The next sweep finds it again only after a while."""
    kept.records.accept(asked(), LESSON)
    kept.pass_(QUIET_S + 1)
    now = found(kept)
    kept.pass_(NUDGE_AGAIN_S - 1)
    soon = found(kept)
    kept.pass_(2)

    assert ([LESSON], [], [LESSON]) == (now, soon, found(kept))


def test_a_lesson_that_ended_is_not_stalled(kept):
    """There is nothing to wait for."""
    completed(kept.records)
    kept.pass_(QUIET_S + 1)

    assert [] == found(kept)


def test_a_sweep_takes_the_oldest_and_never_the_same_ones_for_ever(kept):
    """Those that no nudge helps come after those that were never nudged."""
    for n in range(SWEEP_ROWS + 1):
        kept.records.accept(asked(), f"{n:032x}")
        kept.pass_(1)
    kept.pass_(QUIET_S + 1)
    first = found(kept)
    kept.pass_(NUDGE_AGAIN_S + 1)

    assert [f"{n:032x}" for n in range(SWEEP_ROWS)] == first
    assert f"{SWEEP_ROWS:032x}" in found(kept)


def test_sweeps_at_once_share_the_lessons(kept):
    """Eight sweeps get each lesson once between them."""
    lessons = [f"{n:032x}" for n in range(20)]
    for one in lessons:
        kept.records.accept(asked(), one)
    kept.pass_(QUIET_S + 1)

    got = at_once(8, lambda _: found(kept))
    assert lessons == sorted(one for several in got for one in several)


def test_a_request_whose_lesson_has_ended(kept):
    """It is told once its answer is late."""
    request = completed(kept.records)
    kept.pass_(ANSWER_QUIET_S - 1)
    early = kept.upkeep.unanswered()
    kept.pass_(2)

    (one,) = kept.upkeep.unanswered()
    assert () == early
    assert (request.request_id, "trace-1", LESSON) == (
        one.request_id,
        one.correlation_id,
        one.lesson_id,
    )


def test_a_request_that_attached_just_now(kept):
    """Its own delivery answers it."""
    completed(kept.records)
    kept.pass_(ANSWER_QUIET_S + 1)
    late = asked()
    kept.records.accept(late, LESSON)

    assert late.request_id not in [one.request_id for one in kept.upkeep.unanswered()]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_request_that_has_its_end(kept, status):
    """It is not told."""
    request = completed(kept.records)
    if status == "completed":
        kept.records.answered(request.request_id, "completed", "", "finalize")
    else:
        kept.records.cancel(request.request_id)
    kept.pass_(ANSWER_QUIET_S + 1)

    assert () == kept.upkeep.unanswered()


def test_a_request_that_waits_for_an_abandoned_lesson(kept):
    """It is told: whatever brought it there, nobody else would end it."""
    request = asked()
    kept.records.accept(request, LESSON)
    kept.strand(LESSON)
    kept.pass_(ANSWER_QUIET_S + 1)

    assert [request.request_id] == [one.request_id for one in kept.upkeep.unanswered()]


def test_a_request_whose_lesson_is_open(kept):
    """It waits rightly."""
    scripted(kept.records)
    kept.pass_(ANSWER_QUIET_S + 1)

    assert () == kept.upkeep.unanswered()


def test_a_lesson_is_overdue_after_its_budget(kept):
    """However much it moved meanwhile."""
    kept.records.accept(asked(), LESSON)
    kept.pass_(LESSON_BUDGET_S - 1)
    before = kept.upkeep.overdue()
    kept.pass_(2)

    assert ((), (LESSON,)) == (before, kept.upkeep.overdue())


def test_an_ended_lesson_is_never_overdue(kept):
    """It has its end."""
    completed(kept.records)
    kept.pass_(LESSON_BUDGET_S + 1)

    assert () == kept.upkeep.overdue()


def test_an_abandoned_lesson_is_told_until_it_is_marked(kept):
    """Also one that a sweep nudged while it was open."""
    request = asked()
    kept.records.accept(request, LESSON)
    kept.pass_(QUIET_S + 1)
    kept.upkeep.stalled()
    kept.pass_(1)
    kept.records.cancel(request.request_id)
    before = kept.upkeep.abandoned(), kept.upkeep.abandoned()
    kept.pass_(1)
    kept.upkeep.marked(LESSON)

    assert (((LESSON,), (LESSON,)), ()) == (before, kept.upkeep.abandoned())


def test_archives_are_known_for_good(kept):
    """Also one that a newer archive of the same book replaced."""
    text = section("m1", passage("m1#p1", "A puck moves over ice."))
    kept.library.add(book(text, digit="a", generation=1))
    kept.library.add(book(text, digit="b", generation=2))

    assert {"a" * 64, "b" * 64} == kept.upkeep.archives()


def test_a_letter_is_recorded_by_its_stage_and_id(kept):
    """The same id of another stage is another letter."""
    kept.records.dead_letter(DeadLetter("render", "m1", "not-json", "", "", b"{", {}))

    assert (True, False, False) == (
        kept.upkeep.recorded("render", "m1"),
        kept.upkeep.recorded("script", "m1"),
        kept.upkeep.recorded("render", "m2"),
    )


def test_a_period_names_one_object(kept):
    """It can be part of a nudge's name."""
    assert kept.upkeep.period().isalnum()


def test_how_much_is_open(kept):
    """Requests that wait, the longest wait, and the letters that nothing has settled."""
    kept.records.accept(asked(), LESSON)
    kept.pass_(60)
    for number, resolution in enumerate(("", "harmless")):
        letter = DeadLetter("ingest", f"m{number}", "not-json", "", "", b"{", {})
        kept.records.dead_letter(replace(letter, resolution=resolution))

    now = kept.upkeep.standing()
    assert (1, 1, 0) == (now.open_requests, now.dead_letters, now.spent_micros)
    assert 60 <= now.oldest_open_s < 600


def test_nothing_is_open(kept):
    """Where everybody has an answer, nobody waits."""
    request = completed(kept.records)
    kept.records.answered(request.request_id, "completed", "", "finalize")

    now = kept.upkeep.standing()
    assert (0, 0) == (now.open_requests, now.oldest_open_s)
