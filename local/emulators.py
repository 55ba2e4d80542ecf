"""Google's own Firestore and Pub/Sub emulators: find, start, await, stop.

Java is started directly: the SDK's scripts do not end it when they end.  Both emulators keep
their state in memory only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
READY_S = 30.0
POLL_S = 0.1
PUBSUB = "platform/pubsub-emulator/lib"
FIRESTORE = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
# Where the kernel can arrange it, a process that ends with its parent, also a killed one.
TIED = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])"
TIE = (sys.executable, "-c", TIED) if sys.platform == "linux" else ()


class NotReady(Exception):
    """The emulators are installed but do not work; the text says what happened."""


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the emulators lie."""

    java: Path
    firestore: Path
    pubsub: Path


@dataclass(frozen=True, slots=True)
class Absent:
    """Why there are no emulators on this machine, and what would change that."""

    reason: str


def find() -> Installed | Absent:
    """Look for both emulators, without starting gcloud."""
    gcloud, java = shutil.which("gcloud"), shutil.which("java")
    if gcloud is None:
        return Absent("the gcloud SDK is not installed")
    sdk = Path(gcloud).resolve().parent.parent
    pubsub = sorted((sdk / PUBSUB).glob("cloud-pubsub-emulator-*-all.jar"))
    if not pubsub or not (sdk / FIRESTORE).exists():
        return Absent("gcloud components install pubsub-emulator cloud-firestore-emulator")
    if java is None:
        return Absent("Google's emulators need Java, which is not installed")
    return Installed(Path(java).resolve(), sdk / FIRESTORE, pubsub[-1])


class Emulators:
    """Both emulators, running inside a `with`; port 0 takes a free one."""

    def __init__(self, installed: Installed, firestore_port: int = 0, pubsub_port: int = 0) -> None:
        self._installed = installed
        self._ports = (firestore_port or _free_port(), pubsub_port or _free_port())
        self._processes: list[subprocess.Popen[bytes]] = []
        self.firestore_host = f"{HOST}:{self._ports[0]}"
        self.pubsub_host = f"{HOST}:{self._ports[1]}"

    def __enter__(self) -> Self:
        """Start both and wait until they answer; raises NotReady."""
        # The Pub/Sub emulator hangs on a taken port while the old owner answers the probe.
        taken = [port for port in self._ports if not _is_free(port)]
        if taken:
            raise NotReady(f"the ports {taken} are taken")
        for command in _commands(self._installed, *self._ports):
            process = subprocess.Popen(  # noqa: S603  # our own command
                [*TIE, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # Firestore's log grows by the megabyte
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._processes.append(process)
        try:
            self._wait()
        except NotReady:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End both with everything they started."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._processes.clear()

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_S
        for process, port in zip(self._processes, self._ports, strict=True):
            while not _answers(port):
                if process.poll() is not None:
                    raise NotReady(f"the emulator for port {port} ended at once")
                if time.monotonic() > deadline:
                    raise NotReady(f"no emulator answers on port {port} after {READY_S:.0f} s")
                time.sleep(POLL_S)


def _commands(
    installed: Installed, firestore_port: int, pubsub_port: int
) -> tuple[Sequence[str], ...]:
    java = str(installed.java)
    return (
        # The Firestore archive names no main class.
        (java, "-Xmx512m", "-Duser.language=en", "-cp", str(installed.firestore), FIRESTORE_MAIN,
         "start", f"--host={HOST}", f"--port={firestore_port}"),
        (java, "-Xmx256m", "-jar", str(installed.pubsub), f"--host={HOST}",
         f"--port={pubsub_port}"),
    )  # fmt: skip


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=1) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0
