"""The functions as real functions-framework servers, one process group each.

A server that ends is started again, as the platform would.  No server outlives its stack: each is
ended with its group, dies with its parent where the kernel can arrange that, and what a killed
stack left behind is found by its recorded start time and ended first.  A server that cannot start
is named in the same record, so that every command, in whichever process, can say so.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from local.addresses import FUNCTION_SERVER, FUNCTIONS, HOST, HTTP_FUNCTIONS, SERVERS, Addresses
from shared.limits import FUNCTIONS as LIMITS

ROOT = Path(__file__).resolve().parent.parent
INSTANCES = {"render": os.cpu_count() or 1, "finalize": 2}  # the platform would start more
STOP_S = 5.0
RESTART_S = 0.5
STARTED_S = 10.0  # a server that lived as long did start
FEW = 3  # ends in its start, one after the other, after which a server counts as broken


@dataclass(frozen=True, slots=True)
class Server:
    """One server, as it is recorded; a process id alone may be somebody else's by now."""

    pid: int
    created: float
    failed_starts: int = 0


class Functions:
    """Every function of the pipeline, running; `stand_ins` names folders that replace ours."""

    def __init__(
        self,
        folder: Path,
        addresses: Addresses,
        environment: Mapping[str, str],
        stand_ins: Mapping[str, Path],
    ) -> None:
        self._folder = folder
        self._addresses = addresses
        self._environment = dict(environment)
        self._sources = {name: ROOT / "functions" / name for name in SERVERS} | dict(stand_ins)
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        self._known: dict[str, Server] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._watch = threading.Thread(target=self._keep_up, name="functions", daemon=True)

    def start(self) -> None:
        """Start all servers at once; they answer as soon as they have imported their code."""
        (self._folder / "logs").mkdir(parents=True, exist_ok=True)
        end_leftovers(self._folder)
        for name in FUNCTIONS:
            self._spawn(name)
        self._watch.start()

    def serve(self) -> None:
        """Start the servers that no event wakes, for whoever asks over HTTP."""
        for name in HTTP_FUNCTIONS:
            self._spawn(name)

    def stop(self) -> None:
        """End all servers with everything they started; safe to repeat."""
        self._stopping.set()
        with self._lock:
            servers = list(self._servers.values())
        for server in servers:
            # Quick shutdown: a run that is cut off still gives its claim back.
            with contextlib.suppress(ProcessLookupError):
                server.send_signal(signal.SIGINT)
        deadline = time.monotonic() + STOP_S
        for server in servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(server.pid, signal.SIGKILL)
            server.wait()
        _record(self._folder).unlink(missing_ok=True)

    def pids(self) -> dict[str, int]:
        """Name the server of each function."""
        with self._lock:
            return {name: server.pid for name, server in self._servers.items()}

    def _spawn(self, name: str) -> None:
        with log_file(self._folder, name).open("ab") as log, self._lock:
            if self._stopping.is_set():
                return
            self._servers[name] = subprocess.Popen(  # noqa: S603 - our own command
                _command(name, self._sources[name], self._addresses.function(name)),
                cwd=ROOT,
                env={**os.environ, **self._environment, **_gunicorn(name)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._note(name)

    def _note(self, name: str) -> None:
        before, pid = self._known.get(name), self._servers[name].pid
        try:
            created = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            created = time.time()
        lived_s = created - before.created if before else STARTED_S
        failed = before.failed_starts + 1 if before and lived_s < STARTED_S else 0
        self._known[name] = Server(pid, created, failed)
        record = _record(self._folder)
        partial = record.with_suffix(".part")
        partial.write_text(json.dumps({key: asdict(one) for key, one in self._known.items()}))
        partial.replace(record)  # others read it at any moment

    def _keep_up(self) -> None:
        while not self._stopping.wait(RESTART_S):
            with self._lock:
                ended = [
                    name for name, server in self._servers.items() if server.poll() is not None
                ]
            for name in ended:
                self._spawn(name)


def end_leftovers(folder: Path) -> None:
    """End the servers that a killed stack of this folder left behind."""
    for server in _recorded(folder).values():
        with contextlib.suppress(psutil.Error):
            if psutil.Process(server.pid).create_time() == server.created:
                _signal_group(server.pid, signal.SIGKILL)
                psutil.Process(server.pid).wait(STOP_S)
    _record(folder).unlink(missing_ok=True)


def broken(folder: Path) -> str:
    """Say which function of the stack on this folder does not start, and why; else empty."""
    for name, server in _recorded(folder).items():
        if server.failed_starts >= FEW:
            log = log_file(folder, name)
            words = log.read_text(errors="replace").splitlines() if log.exists() else []
            last = next((line.strip() for line in reversed(words) if line.strip()), "")
            return f"The function {name} does not start: {last}\nIts log says more: {log}"
    return ""


def log_file(folder: Path, name: str) -> Path:
    """Name the file that a function writes its log to."""
    return folder / "logs" / f"{name}.log"


def _recorded(folder: Path) -> dict[str, Server]:
    try:
        known = json.loads(_record(folder).read_text())
        return {name: Server(**facts) for name, facts in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _record(folder: Path) -> Path:
    return folder / "functions.json"


def _command(name: str, source: Path, port: int) -> Sequence[str]:
    kind = "http" if name in HTTP_FUNCTIONS else "cloudevent"
    return [
        sys.executable, "-m", FUNCTION_SERVER,
        "--source", str(source / "main.py"), "--target", name,
        "--signature-type", kind, "--host", HOST, "--port", str(port),
    ]  # fmt: skip


def _gunicorn(name: str) -> dict[str, str]:
    limits = LIMITS[name]
    return {
        "PYTHONPATH": str(ROOT),
        "THREADS": str(limits.threads),
        "WORKERS": str(INSTANCES.get(name, 1)),
        "CLOUD_RUN_TIMEOUT_SECONDS": str(limits.timeout_s),
        "GUNICORN_LOG_LEVEL": "error",
        "GRPC_VERBOSITY": "ERROR",
    }


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
