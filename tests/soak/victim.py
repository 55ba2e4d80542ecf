"""The stack that a soak runs, and every way in which it is hurt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.addresses import HOST, Addresses
from local.cloud.overview import standings
from local.postgres import EmbeddedPostgres
from local.services import Connected
from local.stack import Running, find
from tests.stack.home import Home

ROOT = Path(__file__).resolve().parents[2]
LEASE_S = 15.0
REPAIR_TIME_SCALE = 0.05  # a lesson counts as stalled after 30 s instead of 10 min
STARTED_S = 60.0
START_TRIES = 3
IDLE = ("library",)  # its one book is there before the first blow


@dataclass
class Victim:
    """One stack in a folder; it may be killed and started again at any time."""

    folder: Path
    addresses: Addresses
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the stack, as its user would after a crash; raises RuntimeError."""
        for _ in range(START_TRIES):
            if self._started():
                return
            self.kill_stack()
            time.sleep(1)
        log = (self.folder / "stack.log").read_text()[-2000:]
        raise RuntimeError(f"the stack does not start:\n{log}")

    def running(self) -> Running:
        """Tell where the stack is found; raises RuntimeError when it is not."""
        found = find(self.folder)
        if found is None:
            raise RuntimeError("no stack runs")
        return found

    def connected(self) -> Connected:
        """Reach the stack by the production adapters."""
        return Connected(self.running())

    def kill_stack(self) -> None:
        """SIGKILL the process of cloud, storage and deliveries; the functions follow it."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def cut_power(self) -> None:
        """SIGKILL everything that works on the folder, the database with it."""
        self.kill_stack()
        Home(self.folder, self.addresses.first).kill_everything()

    def restart_postgres(self, number: int, down_s: float) -> None:
        """End the database by a signal, and start it again after a while."""
        file = self.folder / "postgres" / "postmaster.pid"
        with suppress(OSError, ValueError, psutil.Error):
            server = psutil.Process(int(file.read_text().split()[0]))
            server.send_signal(number)
            psutil.wait_procs([server], timeout=10)
        time.sleep(down_s)
        again = EmbeddedPostgres(self.folder / "postgres")
        again.start()
        again.stop()  # the stack holds it as well

    def servers(self) -> dict[str, psutil.Process]:
        """Name the server of each function that lives and has work in a soak."""
        found = {}
        with suppress(OSError, ValueError):
            for name, one in json.loads((self.folder / "functions.json").read_text()).items():
                if name in IDLE:
                    continue
                with suppress(psutil.Error):
                    server = psutil.Process(one["pid"])
                    if server.create_time() == one["created"]:
                        found[name] = server
        return found

    def workers(self) -> list[tuple[str, psutil.Process]]:
        """List the processes that work for each function."""
        found = []
        for name, server in self.servers().items():
            with suppress(psutil.Error):
                found += [(name, worker) for worker in server.children(recursive=True)]
        return found

    def faults(self, method: str, rule: dict[str, object] | None = None) -> list[dict[str, object]]:
        """Ask the cloud for a fault, or have it forget them all; empty when nobody answers."""
        asked = urllib.request.Request(
            f"http://{HOST}:{self.addresses.control}/faults",
            None if rule is None else json.dumps(rule).encode(),
            {"content-type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310  # our own port
                told = json.load(answer)
        except OSError:
            return []
        return told if isinstance(told, list) else [told]

    def unfinished(self) -> str:
        """Say which deliveries are not done, leaving out the ticks that always come."""
        with suppress(Exception):  # the cloud's file is being written, or not there yet
            told = {
                name: one.waiting + one.in_flight + one.retrying
                for name, one in standings(self.folder / "cloud").items()
            }
            most = {"repair": 1}
            left = {name: n for name, n in told.items() if n > most.get(name, 0)}
            return ", ".join(f"{n} for {name}" for name, n in left.items())
        return "the cloud tells nothing"

    def stop(self) -> None:
        """End it as Ctrl-C would, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.process.communicate("", timeout=30)
        self.cut_power()

    def _started(self) -> bool:
        variables = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
        variables |= {
            "SOAK_LEASE_S": str(LEASE_S),
            "REPAIR_TIME_SCALE": str(REPAIR_TIME_SCALE),
        }
        words = [
            sys.executable, "-m", f"{__package__}.stack_process",
            str(self.folder), str(self.addresses.first),
        ]  # fmt: skip
        with (self.folder / "stack.log").open("a") as log:
            self.process = subprocess.Popen(
                words, cwd=ROOT, env=variables, text=True, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        too_slow = threading.Timer(STARTED_S, self.process.kill)
        too_slow.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        too_slow.cancel()
        return line == "started\n"


def signalled(process: psutil.Process, number: int) -> bool:
    """Send a signal; False when nobody is left to get it."""
    try:
        process.send_signal(number)
    except psutil.Error:
        return False
    return True
