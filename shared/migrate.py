"""Bring a database's schema up to date.  Numbered SQL files -> tables, each file applied once.

Forward only.  A ledger remembers each file with its SHA-256: a file that changed after it was
applied stops the run.  Any number of runners may start at once, all succeed.

    python -m shared.migrate [--status | --dry-run] [--target N]
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shared import config
from shared.errors import Permanent, PipelineError
from shared.gcp.dial import connect, hang_up
from shared.migrations import FOLDER, Migration, read

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

LAST = 9999
LOCK = 0x76697669  # any number that only this runner uses
POLL_S = 0.05
LOCK_WAIT_S = 600
STATEMENT_S = 600

LEDGER = """
create table if not exists migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  seconds real not null
)"""


def pending(connection: Connection, migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """List what the ledger does not have; raises Permanent when the two contradict each other."""
    cursor = connection.cursor()
    cursor.execute("select to_regclass('migrations')::text")
    if cursor.fetchone()[0] is None:
        return tuple(migrations)
    cursor.execute("select number, sha256 from migrations")
    applied = dict(cursor.fetchall())
    for migration in migrations:
        if applied.get(migration.number, migration.sha256) != migration.sha256:
            raise Permanent(
                f"{migration} changed after it was applied; restore its text and write a new file"
            )
    unknown = sorted(applied.keys() - {migration.number for migration in migrations})
    if unknown:
        raise Permanent(f"the database has migrations that this folder lacks: {unknown}")
    return tuple(one for one in migrations if one.number not in applied)


def migrate(
    connection: Connection,
    folder: Path = FOLDER,
    target: int = LAST,
) -> tuple[Migration, ...]:
    """Apply what is pending, up to `target`; gives what this run applied.

    The connection is in autocommit, as `shared.gcp.dial.connect` opens it.
    """
    migrations = read(folder)
    with _alone(connection):
        connection.cursor().execute(LEDGER)
        todo = [one for one in pending(connection, migrations) if one.number <= target]
        for migration in todo:
            _apply(connection, migration)
    return tuple(todo)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the runners' lock.

    Polls: whoever waits inside `pg_advisory_lock` holds a snapshot that `create index
    concurrently` of the lock's owner waits for in turn.
    """
    cursor = connection.cursor()
    for _ in range(int(LOCK_WAIT_S / POLL_S)):
        cursor.execute("select pg_try_advisory_lock(%s)", (LOCK,))
        if cursor.fetchone()[0]:
            break
        time.sleep(POLL_S)
    else:
        raise Permanent(f"another migration has been running for {LOCK_WAIT_S} s")
    try:
        yield
    finally:
        cursor.execute("select pg_advisory_unlock(%s)", (LOCK,))


def _apply(connection: Connection, migration: Migration) -> None:
    from pg8000 import dbapi  # noqa: PLC0415 - reading the folder needs no driver

    started = time.monotonic()
    cursor = connection.cursor()
    try:
        if migration.outside:
            _run_outside(connection, migration)
        cursor.execute("begin")
        if not migration.outside:
            cursor.execute(migration.sql)
        cursor.execute(
            "insert into migrations (number, name, sha256, seconds) values (%s, %s, %s, %s)",
            (migration.number, migration.name, migration.sha256, time.monotonic() - started),
        )
        cursor.execute("commit")
    except dbapi.DatabaseError as error:
        cursor.execute("rollback")
        raise Permanent(f"{migration}: {error.args[0]['M']} ({error.args[0]['C']})") from error


def _run_outside(connection: Connection, migration: Migration) -> None:
    _drop_invalid_indexes(connection, migration)
    for statement in re.split(r";[ \t]*$", migration.sql, flags=re.MULTILINE):
        if re.sub(r"--.*", "", statement).strip():
            connection.cursor().execute(statement)
    if _drop_invalid_indexes(connection, migration):
        raise Permanent(f"{migration}: an index came out invalid; run again")


def _drop_invalid_indexes(connection: Connection, migration: Migration) -> list[str]:
    """Drop what an interrupted build left behind: `if not exists` would take it for done."""
    cursor = connection.cursor()
    cursor.execute("select indexrelid::regclass::text from pg_index where not indisvalid")
    invalid = [name for (name,) in cursor.fetchall() if name in migration.sql]
    for name in invalid:
        cursor.execute(f"drop index concurrently if exists {name}")
    return invalid


def _report(connection: Connection, chosen: argparse.Namespace) -> list[str]:
    """Do what the command line asks for; gives the lines to print."""
    migrations = read()
    if chosen.status or chosen.dry_run:
        todo = pending(connection, migrations)
        if chosen.dry_run:
            return [f"would apply {one}" for one in todo if one.number <= chosen.target]
        return [f"{'pending' if one in todo else 'applied'} {one}" for one in migrations]
    return [f"applied {one}" for one in migrate(connection, target=chosen.target)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m shared.migrate", description=__doc__)
    parser.add_argument("--status", action="store_true", help="say what is applied and stop")
    parser.add_argument("--dry-run", action="store_true", help="say what would run and stop")
    parser.add_argument("--target", type=int, default=LAST, help="the last number to apply")
    chosen = parser.parse_args(arguments)
    try:
        connection = connect(config.read().database_url, STATEMENT_S)
        try:
            lines = _report(connection, chosen)
        finally:
            hang_up(connection)
    except (PipelineError, config.BadSettings, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
