"""The runner of migrations: once each, in order, any number of runners, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pg8000 import dbapi

from shared import migrate
from shared.errors import Permanent
from shared.gcp import dial
from shared.gcp.dial import connect, hang_up
from shared.migrations import OUTSIDE, Migration, read

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

TABLE = "create table animals (name text primary key, legs int);"
INDEX = f"{OUTSIDE}\ncreate index concurrently if not exists idx_legs on animals (legs);\n"


@pytest.fixture
def connection(empty_database_url: str) -> Iterator[Connection]:
    """Give a connection to a database with nothing in it."""
    opened = connect(empty_database_url, timeout_s=60)
    yield opened
    hang_up(opened)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two migrations: a table, and an index outside of a transaction."""
    (tmp_path / "0001_animals.sql").write_text(TABLE)
    (tmp_path / "0002_legs.sql").write_text(INDEX)
    return tmp_path


def asked(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement and fetch its rows."""
    cursor = connection.cursor()
    cursor.execute(sql)
    return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


def names(migrations: tuple[Migration, ...]) -> list[str]:
    """Name migrations as their files are named."""
    return [str(one) for one in migrations]


def test_new_database(connection: Connection, folder: Path) -> None:
    """Everything is applied in the order of the numbers."""
    assert ["0001_animals", "0002_legs"] == names(migrate.migrate(connection, folder))


def test_second_run(connection: Connection, folder: Path) -> None:
    """Applying twice changes nothing."""
    migrate.migrate(connection, folder)
    ledger = asked(connection, "select * from migrations")

    again = migrate.migrate(connection, folder)

    assert ((), ledger) == (again, asked(connection, "select * from migrations"))


def test_project_migrations_apply_twice(connection: Connection) -> None:
    """Our own files go through on an empty database, and a second run finds nothing to do."""
    first, second = migrate.migrate(connection), migrate.migrate(connection)

    assert (names(read()), []) == (names(first), names(second))


def test_two_runners_at_once(empty_database_url: str) -> None:
    """Both succeed, also with an index that is built concurrently; each file is applied once."""

    def run(_: int) -> tuple[Migration, ...]:
        connection = connect(empty_database_url, timeout_s=60)
        applied = migrate.migrate(connection)
        hang_up(connection)
        return applied

    with ThreadPoolExecutor(2) as threads:
        applied = [name for run_of in threads.map(run, range(2)) for name in names(run_of)]

    assert names(read()) == sorted(applied)


def test_target(connection: Connection, folder: Path) -> None:
    """A run stops where it is told to; the next one goes on from there."""
    first = migrate.migrate(connection, folder, target=1)

    assert (["0001_animals"], ["0002_legs"]) == (
        names(first),
        names(migrate.migrate(connection, folder)),
    )


def test_changed_file(connection: Connection, folder: Path) -> None:
    """A file that changed after it was applied stops the run and is named."""
    migrate.migrate(connection, folder)
    (folder / "0001_animals.sql").write_text(TABLE.replace("legs int", "legs bigint"))

    with pytest.raises(Permanent, match="0001_animals changed after it was applied"):
        migrate.migrate(connection, folder)


def test_file_that_disappeared(connection: Connection, folder: Path) -> None:
    """A database from the future is not touched."""
    migrate.migrate(connection, folder)
    (folder / "0002_legs.sql").unlink()

    with pytest.raises(Permanent, match="newer than this code: it has 0002_legs"):
        migrate.migrate(connection, folder)


def test_statement_that_fails(connection: Connection, folder: Path) -> None:
    """A broken file leaves nothing of itself, names itself and its fault, and frees the lock."""
    broken = folder / "0003_birds.sql"
    broken.write_text("create table birds (name text); insert into bird values ('owl');")

    with pytest.raises(Permanent, match='0003_birds: relation "bird" does not exist'):
        migrate.migrate(connection, folder)

    assert [(None,)] == asked(connection, "select to_regclass('birds')::text")
    broken.write_text("create table birds (name text);")
    assert ["0003_birds"] == names(migrate.migrate(connection, folder))


def test_index_that_an_interrupted_build_left(connection: Connection, folder: Path) -> None:
    """An invalid index is dropped and built again, although one of its name exists."""
    migrate.migrate(connection, folder, target=1)
    asked(connection, "create index idx_legs on animals (legs)")
    asked(
        connection,
        "update pg_index set indisvalid = false where indexrelid = 'idx_legs'::regclass",
    )

    migrate.migrate(connection, folder)

    assert [(True,)] == asked(
        connection,
        "select indisvalid from pg_index where indexrelid = 'idx_legs'::regclass",
    )


def test_build_that_fails_leaves_no_index(connection: Connection, folder: Path) -> None:
    """A unique index on equal rows fails, is reported, and the next run begins cleanly."""
    migrate.migrate(connection, folder)
    asked(connection, "insert into animals values ('owl', 2), ('hen', 2)")
    (folder / "0003_unique.sql").write_text(
        INDEX.replace("create index", "create unique index").replace("idx_legs", "idx_u")
    )
    with pytest.raises(Permanent, match="0003_unique: could not create unique index"):
        migrate.migrate(connection, folder)
    left = asked(connection, "select 1 from pg_index where not indisvalid")
    asked(connection, "delete from animals where name = 'hen'")

    applied = migrate.migrate(connection, folder)

    assert [] == left  # it would refuse what others write
    valid = "select indisvalid from pg_index where indexrelid = 'idx_u'::regclass"
    assert (["0003_unique"], [(True,)]) == (names(applied), asked(connection, valid))


def test_statements_outside_a_transaction_run_one_by_one(
    connection: Connection, folder: Path
) -> None:
    """Several concurrent builds fit into one file; a semicolon in a comment separates nothing."""
    (folder / "0003_more.sql").write_text(
        f"{OUTSIDE}\n-- first; and second\n"
        "create index concurrently idx_a on animals (name);\n\n"
        "create index concurrently idx_b on animals (legs)\n  where legs > 2;\n"
    )

    migrate.migrate(connection, folder)

    built = "select count(*) from pg_indexes where indexname in ('idx_a', 'idx_b')"
    assert [(2,)] == asked(connection, built)


@pytest.mark.parametrize("name", ["birds.sql", "3_birds.sql", "0002_birds.sql"])
def test_file_without_a_number_of_its_own(folder: Path, name: str) -> None:
    """A name that leaves the order open is refused."""
    (folder / name).write_text("select 1;")

    with pytest.raises(Permanent, match=r"must be NNNN_name\.sql with a number of its own"):
        read(folder)


def test_command_line(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It tells what is pending, does a part, and tells what is applied."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    codes = [
        migrate.main(arguments)
        for arguments in (["--dry-run", "--to", "2"], ["--to", "1"], ["--status"])
    ]

    printed = capsys.readouterr().out.splitlines()
    assert [1, 0, 1] == codes
    assert [
        "would apply 0001_records",
        "would apply 0002_request_indexes",
        "applied 0001_records",
        "applied 0001_records",
        "pending 0002_request_indexes",
    ] == [line.partition("  ")[0] for line in printed[:5]]


class Nearby:
    """Stands in for the Cloud SQL connector: leads to the embedded server, as whoever asks."""

    def __init__(self, url: str) -> None:
        self._folder = parse_qs(urlsplit(url).query)["host"][0]
        self.asked: list[tuple[str, dict[str, object]]] = []

    def connect(self, instance: str, driver: str, **how: object) -> object:
        """Connect as the connector does: with a connection of the driver's own class."""
        self.asked.append((instance, {"driver": driver, **how}))
        return dbapi.connect(
            str(how["user"]),
            database=str(how["db"]),
            unix_sock=f"{self._folder}/.s.PGSQL.5432",
            startup_params=how["startup_params"],
        )


def test_the_same_runner_through_the_connector(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the cloud it migrates as an account of the project, over a private address."""
    near, database = Nearby(empty_database_url), urlsplit(empty_database_url).path
    monkeypatch.setattr(dial, "_connector", lambda: near)
    monkeypatch.setenv("DATABASE_URL", f"cloudsql://p:r:i{database}?user=postgres")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    assert (0, 0) == (migrate.main([]), migrate.main(["--status"]))
    assert [f"applied {one}" for one in read()] == capsys.readouterr().out.splitlines()[
        : len(read())
    ]
    instance, how = near.asked[0]
    assert ("p:r:i", "pg8000", True, "private") == (
        instance, how["driver"], how["enable_iam_auth"], how["ip_type"],
    )  # fmt: skip


def test_command_line_without_a_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing setting is one clear line, not a traceback."""
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    code = migrate.main(["--status"])

    assert (2, "DATABASE_URL must begin with postgresql:// or cloudsql://\n") == (
        code,
        capsys.readouterr().err,
    )
