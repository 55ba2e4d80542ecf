"""The port Letters on PostgreSQL."""

from __future__ import annotations

from shared.errors import Missing
from shared.gcp.postgres import Postgres, Row, Transaction
from shared.ops.letters import Action, Chosen, Letter, LetterRow, no_single_letter

# A letter of `ingest` names its request at least by its claim: ingest/<request id>.
COLUMNS = (
    "select d.stage, d.message_id, d.reason, d.count, d.first_seen, d.last_seen, now(),"
    " coalesce(asked.id::text, ''), coalesce(d.lesson_id, r.lesson_id, ''),"
    " coalesce(d.resolution, '')"
)
LINKS = (
    " cross join lateral (select coalesce(d.request_id,"
    "  case when d.claim_key ~ '^ingest/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
    "   then substr(d.claim_key, 8)::uuid end) as id) as asked"
    " left join content_requests r on r.id = asked.id"
)
# From stage to stage along the index: a topic that is no function's may have letters as well.
STAGES = (
    "with recursive every as ((select min(stage) as stage from dead_letters)"
    "  union all select (select min(stage) from dead_letters where stage > every.stage)"
    "  from every where every.stage is not null),"
    " chosen as (select stage from every where %s::text[] = '{}' or stage = any(%s::text[])) "
)
# A branch per stage reads `limit` entries of the index; over all stages it would sort.
PER_STAGE = " from chosen as s cross join lateral (select * from dead_letters where stage = s.stage"
FILTERS = (
    " and (%s = '' or reason = %s)"
    " and (%s::float8 is null or last_seen <= now() - make_interval(secs => %s::float8))"
    " and (%s::float8 is null or last_seen >= now() - make_interval(secs => %s::float8))"
    " order by last_seen desc limit %s) as d"
)
NEWEST_FIRST = " order by d.last_seen desc, d.stage, d.message_id limit %s"
OPEN = STAGES + COLUMNS + PER_STAGE + " and resolution is null" + FILTERS + LINKS + NEWEST_FIRST
ALL = STAGES + COLUMNS + PER_STAGE + FILTERS + LINKS + NEWEST_FIRST
MORE = (
    ", d.detail, d.field, d.body, d.attributes, coalesce(d.claim_key, ''),"
    " coalesce(d.claim::text, ''), d.note, d.resolved_at, coalesce(r.status::text, ''),"
    " coalesce(l.status::text, '') from dead_letters as d"
)
LESSON = " left join lessons l on l.id = coalesce(d.lesson_id, r.lesson_id)"
WHOLE = COLUMNS + MORE + LINKS + LESSON + " where d.stage = %s and d.message_id = %s"


class SqlLetters:
    """Dead letters in PostgreSQL."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def list(self, chosen: Chosen) -> tuple[LetterRow, ...]:
        """List letters, the one that was seen last first."""
        statement = ALL if chosen.settled else OPEN
        rows = self._postgres.retried(lambda sql: sql.all(statement, *values_of(chosen)))
        return tuple(LetterRow(*row) for row in rows)

    def find(self, named: str) -> Letter:
        """Read one letter, named by stage/message-id or the beginning of it."""
        return self._postgres.retried(lambda sql: _letter(sql, *_found(sql, named)))

    def noted(self, row: LetterRow, action: Action) -> None:
        """Journal what is about to be done, which settles nothing."""
        self._postgres.retried(
            lambda sql: sql.run(
                "insert into dead_letter_actions"
                " (stage, message_id, action, operator, outcome, note, at)"
                " select %s, %s, %s, %s, %s, %s, %s::timestamptz"
                " where not exists (select from dead_letter_actions as known"
                "  where (known.stage, known.message_id) = (%s, %s)"
                "  and known.operator = %s and known.at = %s::timestamptz)",
                *(row.stage, row.message_id, action.action),
                *(action.operator, action.outcome, action.note, action.at),
                *(row.stage, row.message_id, action.operator, action.at),
            )
        )

    def replayed(self, row: LetterRow, action: Action) -> None:
        """Settle a letter as sent again, and journal it."""
        self._postgres.retried(
            lambda sql: sql.run(
                "with moved as ("
                " update dead_letters set resolution = 'replayed', resolved_at = now()"
                " where stage = %s and message_id = %s returning stage, message_id)"
                " insert into dead_letter_actions"
                " (stage, message_id, action, operator, outcome, note, at)"
                " select stage, message_id, 'replay', %s, %s, %s, %s::timestamptz from moved"
                " where not exists (select from dead_letter_actions as known"
                "  where (known.stage, known.message_id) = (moved.stage, moved.message_id)"
                "  and known.operator = %s and known.at = %s::timestamptz)",
                *(row.stage, row.message_id),
                *(action.operator, action.outcome, action.note, action.at),
                *(action.operator, action.at),
            )
        )

    def discarded(self, row: LetterRow, action: Action) -> bool:
        """Settle an open letter for good, and journal it; False when it was settled before."""
        found = self._postgres.retried(
            lambda sql: sql.one(
                "with moved as ("
                " update dead_letters set resolution = 'discarded', resolved_at = now(), note = %s"
                " where stage = %s and message_id = %s and resolution is null"
                " returning stage, message_id),"
                " noted as (insert into dead_letter_actions"
                " (stage, message_id, action, operator, outcome, note, at)"
                " select stage, message_id, 'discard', %s, %s, %s, %s::timestamptz from moved)"
                # The second branch: this very action was committed, its answer got lost.
                " select 1 from moved union all select 1 from dead_letter_actions as known"
                " where known.stage = %s and known.message_id = %s"
                " and known.operator = %s and known.at = %s::timestamptz",
                *(action.note, row.stage, row.message_id),
                *(action.operator, action.outcome, action.note, action.at),
                *(row.stage, row.message_id, action.operator, action.at),
            )
        )
        return found is not None


def values_of(chosen: Chosen) -> tuple[object, ...]:
    """Give the parameters of `OPEN` and `ALL`."""
    return (
        *(list(chosen.stages), list(chosen.stages)),
        *(chosen.reason, chosen.reason),
        *(chosen.older_s, chosen.older_s),
        *(chosen.newer_s, chosen.newer_s),
        *(chosen.limit, chosen.limit),
    )


def _found(sql: Transaction, named: str) -> tuple[str, str]:
    """Find the one letter that is called so; a whole id wins over the beginning of others."""
    rows = sql.all(
        "select stage, message_id, %s in (message_id, stage || '/' || message_id) as whole"
        " from dead_letters where %s <> '' and (starts_with(message_id, %s)"
        "  or starts_with(stage || '/' || message_id, %s) and length(%s) > length(stage) + 1)"
        " order by whole desc limit 2",
        *(named,) * 5,
    )
    whole = [row for row in rows if row[2]]
    fitting = whole or rows
    if len(fitting) != 1:
        raise Missing(no_single_letter(named, several=bool(fitting)))
    return fitting[0][0], fitting[0][1]


def _letter(sql: Transaction, *named: str) -> Letter:
    row = sql.one(WHOLE, *named)
    if row is None:
        raise Missing("no such dead letter")
    detail, field, body, *rest = row[10:]
    more: Row = (detail, field, bytes(body), *rest, _actions(sql, *named))
    return Letter(LetterRow(*row[:10]), *more)


def _actions(sql: Transaction, *named: str) -> tuple[Action, ...]:
    rows = sql.all(
        "select at, action, operator, outcome, note from dead_letter_actions"
        " where stage = %s and message_id = %s order by id",
        *named,
    )
    return tuple(Action(*row) for row in rows)
