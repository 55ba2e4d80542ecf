"""Sweeps that overlap on a real PostgreSQL: each lesson is taken up by one of them."""

from __future__ import annotations

import json

import pytest

from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.reports import SqlReports
from shared.gcp.upkeep import SqlUpkeep
from shared.limits import LESSON_BUDGET_S, QUIET_S
from shared.repair.sweep import sweep
from tests.fakes.services import FakeServices
from tests.records.given import PLAN, asked, at_once
from tests.repair.conftest import SqlKept

LESSONS = [f"{n:032x}" for n in range(30)]


@pytest.fixture
def kept(postgres: Postgres) -> SqlKept:
    """Give thirty lessons in three states, all of which stand still."""
    kept = SqlKept(postgres)
    for n, lesson_id in enumerate(LESSONS):
        kept.records.accept(asked(), lesson_id)
        if n % 3:
            kept.records.scripted(lesson_id, PLAN, ("title", "recap"))
    kept.pass_(QUIET_S + 1)
    return kept


@pytest.fixture
def services(kept: SqlKept) -> FakeServices:
    """Give services whose rows are PostgreSQL's; every third lesson has all its scenes."""
    services = FakeServices(records=kept.records, upkeep=kept.upkeep)
    for lesson_id in LESSONS[2::3]:
        for n in (1, 2):
            name = f"lessons/{lesson_id}/scenes/{n:02d}/scene.json"
            services.objects.create("scenes", name, b"{}", content_type="application/json")
    return services


def test_sweeps_at_once_emit_each_event_once(services):
    """Four sweeps: thirty lessons, twenty of them with events, ten with a nudge."""
    at_once(4, lambda _: sweep(services))

    published = [message.id for message in services.events.published]
    nudged = [one.name.split("/")[1] for one in services.objects.list("scenes", "nudges/")]
    assert (10 + 2 * 10, 10 + 2 * 10) == (len(published), len(set(published)))
    assert LESSONS[2::3] == nudged


def test_sweeps_at_once_end_each_lesson_once(services, kept, postgres):
    """Overdue lessons fail once; equal completions are told apart by nobody."""
    kept.pass_(LESSON_BUDGET_S)
    at_once(4, lambda _: sweep(services))

    runs = SqlReports(postgres).runs(99)
    told = {json.loads(m.data)["request_id"] for m in services.events.published if m.id}
    assert {("failed", "failed")} == {(run.status, run.lesson_status) for run in runs}
    assert {run.request_id for run in runs} <= told
    histories = [SqlReports(postgres).show(run.request_id).history for run in runs]
    assert {2} == {len(history) for history in histories}


def test_a_sweep_passes_by_a_lesson_that_is_being_written(kept, postgres):
    """It neither waits for the lock nor takes the lesson up."""
    with postgres.transaction() as sql:
        sql.run("update lessons set updated_at = updated_at where id = %s", LESSONS[0])
        found = [one.lesson_id for one in SqlUpkeep(postgres).stalled()]

    assert LESSONS[1:] == sorted(found)


def test_patience_is_scaled(postgres):
    """A tenth of the patience finds a lesson in a tenth of the time."""
    kept = SqlKept(postgres)
    SqlRecords(postgres).accept(asked(), LESSONS[0])
    kept.pass_(QUIET_S / 10 + 1)

    assert ([], [LESSONS[0]]) == (
        [one.lesson_id for one in kept.upkeep.stalled()],
        [one.lesson_id for one in SqlUpkeep(postgres, 0.1).stalled()],
    )
