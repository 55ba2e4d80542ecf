"""A run that is broken off while it builds an index: the next one finds that, and ends the work."""

from __future__ import annotations

import signal
import threading
from contextlib import closing
from pathlib import Path

import pytest

from shared.errors import Permanent
from shared.gcp.dial import connect
from shared.migrate import migrate
from shared.migrations import OUTSIDE
from shared.schema.manner import Manner
from shared.schema.watching import Watch
from tests.records.building import asked, building, gone, in_the_way, invalid, runner

TABLE = "create table animals (name text primary key, legs int);"
INDEXES = f"""{OUTSIDE}
create index concurrently if not exists idx_names on animals (name, legs);
create index concurrently if not exists idx_legs on animals (legs);
"""
FIRST = "idx_content_requests_correlation_status"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a table, and two indexes outside of a transaction."""
    (tmp_path / "0001_animals.sql").write_text(TABLE)
    (tmp_path / "0002_indexes.sql").write_text(INDEXES)
    return tmp_path


def run(url: str, folder: Path, manner: Manner | None = None, target: int = 9999) -> list[str]:
    """Migrate on a connection of its own; gives what was applied."""
    with closing(connect(url, 60)) as connection:
        return [str(one) for one in migrate(connection, folder, target, manner or Manner())]


def broken_off(url: str, folder: Path) -> str:
    """Cancel a build from another session; gives what the runner said of it."""
    said = []

    def work() -> None:
        try:
            run(url, folder)
        except Permanent as error:
            said.append(str(error))

    building_it = threading.Thread(target=work)
    with in_the_way(url, "animals"):
        building_it.start()
        asked(url, f"select pg_cancel_backend({building(url)})")
        building_it.join()
    return "".join(said)


def test_a_build_that_somebody_cancels(empty_database_url: str, folder: Path) -> None:
    """It leaves a real invalid index and no row in the ledger, and says which file it was."""
    url = empty_database_url
    run(url, folder, target=1)
    said = broken_off(url, folder)

    assert "0002_indexes: canceling statement due to user request (57014)" == said
    assert ["idx_names"] == invalid(url)
    assert [(1,)] == asked(url, "select number from migrations")


def test_the_run_after_a_cancelled_build(empty_database_url: str, folder: Path) -> None:
    """The invalid index is dropped and built again, the rest follows, and it is said."""
    url, said = empty_database_url, []
    run(url, folder, target=1)
    broken_off(url, folder)

    assert ["0002_indexes"] == run(url, folder, Manner(say=said.append))
    assert [] == invalid(url)
    assert "idx_names was left invalid by a build that did not end; building it anew" == said[0]
    built = "select count(*) from pg_indexes where indexname in ('idx_names', 'idx_legs')"
    assert [(2,)] == asked(url, built)


def test_an_index_that_breaks_after_its_migration(empty_database_url: str, folder: Path) -> None:
    """As an interrupted reindexing leaves it: the next run builds it anew."""
    url = empty_database_url
    run(url, folder)
    asked(url, "update pg_index set indisvalid = false where indexrelid = 'idx_legs'::regclass")

    assert [] == run(url, folder)
    assert [] == invalid(url)


def test_a_name_that_begins_like_another(empty_database_url: str, folder: Path) -> None:
    """An invalid index of somebody else stays as it is, also where ours contains its name."""
    url = empty_database_url
    run(url, folder, target=1)
    asked(url, "create index idx_leg on animals (legs)")
    asked(url, "update pg_index set indisvalid = false where indexrelid = 'idx_leg'::regclass")
    run(url, folder)

    assert ["idx_leg"] == invalid(url)


def test_progress_of_a_build(empty_database_url: str, folder: Path) -> None:
    """Whoever watches reads what it waits for, and how long it has been at it."""
    url, said, heard = empty_database_url, [], threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if "waits for process" in line:
            heard.set()

    run(url, folder, target=1)
    manner = Manner(say=say, watch=Watch(url, say, each_s=0.01))
    working = threading.Thread(target=run, args=(url, folder, manner))
    with in_the_way(url, "animals"):
        working.start()
        assert heard.wait(60)
    working.join()

    line = next(line for line in said if "waits for process" in line)
    assert line.startswith("idx_names: ")
    assert "postgres, idle in transaction, its transaction since " in line


def test_a_runner_that_is_killed_while_it_builds(empty_database_url: str) -> None:
    """Its work on the server ends with it, the lock is free, and the next run ends the work."""
    url = empty_database_url
    with runner(url, "--to", "1") as first:
        first.communicate()
    with in_the_way(url, "content_requests"), runner(url) as killed:
        building(url)
        killed.kill()
        killed.communicate()
        gone(url)
        assert [FIRST] == invalid(url)

    with runner(url) as again:
        said, faults = again.communicate()
    assert (0, "", []) == (again.returncode, faults, invalid(url))
    assert f"{FIRST} was left invalid by a build that did not end; building it anew" in said
    assert "applied 0002_request_indexes" in said


def test_a_runner_that_is_interrupted(empty_database_url: str) -> None:
    """Ctrl-C ends it at once, with a sentence; the same command ends the work."""
    url = empty_database_url
    with runner(url, "--to", "1") as first:
        first.communicate()
    with in_the_way(url, "content_requests"), runner(url) as interrupted:
        building(url)
        interrupted.send_signal(signal.SIGINT)
        _, said = interrupted.communicate()
        gone(url)

    assert 130 == interrupted.returncode
    assert (
        "interrupted: what was under way is not applied; the same command goes on with it\n" == said
    )
    with runner(url, "--to", "2", "--json") as again:
        again.communicate()
    assert (0, []) == (again.returncode, invalid(url))
