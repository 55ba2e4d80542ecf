"""What many suites share: options, and a real PostgreSQL, migrated once, copied for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect, hang_up
from shared.gcp.postgres import Postgres
from shared.migrate import migrate

NUMBERS = itertools.count(1)
# As `roles_sql` of ops/deploy/migrate.sh makes them, each with one user.
ROLES = ("pipeline_rw", "library_rw", "status_ro")

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


def pytest_addoption(parser):
    """Know the options of the crash matrix: only here they are known whatever is to be run."""
    group = parser.getgroup("crashes")
    group.addoption("--every-crash", action="store_true", help="play the complete matrix")
    group.addoption("--crash-seed", type=int, help="choose the sample; by default the day does")


def pytest_configure(config):
    """Choose the day's sample, and in a worker that of the whole run: midnight may have passed."""
    if config.option.crash_seed is None:
        told = getattr(config, "workerinput", {})
        config.option.crash_seed = told.get("crash_seed", datetime.now(UTC).toordinal())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker, which is given the command line and nothing else, the sample of the run."""
    node.workerinput["crash_seed"] = node.config.option.crash_seed


def pytest_report_header(config):
    """Say how to draw the same sample again."""
    return f"crashes: --crash-seed {config.option.crash_seed}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a server of this test process, with durability off: nobody will miss it."""
    # Not below pytest's own folder: as root the server runs as another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-test-"))
    server = EmbeddedPostgres(folder / "postgres")
    url = server.start()
    _execute(url, "alter system set fsync = off", "select pg_reload_conf()")
    for role in ROLES:
        _execute(url, f"create role {role} nologin", f"create role a_{role} login in role {role}")
    yield url
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template_database(postgres_server: str) -> str:
    """Name a database with every migration applied, to copy from."""
    _execute(postgres_server, "create database template_migrated")
    connection = connect(named(postgres_server, "template_migrated"), timeout_s=60)
    migrate(connection)
    hang_up(connection)
    return "template_migrated"


@pytest.fixture
def empty_database_url(postgres_server: str) -> Iterator[str]:
    """Give the URL of a database of this test, with nothing in it."""
    with copy_of(postgres_server, "template1") as url:
        yield url


@pytest.fixture
def database_url(postgres_server: str, template_database: str) -> Iterator[str]:
    """Give the URL of a migrated database of this test."""
    with copy_of(postgres_server, template_database) as url:
        yield url


@pytest.fixture
def postgres(database_url: str) -> Iterator[Postgres]:
    """Give a pool on a migrated database of this test."""
    pool = Postgres(database_url, pool=4)
    yield pool
    pool.close()


@pytest.fixture
def playing(database_url: str) -> Iterator[Callable[[str], Postgres]]:
    """Give a pool of a function's role on a migrated database of this test."""
    pools: list[Postgres] = []

    def played(role: str) -> Postgres:
        pools.append(Postgres(of_role(database_url, role), pool=4))
        return pools[-1]

    yield played
    for pool in pools:
        pool.close()


def of_role(url: str, role: str) -> str:
    """Name a database as the user of a role would."""
    return url.replace("//postgres:", f"//a_{role}:", 1)


def named(url: str, database: str) -> str:
    """Name another database of the same server."""
    return url.replace("/postgres?", f"/{database}?", 1)


@contextmanager
def copy_of(server: str, template: str) -> Iterator[str]:
    """Give the URL of a copy of a database, and drop it afterwards."""
    name = f"test_{next(NUMBERS)}"
    _execute(server, f"create database {name} template {template}")
    yield named(server, name)
    _execute(server, f"drop database {name} with (force)")


def _execute(url: str, *statements: str) -> None:
    connection = connect(url, timeout_s=60)
    for statement in statements:
        connection.cursor().execute(statement)
    hang_up(connection)
