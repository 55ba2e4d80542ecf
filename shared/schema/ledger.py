"""What a database says was applied to it, held against the files of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shared.errors import Permanent
from shared.migrations import Migration

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

TABLE = """
create table if not exists migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  seconds real not null
)"""
State = Literal["applied", "pending", "changed", "late", "unknown"]


@dataclass(frozen=True, slots=True)
class Step:
    """A migration as file, as row of the ledger, or as both.

    `late` is pending although a later one is applied; `unknown` is a row without a file.
    `applied_at` is ISO 8601 in UTC, empty when the ledger has no such row.
    """

    number: int
    name: str
    state: State
    applied_at: str = ""
    seconds: float = 0.0
    applied_as: str = ""  # the name in the ledger

    def __str__(self) -> str:
        return f"{self.number:04d}_{self.name}"


def steps(connection: Connection, migrations: Sequence[Migration]) -> tuple[Step, ...]:
    """Hold ledger and files against each other, in the order of the numbers."""
    rows = {row[0]: row for row in _rows(connection)}
    known = {one.number for one in migrations}
    applied = max(rows.keys() & known, default=0)
    found = [_step(one, rows.get(one.number), applied) for one in migrations]
    found += [
        Step(number, name, "unknown", at, seconds, name)
        for number, name, _, at, seconds in rows.values()
        if number not in known
    ]
    return tuple(sorted(found, key=lambda step: step.number))


def refused(found: Sequence[Step]) -> str:
    """Say why nothing may be applied and what to do, or nothing."""
    return " ".join(_reasons(found))


def pending(connection: Connection, migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """List what the ledger does not have; raises Permanent when the two contradict each other."""
    found = steps(connection, migrations)
    reason = refused(found)
    if reason:
        raise Permanent(reason)
    todo = {step.number for step in found if step.state == "pending"}
    return tuple(one for one in migrations if one.number in todo)


def note(connection: Connection, migration: Migration, seconds: float) -> None:
    """Write down that a migration is applied."""
    connection.cursor().execute(
        "insert into migrations (number, name, sha256, seconds) values (%s, %s, %s, %s)",
        (migration.number, migration.name, migration.sha256, seconds),
    )


def _rows(connection: Connection) -> Iterator[tuple[int, str, str, str, float]]:
    cursor = connection.cursor()
    cursor.execute("select to_regclass('migrations')::text")
    if cursor.fetchone()[0] is None:
        return
    cursor.execute(
        "select number, name, sha256,"
        " to_char(applied_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), seconds"
        " from migrations"
    )
    yield from cursor.fetchall()


def _step(one: Migration, row: tuple[int, str, str, str, float] | None, applied: int) -> Step:
    if row is None:
        return Step(one.number, one.name, "late" if one.number < applied else "pending")
    _, name, sha256, at, seconds = row
    state: State = "applied" if sha256 == one.sha256 else "changed"
    return Step(one.number, one.name, state, at, seconds, name)


def _reasons(found: Sequence[Step]) -> Iterator[str]:
    last = max((step.number for step in found if step.state != "unknown"), default=0)
    newer = [str(step) for step in found if step.state == "unknown" and step.number > last]
    lacking = [str(step) for step in found if step.state == "unknown" and step.number < last]
    for step in found:
        if step.state == "changed" and step.applied_as == step.name:
            yield f"{step} changed after it was applied: restore its text and write a new file."
        if step.state == "changed" and step.applied_as != step.name:
            yield (
                f"The database has {step.number:04d}_{step.applied_as} where this folder has"
                f" {step}: two branches took one number; give the file the next free one."
            )
        if step.state == "late":
            yield (
                f"{step} is not applied although a later one is: give the file the next free"
                " number, so that every database gets it in the same order. (On a laptop, --fresh"
                " begins with an empty one.)"
            )
    if lacking:
        yield (
            f"The database has {', '.join(lacking)}, which this folder lacks: restore the file"
            " from the commit that applied it."
        )
    if newer:
        yield (
            f"The database is newer than this code: it has {', '.join(newer)}. Migrate from the"
            " release that brought it, or a later one; to go back with a function, roll back its"
            " revision and leave the database as it is."
        )
