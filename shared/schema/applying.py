"""Apply one migration so that it is there with its row in the ledger, or not at all.

Outside of a transaction nothing can promise that.  There each statement can be repeated: what an
interrupted build left is dropped and built again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.errors import Permanent, Transient
from shared.migrations import Migration, built_by
from shared.schema import ledger
from shared.schema.manner import Manner

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

IN_USE = ("55P03", "40P01")  # the table's lock did not become free; a deadlock
LONGEST_PAUSE_S = 10.0
# A concurrent build makes nobody wait, but waits for every transaction that began before it.
CONCURRENTLY, BUILD_LOCK = "concurrently", "10min"
INVALID = """
select c.relname from pg_index x join pg_class c on c.oid = x.indexrelid
where not x.indisvalid and c.relnamespace = current_schema()::regnamespace order by 1"""
OLDEST = """
select pid, usename, coalesce(state, '?'), to_char(xact_start at time zone 'utc', 'HH24:MI:SS')
from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
  and backend_type = 'client backend' and xact_start is not null order by xact_start limit 1"""


def apply(connection: Connection, migration: Migration, manner: Manner) -> None:
    """Apply it and note it; raises Permanent, saying what to do, and Transient."""
    started = time.monotonic()
    with _explained(connection, migration):
        if migration.outside:
            for statement in migration.statements:
                run(connection, statement, manner)
            ledger.note(connection, migration, time.monotonic() - started)
            return
        for earlier in range(manner.lock_tries):
            if _went_through(connection, migration, manner, started):
                return
            pause = min(2.0**earlier, LONGEST_PAUSE_S)
            manner.say(f"{migration}: the table is in use; {_oldest(connection)}; trying again")
            manner.pause(pause)
    raise Permanent(
        f"{migration}: the table was in use each of {manner.lock_tries} times;"
        f" {_oldest(connection)}; nothing was changed, run again when that has ended"
    )


def invalid(connection: Connection) -> tuple[str, ...]:
    """Name the indexes that the server does not use, because their build did not end."""
    cursor = connection.cursor()
    cursor.execute(INVALID)
    return tuple(name for (name,) in cursor.fetchall())


def run(connection: Connection, statement: str, manner: Manner) -> None:
    """Run a statement outside of a transaction; what it builds and is invalid is built anew."""
    cursor = connection.cursor()
    name = built_by(statement)
    with (
        _patient(connection, statement),
        manner.watch(name or statement[:40], _process(connection)),
    ):
        if name in invalid(connection):
            # `if not exists` would take it for done.
            manner.say(f"{name} was left invalid by a build that did not end; building it anew")
            cursor.execute(f"drop index concurrently if exists {name}")
        cursor.execute(statement)


def rebuild(connection: Connection, migrations: Iterable[Migration], manner: Manner) -> None:
    """Build anew what is invalid of migrations that are applied."""
    names = set(invalid(connection))
    for migration in migrations:
        for name in names & migration.builds.keys():
            with _explained(connection, migration):
                run(connection, migration.builds[name], manner)


@contextmanager
def _patient(connection: Connection, statement: str) -> Iterator[None]:
    """Let a concurrent statement wait longer than the others may."""
    cursor = connection.cursor()
    cursor.execute("show lock_timeout")
    (before,) = cursor.fetchone()
    if CONCURRENTLY in statement.lower():
        cursor.execute(f"set lock_timeout = '{BUILD_LOCK}'")
    yield
    cursor.execute(f"set lock_timeout = '{before}'")


@contextmanager
def _explained(connection: Connection, migration: Migration) -> Iterator[None]:
    from pg8000 import dbapi  # noqa: PLC0415 - reading the folder needs no driver

    try:
        yield
    except dbapi.DatabaseError as error:
        connection.cursor().execute("rollback")
        raise Permanent(_reason(connection, migration, error.args[0])) from error
    except (dbapi.Error, OSError) as error:
        raise Transient(
            f"{migration}: the connection broke ({type(error).__name__}); run again,"
            " it goes on with this one"
        ) from error


def _reason(connection: Connection, migration: Migration, answer: Mapping[str, str]) -> str:
    """Say what the server said, and clear away an index that would keep others from writing."""
    said = f"{migration}: {answer['M']} ({answer['C']})"
    if answer["C"] in IN_USE:
        return f"{said}; {_oldest(connection)}; run again when that has ended"
    if answer["C"].startswith("23"):
        for name in set(invalid(connection)) & migration.builds.keys():
            connection.cursor().execute(f"drop index concurrently if exists {name}")
    return said


def _went_through(
    connection: Connection, migration: Migration, manner: Manner, started: float
) -> bool:
    """Apply it in a transaction; False when a table was in use, and nothing has changed."""
    from pg8000 import dbapi  # noqa: PLC0415 - reading the folder needs no driver

    cursor = connection.cursor()
    try:
        with manner.watch(str(migration), _process(connection)):
            cursor.execute("begin")
            cursor.execute(migration.sql)
            ledger.note(connection, migration, time.monotonic() - started)
            cursor.execute("commit")
    except dbapi.DatabaseError as error:
        if error.args[0].get("C") not in IN_USE:
            raise
        cursor.execute("rollback")
        return False
    return True


def _process(connection: Connection) -> int:
    cursor = connection.cursor()
    cursor.execute("select pg_backend_pid()")
    (process,) = cursor.fetchone()
    return int(process)


def _oldest(connection: Connection) -> str:
    cursor = connection.cursor()
    cursor.execute(OLDEST)
    found = cursor.fetchone()
    if found is None:
        return "no other transaction is open any more"
    process, user, state, since = found
    return (
        f"the oldest open transaction is that of process {process}, {user}, {state},"
        f" since {since} UTC"
    )
