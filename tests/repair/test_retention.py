"""What is kept for how long: one table, and everybody who takes something away follows it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared import held
from shared.gcp.records import SqlRecords
from shared.gcp.upkeep import SqlUpkeep
from shared.limits import DAY_S, KEPT_DAYS, LESSON_BUDGET_S, RETIRED_ROWS, STUDENT_REFUSED_DAYS
from shared.rows import Attempt, DeadLetter
from tests.ops.rows_office import RowsOffice
from tests.pipeline.world import World
from tests.project.import_closure import ROOT
from tests.records.given import LESSON, asked, completed

YOUNG, OLD = -1, 1  # days beside the limit


@pytest.fixture
def aged(postgres):
    """Make one row of each kind on either side of its age; gives who takes away."""
    records = SqlRecords(postgres)
    completed(records)
    first = asked()
    records.accept(first, LESSON)
    records.answered(first.request_id, "completed", "", "finalize")
    second = asked()
    records.accept(second, LESSON)
    records.answered(second.request_id, "completed", "", "finalize")
    for name, resolution in (("settled", "harmless"), ("open", "")):
        for age in ("young", "old"):
            letter = DeadLetter("ingest", f"{name}-{age}", "not-json", "d", "", b"", {})
            records.dead_letter(replace(letter, resolution=resolution))
    for age in ("young", "old"):
        attempt = Attempt(f"render/{age}", 1, "render", LESSON)
        records.attempt_ended(attempt, "completed", "")
    set_back(postgres, "content_requests", "created_at", KEPT_DAYS["requests"] + 100)
    set_back(postgres, "content_requests", "finished_at", KEPT_DAYS["requests"] + YOUNG)
    set_back(postgres, "content_requests", "finished_at", 1 + OLD, f"id = '{first.request_id}'")
    for kind, name in (("dead_letters", "settled"), ("open_dead_letters", "open")):
        for age, beside in (("young", YOUNG), ("old", OLD)):
            where = f"message_id = '{name}-{age}'"
            set_back(postgres, "dead_letters", "last_seen", KEPT_DAYS[kind] + beside, where)
    for age, beside in (("young", YOUNG), ("old", OLD)):
        where = f"key = 'render/{age}'"
        set_back(postgres, "attempts", "started_at", KEPT_DAYS["attempts"] + beside, where)
    return SqlUpkeep(postgres), first.request_id


def set_back(postgres, table, column, days, where="true"):
    """Let time pass for some rows."""
    statement = f"update {table} set {column} = {column} - make_interval(days => %s) where {where}"  # noqa: S608
    postgres.alone(lambda sql: sql.run(statement, days))


def names(postgres, statement):
    """List what a statement names."""
    return sorted(str(row[0]) for row in postgres.alone(lambda sql: sql.all(statement)))


def test_what_is_due_goes_and_nothing_else(aged, postgres):
    """A day older than its limit goes, a day younger stays; an open request stays at any age."""
    upkeep, due = aged
    requests = names(postgres, "select id from content_requests")
    retired = upkeep.retire()

    assert {"requests": 1, "attempts": 1, "dead_letters": 1, "open_dead_letters": 1} == retired
    left = names(postgres, "select id from content_requests")
    assert sorted({*requests} - {due}) == left
    letters = names(postgres, "select message_id from dead_letters")
    assert ["open-young", "settled-young"] == letters
    assert ["render/young"] == names(postgres, "select key from attempts")
    assert dict.fromkeys(retired, 0) == upkeep.retire()


def test_a_tick_takes_some_at_a_time(postgres):
    """A year's rows do not hold a tick up."""
    fill = (
        "insert into attempts (key, fence, stage, started_at, ended_at, outcome)"
        " select 'x/' || n, 1, 'render', now() - interval '1 year', now(), 'completed'"
        " from generate_series(1, %s) as n"
    )
    postgres.alone(lambda sql: sql.run(fill, RETIRED_ROWS + 7))
    upkeep = SqlUpkeep(postgres)

    assert [RETIRED_ROWS, 7, 0] == [upkeep.retire()["attempts"] for _ in range(3)]


def test_a_tick_retires_while_a_lesson_is_made(postgres):
    """The lesson comes to its end as if nobody had been there, its old neighbour goes."""
    office = RowsOffice(postgres)
    neighbour = office.has("s-1", "What is the net force on an object?")
    for column in ("created_at", "finished_at"):
        set_back(postgres, "content_requests", column, KEPT_DAYS["requests"] + 1)
    request_id = office.asks("s-2", "Why does a moving object keep moving?")
    office.only("ingest")
    look_around(office)
    office.run()

    assert "completed" == office.status(request_id).run.status
    assert neighbour not in names(postgres, "select id from content_requests")


def look_around(office):
    """Let `repair` look around once."""
    World.tick(office)


def test_the_buckets_lifecycle_is_the_tables():
    """Scenes go when the table says so, and no other bucket takes a lesson's files away."""
    days = {
        file.stem: [
            rule["condition"]["age"]
            for rule in json.loads(file.read_text("utf-8"))["rule"]
            if rule["action"]["type"] == "Delete"
        ]
        for file in (ROOT / "ops/deploy/lifecycle").glob("*.json")
    }

    assert ([KEPT_DAYS["scenes"]], [], []) == (days["scenes"], days["generated"], days["oer"])


def test_firestores_expiry_is_the_tables():
    """Claims bear the moment at which the policy takes them away."""
    infra = (ROOT / "ops/deploy/infra.sh").read_text("utf-8")

    assert "ttls update expires_at" in infra
    assert KEPT_DAYS["claims"] == held.CLAIM_KEPT_DAYS


def test_nothing_goes_before_whoever_needs_it():
    """Open work ends within a day; a late letter finds claims, scenes and its request."""
    budget_days = LESSON_BUDGET_S / DAY_S

    assert budget_days < min(KEPT_DAYS.values())
    assert KEPT_DAYS["dead_letters"] < KEPT_DAYS["claims"] <= KEPT_DAYS["scenes"]
    assert STUDENT_REFUSED_DAYS < KEPT_DAYS["open_dead_letters"] < KEPT_DAYS["requests"]
