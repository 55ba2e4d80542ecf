"""A user's machine for one test: a state folder, free ports, and the command line as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil

from local.services import Connected
from local.stack import find

ROOT = Path(__file__).parents[2]
PATIENCE_S = 150.0
POLL_S = 0.05
WITHOUT = ("DATABASE_URL", "LOCAL_PORT", "ENVIRONMENT")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def decoded(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Home:
    """One state folder and its ports."""

    folder: Path
    port: int
    begun: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *words: str, starts: bool = False, **variables: str) -> Said:
        """Run one command to its end; one that may start a stack is given the ports."""
        with self.begin(*words, starts=starts, **variables) as process:
            out, err = process.communicate(timeout=PATIENCE_S)
        return Said(process.returncode, out, err)

    def begin(self, *words: str, starts: bool = False, **variables: str) -> subprocess.Popen[str]:
        """Start a command, in a process group of its own."""
        ports = ["--port", str(self.port)] if starts else []
        known = {name: value for name, value in os.environ.items() if name not in WITHOUT}
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "--state", str(self.folder), *words, *ports],
            cwd=ROOT,
            env={**known, "COLUMNS": "100", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.begun.append(process)
        return process

    def up(self, *words: str) -> subprocess.Popen[str]:
        """Start a stack and wait until it says that it runs."""
        process = self.begin("up", *words, starts=True)
        while line := process.stdout.readline():
            if "PostgreSQL" in line:
                return process
        raise AssertionError(process.stderr.read())

    def connected(self) -> Connected:
        """Reach the stack that runs here, once it does."""
        return Connected(until(lambda: find(self.folder), "a stack runs"))

    def processes(self) -> list[psutil.Process]:
        """List what works on this folder: by its command line, folder or variables."""
        return [one for one in psutil.process_iter() if one.pid != os.getpid() and self._is_at(one)]

    def _is_at(self, process: psutil.Process) -> bool:
        try:
            words = [*process.cmdline(), process.cwd(), *process.environ().values()]
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            return False
        return any(str(self.folder) in word for word in words)

    def kill_everything(self) -> None:
        """SIGKILL whatever works on this folder, as a power cut would."""
        while found := self.processes():
            for process in found:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
            psutil.wait_procs(found, timeout=5)

    def close(self) -> None:
        """End what still runs, and close what was opened for it."""
        self.kill_everything()
        for process in self.begun:
            process.wait()
            process.stdout.close()
            process.stderr.close()


def interrupt(process: subprocess.Popen[str]) -> float:
    """Press Ctrl-C in a command's terminal; gives the seconds until it has ended."""
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    return time.monotonic() - began


def until(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look until there is something, and give it."""
    give_up = time.monotonic() + patience_s
    while not (found := look()):
        if time.monotonic() > give_up:
            raise AssertionError(f"{what}: not after {patience_s:.0f} s")
        time.sleep(POLL_S)
    return found
