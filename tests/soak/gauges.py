"""Look at the stack every few seconds: memory, open files, connections, objects."""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from contextlib import closing, suppress

import psutil

from local.cloud.store import FILE
from shared.errors import PipelineError
from shared.gcp.dial import connect, hang_up
from tests.soak.history import Connected, Gauged, History, Kept, now_s
from tests.soak.victim import Victim

EVERY_S = 2.0
MEBI = 1024 * 1024
OURS = "pid <> pg_backend_pid() and backend_type = 'client backend'"


class Gauges:
    """Reads until told to stop; remembers under which generations each object was seen."""

    def __init__(self, victim: Victim, history: History, database_url: str) -> None:
        self._victim = victim
        self._history = history
        self._url = database_url
        self._seen: dict[tuple[str, str], set[int]] = defaultdict(set)

    def watch(self, stop: threading.Event) -> None:
        """Read every few seconds."""
        while not stop.wait(EVERY_S):
            self._processes()
            self._connections()
            self.objects()

    def objects(self) -> None:
        """Look at the objects; the cloud's file may be away for a moment."""
        file = self._victim.folder / "cloud" / FILE
        with suppress(sqlite3.Error):
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
                rows = database.execute("select bucket, name, generation from objects").fetchall()
            for bucket, name, generation in rows:
                self._seen[bucket.rpartition("-")[2], name].add(generation)

    def tell_objects(self) -> None:
        """Note all objects that were ever seen."""
        for (bucket, name), generations in sorted(self._seen.items()):
            self._history.add(Kept(bucket, name, tuple(sorted(generations))))

    def _processes(self) -> None:
        for name, worker in self._victim.workers():
            self._gauge(name, worker)
        process = self._victim.process
        with suppress(psutil.Error):
            if process is not None:
                self._gauge("cloud", psutil.Process(process.pid))

    def _gauge(self, name: str, process: psutil.Process) -> None:
        with suppress(psutil.Error):
            rss_mib = round(process.memory_info().rss / MEBI, 1)
            self._history.add(Gauged(now_s(), name, process.pid, rss_mib, process.num_fds()))

    def _connections(self) -> None:
        with suppress(PipelineError, OSError):
            connection = connect(self._url, 2.0)
            try:
                cursor = connection.cursor()
                cursor.execute(f"select count(*) from pg_stat_activity where {OURS}")  # noqa: S608
                self._history.add(Connected(now_s(), int(cursor.fetchone()[0])))
            finally:
                hang_up(connection)
