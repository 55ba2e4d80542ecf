"""The port Upkeep on PostgreSQL: what stands still, found over partial indexes.

All times are the database's.  Predicates of partial indexes are repeated as literals.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.gcp.postgres import Postgres
from shared.limits import (
    ANSWER_QUIET_S,
    KEPT_DAYS,
    LESSON_BUDGET_S,
    NUDGE_AGAIN_S,
    QUIET_S,
    RETIRED_ROWS,
    SWEEP_ROWS,
)
from shared.repair.standstill import Stalled, Standing, Unanswered

# Each leaves open work alone by its own condition, and a row that somebody works on to the next
# tick.  Moves, inquiries and journals go with what they belong to.
RETIRED = {
    "requests": "delete from content_requests where id = any(array(select id from"
    " (select %s::int as days) as kept, content_requests"
    " where status in ('completed', 'refused', 'failed', 'cancelled')"
    " and created_at < now() - make_interval(days => kept.days)"
    " and finished_at < now() - make_interval(days => kept.days)"
    " limit %s for update of content_requests skip locked))",
    "attempts": "delete from attempts where (key, fence) in (select key, fence from attempts"
    " where started_at < now() - make_interval(days => %s) limit %s for update skip locked)",
    "dead_letters": "delete from dead_letters where (stage, message_id) in (select stage,"
    " message_id from dead_letters where resolution is not null"
    " and last_seen < now() - make_interval(days => %s) limit %s for update skip locked)",
    "open_dead_letters": "delete from dead_letters where (stage, message_id) in (select stage,"
    " message_id from dead_letters where resolution is null"
    " and last_seen < now() - make_interval(days => %s) limit %s for update skip locked)",
}


class SqlUpkeep:
    """The sweep's questions; `time_scale` shortens its patience, 1 in production."""

    def __init__(self, postgres: Postgres, time_scale: float = 1) -> None:
        self._postgres = postgres
        self._scale = time_scale

    def stalled(self) -> tuple[Stalled, ...]:
        """List open lessons that have not moved, and mark them as nudged; commit."""
        quiet_s = QUIET_S * self._scale
        # Who was never nudged comes first, then whose nudge is the longest ago: a hundred lessons
        # that no nudge can help must not keep the others waiting.
        rows = self._postgres.retried(
            lambda sql: sql.all(
                "with still as ("
                " select id from lessons where status in ('requested', 'scripted')"
                "  and updated_at < now() - make_interval(secs => %s)"
                "  and (nudged_at is null or nudged_at < now() - make_interval(secs => %s))"
                "  and not exists (select from scenes where lesson_id = lessons.id"
                "   and rendered_at >= now() - make_interval(secs => %s))"
                " order by nudged_at nulls first, updated_at limit %s for update skip locked),"
                " nudged as (update lessons set nudged_at = now() from still"
                "  where lessons.id = still.id returning lessons.*)"
                " select nudged.id, nudged_at, coalesce(plan_generation, 0),"
                "  array(select n::int from scenes where lesson_id = nudged.id order by n),"
                "  coalesce(r.correlation_id, '')"
                " from nudged left join content_requests r on r.id = requested_by"
                " order by nudged.updated_at",
                *(quiet_s, NUDGE_AGAIN_S * self._scale, quiet_s, SWEEP_ROWS),
            )
        )
        return tuple(
            Stalled(lesson_id, nudged_at, generation, tuple(scenes), correlation_id)
            for lesson_id, nudged_at, generation, scenes, correlation_id in rows
        )

    def unanswered(self) -> tuple[Unanswered, ...]:
        """List requests that still wait although their lesson has ended, longest wait first."""
        quiet_s = ANSWER_QUIET_S * self._scale
        rows = self._postgres.retried(
            lambda sql: sql.all(
                "select r.id::text, r.correlation_id, r.lesson_id from content_requests r"
                " join lessons l on l.id = r.lesson_id where r.status"
                "  not in ('completed', 'refused', 'failed', 'cancelled', 'needs_input')"
                " and l.status in ('completed', 'refused', 'failed', 'abandoned')"
                " and r.updated_at < now() - make_interval(secs => %s)"
                " and l.finished_at < now() - make_interval(secs => %s)"
                " order by r.updated_at limit %s",
                *(quiet_s, quiet_s, SWEEP_ROWS),
            )
        )
        return tuple(Unanswered(*row) for row in rows)

    def overdue(self) -> tuple[str, ...]:
        """List lessons that are open for longer than any may be."""
        return self._column(
            "select id from lessons where status in ('requested', 'scripted')"
            " and requested_at < now() - make_interval(secs => %s) order by requested_at limit %s",
            float(LESSON_BUDGET_S),
            SWEEP_ROWS,
        )

    def abandoned(self) -> tuple[str, ...]:
        """List abandoned lessons that `marked` was not told of."""
        return self._column(
            "select id from lessons where status = 'abandoned'"
            " and (nudged_at is null or nudged_at < finished_at) order by finished_at limit %s",
            SWEEP_ROWS,
        )

    def marked(self, lesson_id: str) -> None:
        """Note that an abandoned lesson has its mark."""
        self._postgres.retried(
            lambda sql: sql.run(
                "update lessons set nudged_at = now() where id = %s and status = 'abandoned'",
                lesson_id,
            )
        )

    def archives(self) -> frozenset[str]:
        """Give the digests of all books' archives that were ever indexed."""
        return frozenset(self._column("select sha256 from oer_sources"))

    def standing(self) -> Standing:
        """Count what is open; each part has its index."""
        (row,) = self._postgres.retried(
            lambda sql: sql.all(
                "select r.n, r.oldest_s, d.n, c.micros from"
                " (select count(*) as n,"
                "   coalesce(extract(epoch from now() - min(updated_at)), 0)::float8 as oldest_s"
                "   from content_requests where status = 'accepted') as r,"
                " (select count(*) as n from dead_letters where resolution is null) as d,"
                " (select coalesce(sum(micros), 0)::bigint as micros from costs where spent_at >="
                "   date_trunc('day', now() at time zone 'UTC') at time zone 'UTC') as c"
            )
        )
        return Standing(*row)

    def recorded(self, stage: str, message_id: str) -> bool:
        """Tell whether a dead letter has its row."""
        return bool(
            self._column(
                "select message_id from dead_letters where stage = %s and message_id = %s",
                stage,
                message_id,
            )
        )

    def period(self) -> str:
        """Name the present stretch of so long as a lesson may be quiet."""
        (name,) = self._column(
            "select to_char(to_timestamp(floor(extract(epoch from now()) / p.s) * p.s)"
            " at time zone 'UTC', 'YYYYMMDD\"T\"HH24MISS') from (select %s::float8 as s) as p",
            QUIET_S * self._scale,
        )
        return name

    def retire(self) -> Mapping[str, int]:
        """Take away what is kept no longer, some of each kind; gives how many rows of which."""
        return {kind: self._taken_away(kind) for kind in RETIRED}

    def _taken_away(self, kind: str) -> int:
        values = (KEPT_DAYS[kind], RETIRED_ROWS)
        return self._postgres.alone(lambda sql: sql.run(RETIRED[kind], *values))

    def _column(self, statement: str, *values: object) -> tuple[str, ...]:
        rows = self._postgres.retried(lambda sql: sql.all(statement, *values))
        return tuple(str(row[0]) for row in rows)
