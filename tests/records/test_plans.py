"""The queries that the compound indexes are for, planned on thirty thousand requests."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from shared.gcp.postgres import Postgres
from tests.conftest import copy_of

FILL = """
insert into content_requests (id, correlation_id, student_id, organization_id, status,
  error_stage, error_reason, failed_at, finished_at, created_at, updated_at, lesson_id)
select gen_random_uuid(), 'c' || n, 's' || n % 600, case when n % 3 = 0 then 'o' || n % 30 end,
  case when n % 50 = 0 then 'failed' else 'accepted' end::content_request_status,
  'render', 'a reason', case when n % 50 = 0 then now() - n * interval '1 minute' end,
  case when n % 50 = 0 then now() end, now() - n * interval '1 minute', now(), repeat('a', 32)
from generate_series(1, 30000) n"""
FINISH = """
update content_requests set status = 'cancelled', finished_at = now()
where status = 'accepted' and substr(correlation_id, 2)::int % 40 <> 1"""

QUERIES = {
    "idx_content_requests_correlation_status": (
        "select correlation_id, status from content_requests where correlation_id = 'c77'"
    ),
    "idx_content_requests_student_status_created": (
        "select * from content_requests where student_id = 's7' and status = 'cancelled'"
        " order by created_at desc limit 20"
    ),
    "idx_content_requests_status_created": (
        "select * from content_requests where status = 'accepted' order by created_at desc limit 50"
    ),
    "idx_content_requests_org_status_created": (
        "select count(*) from content_requests where organization_id = 'o3'"
        " and status = 'cancelled' and created_at > now() - interval '2 days'"
    ),
    "idx_content_requests_failed_debugging": (
        "select * from content_requests where status = 'failed' and error_stage = 'render'"
        " order by failed_at desc limit 50"
    ),
    "idx_content_requests_open": (
        "select * from content_requests where status not in"
        " ('completed', 'refused', 'failed', 'cancelled', 'needs_input')"
        " order by updated_at limit 100"
    ),
}


@pytest.fixture(scope="module")
def filled(postgres_server: str, template_database: str) -> Iterator[Postgres]:
    """Give a database with many requests in it."""
    with copy_of(postgres_server, template_database) as url:
        postgres = Postgres(url)
        with postgres.transaction() as sql:
            sql.run(
                "insert into lessons (id, requested_by, question, interest, grade_band,"
                " modalities, language)"
                " values (repeat('a', 32), gen_random_uuid(), 'why', '', '1-2', '{text}', 'en')"
            )
            sql.run(FILL)
            sql.run(FINISH)
        with postgres.transaction() as sql:
            sql.run("analyze content_requests")
        yield postgres
        postgres.close()


@pytest.mark.parametrize("index", sorted(QUERIES))
def test_query_is_served_by_its_index(filled: Postgres, index: str) -> None:
    """The plan reads the index named for the query, in order: nothing is sorted."""
    with filled.transaction() as sql:
        row = sql.one(f"explain (format json) {QUERIES[index]}")

    assert row is not None
    plan = json.dumps(row[0])
    assert f'"Index Name": "{index}"' in plan
    assert '"Node Type": "Sort"' not in plan
