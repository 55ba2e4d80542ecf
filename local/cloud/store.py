"""The local cloud's disk: one SQLite file, one lock, one clock.

What a transaction committed survives the kill of the process at any moment: the write-ahead log
is in the operating system's hands by then.  (A power cut may lose the last moments; a laptop's
lesson is made again.)
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "cloud.sqlite3"
SCHEMA = """
create table if not exists clock (last_us integer not null);
create table if not exists documents (
  name text primary key, content blob not null, created_us integer not null,
  updated_us integer not null
) without rowid;
create table if not exists topics (name text primary key) without rowid;
create table if not exists events (
  id integer primary key autoincrement, kind text not null, source text not null,
  data blob not null, attributes text not null, published_us integer not null
);
create index if not exists events_by_source on events (source);
create table if not exists deliveries (
  id integer primary key autoincrement, event integer not null references events (id),
  function text not null, attempts integer not null default 0,
  due_s real  -- null while it is in flight
);
create index if not exists deliveries_by_event on deliveries (event);
create table if not exists buckets (name text primary key) without rowid;
create table if not exists objects (
  bucket text not null, name text not null, generation integer not null, size integer not null,
  content_type text not null, metadata text not null, crc32c text not null, md5 text not null,
  primary key (bucket, name)
) without rowid;
create table if not exists uploads (
  id text primary key, bucket text not null, name text not null, content_type text not null,
  metadata text not null, must_be_generation integer,
  generation integer  -- null until the upload is done
) without rowid;
"""


@dataclass(slots=True)
class Transaction:
    """A change that happens as a whole; `afterwards` runs once it is on disk."""

    execute: Callable[..., sqlite3.Cursor]
    afterwards: list[Callable[[], None]] = field(default_factory=list)


class Full(Exception):
    """There is no room for what should be stored; nothing of it is."""


class Store:
    """All state; every check and its write happen under one lock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = threading.RLock()
        self._database = sqlite3.connect(
            folder / FILE, isolation_level=None, check_same_thread=False
        )
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(SCHEMA)
        self._database.execute("insert into clock select 0 where not exists (select * from clock)")
        self._last_us = int(self._database.execute("select last_us from clock").fetchone()[0])

    def tick(self) -> int:
        """Tell the time in microseconds, later than ever told before, also by earlier runs."""
        with self._lock:
            self._last_us = max(time.time_ns() // 1000, self._last_us + 1)
            return self._last_us

    def read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask one question."""
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Check and write as one; an exception undoes everything.  Raises Full."""
        with self._lock:
            transaction = Transaction(self._database.execute)
            self._database.execute("begin immediate")
            try:
                yield transaction
                self._database.execute("update clock set last_us = ?", (self._last_us,))
                self._database.execute("commit")
            except BaseException as error:
                if self._database.in_transaction:  # a full disk ends it by itself
                    self._database.execute("rollback")
                if isinstance(error, sqlite3.OperationalError) and _is_about_room(error):
                    raise Full(str(error)) from error
                raise
        for action in transaction.afterwards:
            action()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()


def _is_about_room(error: sqlite3.OperationalError) -> bool:
    primary = error.sqlite_errorcode & 0xFF
    return primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
