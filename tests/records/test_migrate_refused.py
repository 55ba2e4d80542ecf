"""What stops a run of migrations, and what it says then: each sentence names the way on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared import migrate as command
from shared.errors import Permanent
from shared.gcp.dial import connect
from shared.migrate import migrate
from shared.migrations import read
from shared.schema.alone import LOCK
from shared.schema.manner import Manner
from tests.records.building import asked

TABLE = "create table animals (name text primary key, legs int);"
COLUMN = "alter table animals add column wings int;"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two migrations."""
    (tmp_path / "0001_animals.sql").write_text(TABLE)
    (tmp_path / "0003_wings.sql").write_text(COLUMN)
    return tmp_path


@pytest.fixture
def stranger(postgres_server: str, empty_database_url: str) -> Iterator[str]:
    """Give the URL of a user without any right but to connect."""
    asked(postgres_server, "create role stranger login")
    yield empty_database_url.replace("//postgres:", "//stranger:", 1)
    asked(empty_database_url, "drop owned by stranger")
    asked(postgres_server, "drop role stranger")


def run(url: str, folder: Path, manner: Manner | None = None) -> list[str]:
    """Migrate on a connection of its own; gives what was applied."""
    with closing(connect(url, 60)) as connection:
        return [str(one) for one in migrate(connection, folder, manner=manner or Manner())]


def refusal(url: str, folder: Path, manner: Manner | None = None) -> str:
    """Migrate, and give the sentence with which that is refused."""
    with pytest.raises(Permanent) as refused:
        run(url, folder, manner)
    return str(refused.value)


def test_a_file_that_comes_late(empty_database_url: str, folder: Path) -> None:
    """A lower number than one that is applied would be a gap: it needs a number of its own."""
    run(empty_database_url, folder)
    (folder / "0002_tails.sql").write_text("create table tails (animal text);")

    assert (
        "0002_tails is not applied although a later one is: give the file the next free number,"
        " so that every database gets it in the same order. (On a laptop, --fresh begins with an"
        " empty one.)"
    ) == refusal(empty_database_url, folder)


def test_two_branches_that_took_one_number(empty_database_url: str, folder: Path) -> None:
    """Both names are told."""
    run(empty_database_url, folder)
    (folder / "0003_wings.sql").rename(folder / "0003_tails.sql")
    (folder / "0003_tails.sql").write_text("create table tails (animal text);")

    assert "The database has 0003_wings where this folder has 0003_tails" in refusal(
        empty_database_url, folder
    )


def test_a_file_that_went_missing(empty_database_url: str, folder: Path) -> None:
    """In the middle of the others it is no newer release, but a mistake."""
    run(empty_database_url, folder)
    (folder / "0001_animals.sql").unlink()

    assert (
        "The database has 0001_animals, which this folder lacks: restore the file from the commit"
        " that applied it."
    ) == refusal(empty_database_url, folder)


def test_a_database_that_is_newer_than_the_code(empty_database_url: str, folder: Path) -> None:
    """It says what to do instead, and the database stays as it is."""
    run(empty_database_url, folder)
    (folder / "0003_wings.sql").unlink()

    said = refusal(empty_database_url, folder)
    assert said.startswith("The database is newer than this code: it has 0003_wings.")
    assert "roll back its revision and leave the database as it is" in said


def test_everything_that_is_wrong_at_once(empty_database_url: str, folder: Path) -> None:
    """Nobody has to mend one fault to learn of the next."""
    run(empty_database_url, folder)
    (folder / "0001_animals.sql").write_text(TABLE + "\n")
    (folder / "0002_tails.sql").write_text("create table tails (animal text);")

    said = refusal(empty_database_url, folder)
    assert "0001_animals changed after it was applied" in said
    assert "0002_tails is not applied" in said


def test_a_user_who_may_not_create(stranger: str, folder: Path) -> None:
    """The sentence has the grant; nothing is made, not even the ledger."""
    said = refusal(stranger, folder)

    assert said.startswith("stranger may not create tables in test_")
    assert 'grant create, usage on schema public to "stranger"' in said
    owner = stranger.replace("//stranger:", "//postgres:")
    assert [] == asked(owner, "select 1 from pg_tables where schemaname = 'public'")


def test_the_grant_that_is_named_helps(stranger: str, folder: Path) -> None:
    """With it the run goes through."""
    owner = stranger.replace("//stranger:", "//postgres:")
    asked(owner, 'grant create, usage on schema public to "stranger"')

    assert ["0001_animals", "0003_wings"] == run(stranger, folder)


def test_tables_of_another_user(stranger: str, folder: Path) -> None:
    """Whoever may create cannot change what others made: it says whose it is."""
    owner = stranger.replace("//stranger:", "//postgres:")
    asked(owner, TABLE)
    asked(owner, 'grant create, usage on schema public to "stranger"')

    assert (
        "the table animals belongs to postgres, so stranger may not change it: migrate as"
        ' postgres, or have its owner say: grant "postgres" to "stranger"'
    ) == refusal(stranger, folder)


def test_another_runner_that_does_not_end(empty_database_url: str, folder: Path) -> None:
    """The wait is told at once, and at its end who holds the lock, and how to end that."""
    said: list[str] = []
    manner = Manner(say=said.append, runner_wait_s=0.1)
    with closing(connect(empty_database_url, 60)) as other:
        other.cursor().execute("set application_name = 'a-friend'")
        other.cursor().execute(f"select pg_advisory_lock({LOCK})")
        reason = refusal(empty_database_url, folder, manner)

    assert [True] == [line.startswith("waiting for another runner: process ") for line in said]
    assert "a-friend of postgres at this machine, connected since " in said[0]
    assert "a-friend of postgres" in reason
    assert "end it with pg_terminate_backend, and run again" in reason


def test_no_statement_waits_long_for_a_lock(empty_database_url: str, folder: Path) -> None:
    """Less than the pipeline does, and than the server before it looks for deadlocks."""
    (folder / "0004_seen.sql").write_text(
        "create table seen as select current_setting('lock_timeout') as patience;"
    )
    run(empty_database_url, folder)

    assert [("900ms",)] == asked(empty_database_url, "select patience from seen")


def test_a_table_that_is_in_use(empty_database_url: str, folder: Path) -> None:
    """The migration steps back, says who is in its way, and tries again."""
    asked(empty_database_url, TABLE)
    (folder / "0001_animals.sql").write_text("select 1;")
    said: list[str] = []
    with closing(connect(empty_database_url, 60)) as other:
        other.cursor().execute("begin")
        other.cursor().execute("select * from animals")

        def ends(_: float) -> None:
            other.cursor().execute("commit")

        applied = run(empty_database_url, folder, Manner(said.append, ends, lock_wait_ms=20))

    assert ["0001_animals", "0003_wings"] == applied
    assert said[1].startswith("0003_wings: the table is in use; the oldest open transaction is")
    assert "postgres, idle in transaction, since " in said[1]


def test_a_table_that_stays_in_use(empty_database_url: str, folder: Path) -> None:
    """At last it gives up, having changed nothing; who reads or writes meanwhile never waits."""
    asked(empty_database_url, TABLE)
    (folder / "0001_animals.sql").write_text("select 1;")
    read: list[object] = []
    manner = Manner(
        pause=lambda _: read.append(asked(empty_database_url, "select * from animals")),
        lock_wait_ms=20,
        lock_tries=2,
    )
    with closing(connect(empty_database_url, 60)) as other:
        other.cursor().execute("begin")
        other.cursor().execute("select * from animals")
        said = refusal(empty_database_url, folder, manner)

    assert said.startswith("0003_wings: the table was in use each of 2 times; the oldest open")
    assert [[], []] == read
    assert [(1,)] == asked(empty_database_url, "select number from migrations")


def test_who_reads_while_a_migration_waits(empty_database_url: str, folder: Path) -> None:
    """Is behind it for no longer than its patience, and then reads."""
    asked(empty_database_url, TABLE)
    (folder / "0001_animals.sql").write_text("select 1;")
    refused: list[str] = []
    manner = Manner(lock_wait_ms=200, lock_tries=1)
    with closing(connect(empty_database_url, 60)) as other:
        other.cursor().execute("begin")
        other.cursor().execute("select * from animals")
        migrating = threading.Thread(
            target=lambda: refused.append(refusal(empty_database_url, folder, manner))
        )
        migrating.start()
        rows = asked(empty_database_url, "select * from animals")
        migrating.join()

    assert ([], 1) == (rows, len(refused))


def test_status_for_programs(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each migration with its state, what is invalid, and a code that says whether all is well."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    command.main(["--to", "1"])
    capsys.readouterr()

    code = command.main(["--status", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (1, 1, "") == (code, told["code"], told["said"])
    assert ["applied", "pending"] == [one["state"] for one in told["migrations"][:2]]
    assert [] == told["invalid_indexes"]


@pytest.mark.parametrize("words", [["--dry-run"], ["--status"]])
def test_what_is_pending_for_programs(
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    """Whichever way one looks."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    command.main([*words, "--json"])

    told = json.loads(capsys.readouterr().out)
    assert [str(one) for one in read()] == told["pending"]


def test_a_number_that_there_is_not(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the pen migrates nothing."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    assert (2, "--to 999: there is no such migration\n") == (
        command.main(["--to", "999"]),
        capsys.readouterr().err,
    )


def test_a_ledger_that_may_not_be_read(
    stranger: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who looks without the right reads a sentence, no traceback."""
    run(stranger.replace("//stranger:", "//postgres:"), folder)
    monkeypatch.setenv("DATABASE_URL", stranger)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")

    code = command.main(["--status"])

    assert (1, "permission denied for table migrations (42501)\n") == (
        code,
        capsys.readouterr().err,
    )
