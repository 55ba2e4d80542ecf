"""Disasters, played: a store is lost or set back, and what the runbook says is done."""

from __future__ import annotations

import pytest

from tests.ops.rows_office import TABLES, RowsOffice
from tests.pipeline.world import World

FIRST, SECOND = "Why does a moving object keep moving?", "What is the net force on an object?"


class Counting:
    """An author who counts what was written."""

    def __init__(self, inner):
        self._inner = inner
        self.name = inner.name
        self.written = 0

    def write(self, *asked):
        """Write a plan, which is what costs."""
        self.written += 1
        return self._inner.write(*asked)


@pytest.fixture
def office(postgres):
    """Give a pipeline with its rows in a database, and an author who counts."""
    made = RowsOffice(postgres)
    made.services = made.services.but(author=Counting(made.services.author))
    return made


def lose_claims(office):
    """Lose every claim, as `gcloud firestore bulk-delete` does."""
    for key in office.services.claims.all:
        office.services.claims.erase(key)


def lose_scenes(office):
    """Lose everything in the scenes bucket."""
    for stored in office.services.objects.list("scenes", ""):
        office.services.objects.erase("scenes", stored.name)


def age(office):
    """Let so much time pass that `repair` looks at what stands still."""
    office.postgres.alone(
        lambda sql: sql.run("update lessons set updated_at = now() - interval '1 hour'")
    )
    office.postgres.alone(
        lambda sql: sql.run("update scenes set rendered_at = now() - interval '1 hour'"
                            " where rendered_at is not null")
    )  # fmt: skip


def backup(office):
    """Remember every row."""
    with office.postgres.transaction() as sql:
        names = [row[0] for row in sql.all(TABLES)]
        for name in names:
            sql.run(f"create table kept_{name} as table {name}")
    return names


def restore(office, names):
    """Set every table back to what was remembered."""
    with office.postgres.transaction() as sql:
        sql.run("set local session_replication_role = replica")
        for name in names:
            sql.run(f"delete from {name}")  # noqa: S608
            sql.run(f"insert into {name} overriding system value table kept_{name}")


def test_firestore_lost_while_lessons_are_made(office):
    """Every request has its answer, and no plan is written twice."""
    requests = [office.asks("s-1", FIRST), office.asks("s-2", SECOND)]
    office.only("ingest")
    delivered = list(office.waiting)
    office.only("script")
    lose_claims(office)
    office.waiting.extend(delivered)  # what was under way comes again
    office.run()

    assert ["completed"] * 2 == [office.status(one).run.status for one in requests]
    assert 2 == office.services.author.written


def test_the_database_set_back_to_an_earlier_moment(office):
    """Without claims, and with the requests of the gap sent again, everybody has their answer."""
    before = office.asks("s-1", FIRST)
    office.only("ingest")
    names = backup(office)
    lost, message = office.body("s-2", SECOND)
    office.send(message)
    office.run()
    written = office.services.author.written

    restore(office, names)
    lose_claims(office)
    office.send(message)  # as seeking the subscription does
    age(office)
    World.tick(office)
    office.run()

    assert ["completed"] * 2 == [office.status(one).run.status for one in (before, lost)]
    assert written == office.services.author.written


def test_the_scenes_bucket_lost_while_a_lesson_is_made(office):
    """Without claims its scenes are asked for again, and rendered."""
    request_id = office.asks("s-1", FIRST, "audio")
    for name in ("ingest", "script", "render"):
        office.only(name)
    office.waiting.clear()
    lose_scenes(office)
    lose_claims(office)
    age(office)
    World.tick(office)
    office.run()

    assert ("completed", 1) == (
        office.status(request_id).run.status,
        office.services.author.written,
    )
