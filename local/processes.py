"""The functions as real functions-framework servers, one process group each.

A server that ends is started again, as the platform would.  No server outlives its stack: each is
ended with its group, dies with its parent where the kernel can arrange that, and what a killed
stack left behind is found by its recorded start time and ended first.
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
from pathlib import Path
from typing import Any

import psutil

from local.addresses import FUNCTIONS, HOST, Addresses
from shared.limits import FUNCTIONS as LIMITS

ROOT = Path(__file__).resolve().parent.parent
INSTANCES = {"render": os.cpu_count() or 1, "finalize": 2}  # the platform would start more
STOP_S = 5.0
RESTART_S = 0.5


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
        self._sources = {name: ROOT / "functions" / name for name in FUNCTIONS} | dict(stand_ins)
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        self._born: dict[str, tuple[int, float]] = {}  # process id, start time
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
        with (self._folder / "logs" / f"{name}.log").open("ab") as log, self._lock:
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
            with contextlib.suppress(psutil.NoSuchProcess):
                server = self._servers[name]
                self._born[name] = (server.pid, psutil.Process(server.pid).create_time())
            _record(self._folder).write_text(json.dumps(list(self._born.values())))

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
    try:
        facts: list[list[Any]] = json.loads(_record(folder).read_text())
    except (OSError, ValueError):
        return
    for pid, created in facts:
        with contextlib.suppress(psutil.Error):
            # A pid alone may be somebody else's by now.
            if psutil.Process(pid).create_time() == created:
                _signal_group(pid, signal.SIGKILL)
                psutil.Process(pid).wait(STOP_S)
    _record(folder).unlink(missing_ok=True)


def _record(folder: Path) -> Path:
    return folder / "functions.json"


def _command(name: str, source: Path, port: int) -> Sequence[str]:
    return [
        sys.executable, "-m", "local.function_server",
        "--source", str(source / "main.py"), "--target", name,
        "--signature-type", "cloudevent", "--host", HOST, "--port", str(port),
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
