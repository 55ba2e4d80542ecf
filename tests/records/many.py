"""Very many requests, as a busy service would have them after some months.

Stored before the indexes are built, as a migration meets a table that is full.
"""

from __future__ import annotations

from contextlib import closing

from shared.gcp.dial import connect
from shared.migrate import migrate

LESSONS, STUDENTS, ORGANIZATIONS = 1_000, 20_000, 200
BEFORE_INDEXES = 1  # the last migration without them
PATIENCE_S = 300.0
LESSON_ROWS = """
insert into lessons (id, requested_by, question, interest, grade_band, modalities, language,
  status, plan_object, plan_generation, files, scripted_at, finished_at)
select md5(n::text), gen_random_uuid(), 'why', '', '9-12', '{video}', 'en',
  'completed', 'lessons/' || md5(n::text) || '/plan.json', 17,
  (select jsonb_object_agg(f, f) from unnest(files_of('{video}')) as f), now(), now()
from generate_series(1, %s::int) n"""
SCENE_ROWS = """
insert into scenes (lesson_id, n, type, rendered_at, attempt_key, attempt_fence)
select id, n, 'concept', now(), 'k', 1 from lessons, generate_series(1, 8) n"""
# Of a hundred: 90 completed, 5 failed, 2 refused, 2 cancelled, 1 under way.
REQUEST_ROWS = """
insert into content_requests (id, correlation_id, student_id, organization_id, modalities,
  lesson_id, status, error_stage, error_reason, failed_at, finished_at, created_at, updated_at)
select gen_random_uuid(), 'c-' || n, 's-' || mod(abs(hashint4(n)), %s::int),
  case when mod(n, 4) > 0 then 'o-' || mod(abs(hashint4(-n)), %s::int) end, '{video}',
  md5((1 + mod(n, %s::int))::text), kind.status::content_request_status,
  case when kind.status in ('failed', 'refused')
    then (array['ingest', 'script', 'render', 'finalize'])[1 + mod(n / 100, 4)] else '' end,
  case when kind.status in ('failed', 'refused') then 'a reason' else '' end,
  case when kind.status = 'failed' then at end,
  case when kind.status <> 'accepted' then at end, at - interval '1 minute', at
from generate_series(1, %s::int) n
cross join lateral (select mod(n, 100) as part, now() - n * interval '10 seconds' as at) as one
cross join lateral (select case when part < 90 then 'completed' when part < 95 then 'failed'
  when part < 97 then 'refused' when part < 99 then 'cancelled' else 'accepted' end
  as status) as kind"""


def fill(url: str, requests: int) -> None:
    """Migrate an empty database, with so many requests in it before the indexes are built."""
    with closing(connect(url, PATIENCE_S)) as connection:
        migrate(connection, target=BEFORE_INDEXES)
        cursor = connection.cursor()
        # No triggers and foreign keys: rows come there as they are, and in a fraction of the time.
        cursor.execute("set session_replication_role = replica")
        cursor.execute(LESSON_ROWS, (LESSONS,))
        cursor.execute(SCENE_ROWS)
        counts = (STUDENTS, ORGANIZATIONS, LESSONS, requests)
        cursor.execute(REQUEST_ROWS, counts)
        cursor.execute("set session_replication_role = origin")
        migrate(connection)
        cursor.execute("vacuum analyze")
