"""A concurrent build of an index that waits for somebody's open transaction, for as long as asked.

The server builds concurrently in steps, and waits between them for every transaction that could
not know of the index: so a test decides where a build is when it is broken off.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.gcp.dial import connect

ROOT = Path(__file__).parents[2]
WAIT_S = 300.0  # in vain only where something hangs
BUILDS = """
select pid from pg_stat_activity where datname = current_database() and state = 'active'
  and wait_event_type = 'Lock' and query ilike 'create %index concurrently%'"""
# A row that nobody sees: its transaction is what the build waits for.
WRITES = {
    "animals": "insert into animals values ('hen', 2)",
    "content_requests": "lock table content_requests in row exclusive mode",
}


def asked(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement on a connection of its own and fetch its rows."""
    with closing(connect(url, WAIT_S)) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


@contextmanager
def in_the_way(url: str, table: str) -> Iterator[None]:
    """Keep a transaction open that has written into a table."""
    with closing(connect(url, WAIT_S)) as connection:
        connection.cursor().execute("begin")
        connection.cursor().execute(WRITES[table])
        yield
        connection.cursor().execute("rollback")


def building(url: str) -> int:
    """Wait until a build waits; gives the server's process."""
    return int(_until(url, BUILDS)[0][0])


def gone(url: str) -> None:
    """Wait until no build is under way, whoever began it."""
    _until(url, f"select 1 where not exists ({BUILDS})")


def invalid(url: str) -> list[str]:
    """Name the indexes that a broken build left."""
    found = asked(url, "select indexrelid::regclass::text from pg_index where not indisvalid")
    return [name for (name,) in found]


def runner(url: str, *words: str) -> subprocess.Popen[str]:
    """Start `python -m shared.migrate` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "shared.migrate", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "GOOGLE_CLOUD_PROJECT": "demo"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _until(url: str, sql: str) -> list[tuple[Any, ...]]:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = asked(url, sql)
        if found:
            return found
        time.sleep(0.02)
    pytest.fail(f"it did not come to pass within {WAIT_S} s: {sql}")
