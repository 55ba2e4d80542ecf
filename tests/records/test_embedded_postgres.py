"""The PostgreSQL from a wheel: it comes up whatever was killed, and goes when nobody holds it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect, hang_up

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from local.postgres import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1])).start(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that the server's own user can reach, and leave nothing running in it."""
    made = Path(tempfile.mkdtemp(prefix="vividly-embedded-"))
    yield made / "state" / "postgres"
    for lock in made.rglob("postmaster.pid"):
        server = EmbeddedPostgres(lock.parent)
        server.start()
        server.stop()
    shutil.rmtree(made)


def asked(url: str, sql: str) -> Any:
    """Run a statement; gives the first value of its answer."""
    connection = connect(url, timeout_s=10)
    cursor = connection.cursor()
    cursor.execute(sql)
    row = cursor.fetchone() if cursor.description else [None]
    hang_up(connection)
    return row[0]


def postmaster(folder: Path) -> int:
    """Tell the server's process id."""
    return int((folder / "postmaster.pid").read_text().split()[0])


def killed_owner(folder: Path) -> None:
    """Start a server from another process and kill that without warning."""
    command = [sys.executable, "-W", "ignore", "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        owner.kill()


def until(condition: Callable[[], bool]) -> bool:
    """Wait for what the operating system does in its own time."""
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.02)
    return False


def runs(pid: int) -> bool:
    """Tell whether a process lives; one that only waits to be buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_data_outlive_the_server(folder: Path) -> None:
    """What was written before a stop is there after the next start; both are PostgreSQL 16."""
    first = EmbeddedPostgres(folder)
    asked(first.start(), "create table kept as select 'owl' as name")
    pid = postmaster(folder)
    first.stop()
    first.stop()
    gone = not runs(pid)

    second = EmbeddedPostgres(folder)
    url = second.start()

    assert (True, "owl") == (gone, asked(url, "select name from kept"))
    assert asked(url, "show server_version").startswith("16.")
    second.stop()


def test_durability_is_not_traded_away(folder: Path) -> None:
    """A committed lesson survives a power cut."""
    server = EmbeddedPostgres(folder)
    url = server.start()

    settings = [asked(url, f"show {name}") for name in ("fsync", "synchronous_commit")]

    assert ["on", "on"] == settings
    server.stop()


def test_owner_killed(folder: Path) -> None:
    """The server that outlived its owner is taken over, and stops with its new one."""
    killed_owner(folder)
    pid = postmaster(folder)

    server = EmbeddedPostgres(folder)
    answer = asked(server.start(), "select 1")
    same = postmaster(folder)
    server.stop()

    assert (1, pid, True) == (answer, same, until(lambda: not runs(pid)))


def test_owner_and_server_killed(folder: Path) -> None:
    """A new server recovers what was committed."""
    killed_owner(folder)
    url = f"postgresql://postgres@/postgres?host={folder}"
    asked(url, "create table kept as select 'owl' as name")
    os.kill(postmaster(folder), signal.SIGKILL)

    server = EmbeddedPostgres(folder)

    assert "owl" == asked(server.start(), "select name from kept")
    server.stop()


def test_number_of_a_killed_server_is_anothers_by_now(folder: Path) -> None:
    """A process that merely has the number is neither taken for the server nor stopped."""
    first = EmbeddedPostgres(folder)
    first.start()
    stale = (folder / "postmaster.pid").read_text()
    first.stop()
    innocent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "postmaster.pid").write_text(stale.replace(stale.split()[0], str(innocent.pid), 1))

    second = EmbeddedPostgres(folder)
    answer = asked(second.start(), "select 1")
    second.stop()

    assert (1, None) == (answer, innocent.poll())
    innocent.kill()
    innocent.wait()


def test_half_written_process_file(folder: Path) -> None:
    """A kill in the middle of a start is nothing that the next one stumbles over."""
    killed_owner(folder)
    pid = postmaster(folder)
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: not runs(pid))
    (folder / "postmaster.pid").write_text(f"{pid}\n{folder}\n")

    server = EmbeddedPostgres(folder)

    assert 1 == asked(server.start(), "select 1")
    server.stop()


def test_killed_in_its_first_start(folder: Path) -> None:
    """Half a new database is made again from the beginning."""
    (folder / "base").mkdir(parents=True)
    (folder / "PG_VERSION").write_text("16\n")

    server = EmbeddedPostgres(folder)

    assert 1 == asked(server.start(), "select 1")
    server.stop()


def test_path_too_long_for_a_socket(folder: Path) -> None:
    """The socket then lies elsewhere, and the URL says where."""
    server = EmbeddedPostgres(folder / ("long" * 20) / ("path" * 20))

    assert 1 == asked(server.start(), "select 1")
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_ordinary_user(folder: Path) -> None:
    """It needs no special rights, and does not mind that root ran one here before."""
    root = EmbeddedPostgres(folder.with_name("roots"))
    root.start()
    root.stop()
    folder.parent.chmod(0o777)
    try:
        subprocess.run([sys.executable, "-c", ""], user="nobody", check=True)
    except PermissionError:
        pytest.skip("this Python lies out of reach for other users")
    script = HOLD.replace("print(", "e = print(").replace("time.sleep(60)", "")

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(folder)],
        cwd=ROOT,
        user="nobody",
        group=pwd.getpwnam("nobody").pw_gid,
        extra_groups=[],
        env={"HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("postgresql://"), done.stderr
    shutil.rmtree(folder)
