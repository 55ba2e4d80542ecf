"""What an operator wants to know of a database before any function uses it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.errors import Permanent, PipelineError
from shared.gcp.dial import connect, hang_up
from shared.migrate import pending
from shared.migrations import read

PATIENCE_S = 5.0
INVALID = "select indexrelid::regclass::text from pg_index where not indisvalid"


@dataclass(frozen=True, slots=True)
class Schema:
    """Its clock, what is to be migrated or contradicts, and indexes that nobody reads."""

    now: datetime
    pending: tuple[str, ...]
    contradiction: str
    invalid: tuple[str, ...]


def schema(url: str) -> Schema:
    """Look at the database that a URL names; raises Transient, and ValueError for its form."""
    connection = connect(url, PATIENCE_S)
    try:
        cursor = connection.cursor()
        cursor.execute("select clock_timestamp()")
        now = cursor.fetchone()[0]
        cursor.execute(INVALID)
        invalid = tuple(name for (name,) in cursor.fetchall())
        todo: tuple[str, ...] = ()
        contradiction = ""
        try:
            todo = tuple(str(one) for one in pending(connection, read()))
        except Permanent as told:
            contradiction = str(told)
        return Schema(now, todo, contradiction, invalid)
    finally:
        with suppress(PipelineError):
            hang_up(connection)
