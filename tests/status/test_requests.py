"""What the indexes are for, asked of the fake and of PostgreSQL alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Transient
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.status import SqlRequests
from shared.status.rows import Place
from tests.records.given import LESSON, asked, scripted
from tests.status.given import (
    CLASSMATE,
    NOW,
    SCHOOL,
    STUDENT,
    MemoryRequests,
    completed,
    failed,
    seen,
    stored,
)

ENTRIES = (
    seen(1),
    completed(2, lesson_id="b" * 32),
    seen(3, student_id=CLASSMATE, correlation_id="c-1"),
    seen(4, student_id=CLASSMATE, organization_id=""),
    failed(5, "script", lesson_id="c" * 32),
    failed(6, "render", lesson_id="d" * 32),
    failed(7, "render", lesson_id="e" * 32, failed_at=NOW + timedelta(seconds=3)),
)


@pytest.fixture(params=["memory", "postgresql"])
def requests(request):
    """Give the port, with a handful of requests in it."""
    if request.param == "memory":
        return MemoryRequests(ENTRIES)
    postgres = request.getfixturevalue("postgres")
    stored(postgres, *ENTRIES)
    return SqlRequests(request.getfixturevalue("playing")("status_ro"))


def numbers(found):
    """Tell requests by the number that made their ids."""
    return [int(one.request_id[-12:], 16) for one in found]


def test_a_request_is_found_by_its_id(requests):
    """And nothing under another one."""
    found = requests.one(ENTRIES[1].request_id)

    assert ("c-2", "completed", "lessons/" + "a" * 32 + "/film") == (
        found.correlation_id,
        found.status,
        found.files["film"],
    )
    assert requests.one("00000000-0000-4000-8000-000000000000") is None


def test_requests_of_one_sender_are_found_by_its_own_id(requests):
    """Newest first."""
    assert [3, 1] == numbers(requests.correlated("c-1", 10))


@pytest.mark.parametrize(("status", "expected"), [("", [7, 6, 5, 2, 1]), ("accepted", [1])])
def test_a_students_requests(requests, status, expected):
    """All of them, or those of one status."""
    assert expected == numbers(requests.of_student(STUDENT, status, None, 10))


def test_an_organisations_requests(requests):
    """Of all its students, and of nobody else."""
    assert [7, 6, 5, 3, 2, 1] == numbers(requests.of_organization(SCHOOL, "", None, 10))


def test_everybodys_requests_of_one_status(requests):
    """Newest first."""
    assert [4, 3, 1] == numbers(requests.of_all("accepted", None, 10))


def test_the_failures_of_a_stage(requests):
    """The one that failed last comes first."""
    assert [6, 7] == numbers(requests.failures("render", None, 10))


def test_a_page_goes_on_after_a_place(requests):
    """Two requests of the same moment are told apart by their ids."""
    place = Place(ENTRIES[2].created_at, ENTRIES[2].request_id)

    assert [2, 1] == numbers(requests.of_organization(SCHOOL, "", place, 10))
    above = Place(place.at, "ffffffff-ffff-ffff-ffff-ffffffffffff")
    assert [3, 2] == numbers(requests.of_organization(SCHOOL, "", above, 2))


def test_a_page_of_failures_goes_on_after_a_place(requests):
    """By the time of the failure."""
    last = ENTRIES[5]

    assert [7] == numbers(requests.failures("render", Place(last.failed_at, last.request_id), 10))


def test_an_organisations_requests_are_counted_by_status(requests):
    """Those without any count nothing."""
    counted = {status: n for status, n in requests.counts(SCHOOL, 366).items() if n}

    assert {"accepted": 2, "completed": 1, "failed": 3} == counted


def test_the_row_follows_the_lesson(postgres: Postgres):
    """Scenes, times, the first run and the cost, as the stages write them."""
    records = SqlRecords(postgres)
    request = scripted(records)
    with postgres.transaction() as sql:
        sql.run("update scenes set rendered_at = now(), attempt_key = 'k', attempt_fence = 1"
                " where n = 1")  # fmt: skip
        sql.run("insert into attempts (key, fence, stage, lesson_id, started_at)"
                " values ('s', 1, 'script', %s, now() + interval '1 h')", LESSON)  # fmt: skip
        sql.run("insert into costs (attempt_key, attempt_fence, kind, stage, lesson_id, units,"
                " price_version, micros, settled_at) values ('k', 1, 'a', 'script', %s, 1, '1', 30,"
                " now()), ('k', 1, 'b', 'script', %s, 1, '1', 12, now()),"
                " ('k', 1, 'reserved', 'script', %s, 1, '1', 900, null)",
                LESSON, LESSON, LESSON)  # fmt: skip
    found = SqlRequests(postgres).one(request.request_id)

    assert (3, 1, 42, "scripted") == (
        found.scenes,
        found.rendered,
        found.cost_micros,
        found.lesson_status,
    )
    assert found.started_at > found.scripted_at > NOW - timedelta(days=9999)
    assert found.rendered_at is not None


def test_an_unreadable_request_has_no_lesson(postgres: Postgres):
    """Its row is there nevertheless."""
    records = SqlRecords(postgres)
    records.accept(asked(), LESSON)
    with postgres.transaction() as sql:
        sql.run("insert into content_requests (id, correlation_id, status, error_stage,"
                " error_reason, failed_at, finished_at) values"
                " (%s, 'c', 'failed', 'ingest', 'grade_level: must be there', now(), now())",
                ENTRIES[0].request_id)  # fmt: skip
    found = SqlRequests(postgres).one(ENTRIES[0].request_id)

    assert ("", None, "", None) == (
        found.lesson_id,
        found.lesson_status,
        found.student_id,
        found.started_at,
    )


def test_a_database_that_is_away(database_url):
    """Is a transient fault."""
    away = SqlRequests(Postgres("postgresql://nobody@127.0.0.1:1/none"))

    with pytest.raises(Transient):
        away.one(ENTRIES[0].request_id)
    with pytest.raises(Transient):
        away.answers()
