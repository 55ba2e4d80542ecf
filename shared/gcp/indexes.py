"""The port Indexes on PostgreSQL."""

from __future__ import annotations

from shared.gcp.postgres import Postgres, Row
from shared.ops.indexes import Index

ALL = (
    "select i.relname, t.relname,"
    " array(select pg_get_indexdef(x.indexrelid, n, true)"
    "  || case x.indoption[n - 1] & 1 when 1 then ' desc' else '' end"
    "  from generate_series(1, x.indnkeyatts) as n),"
    " array(select x.indclass[n - 1]::text from generate_series(1, x.indnkeyatts) as n),"
    " m.amname, coalesce(pg_get_expr(x.indpred, x.indrelid), ''),"
    " x.indisunique, x.indisvalid, pg_relation_size(i.oid),"
    " coalesce(s.idx_scan, 0), coalesce(s.idx_tup_read, 0)"
    " from pg_index x join pg_class i on i.oid = x.indexrelid"
    " join pg_class t on t.oid = x.indrelid join pg_am m on m.oid = i.relam"
    " left join pg_stat_user_indexes s on s.indexrelid = x.indexrelid"
    " where t.relnamespace = current_schema()::regnamespace order by t.relname, i.relname"
)


class SqlIndexes:
    """Indexes of the current schema."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def all(self) -> tuple[Index, ...]:
        """List them by table and name."""
        return tuple(map(_read, self._postgres.alone(lambda sql: sql.all(ALL))))


def _read(row: Row) -> Index:
    name, table, columns, classes, *rest = row
    keys = tuple(f"{column} {kind}" for column, kind in zip(columns, classes, strict=True))
    return Index(name, table, ", ".join(columns), keys, *rest)
