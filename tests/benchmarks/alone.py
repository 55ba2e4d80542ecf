"""Functions in server processes of their own, beside a cloud that delivers nothing to them.

The benchmark posts the events itself, so that a function is measured and not its deliveries.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local.addresses import FUNCTION_SERVER, HOST, HTTP_FUNCTIONS, PROJECT, Addresses
from local.cloud import cloud_event
from local.cloud.arrows import topic_path
from local.cloud.cloud_event import StoredEvent
from local.cloud.courier import Courier
from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect
from shared.limits import FUNCTIONS
from shared.migrate import migrate
from tests.benchmarks.stacks import free_addresses

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
POST_S = 30.0
KNOCK_S = 0.02


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud and a database, and the variables that point a function at them."""

    folder: Path
    addresses: Addresses
    variables: Mapping[str, str]

    @contextmanager
    def server(self, name: str, source: Path | None = None) -> Iterator[Courier]:
        """Run a function's server, or another one in its place; gives the way to it."""
        main = (source or ROOT / "functions" / name) / "main.py"
        kind = "http" if name in HTTP_FUNCTIONS else "cloudevent"
        command = [
            sys.executable, "-m", FUNCTION_SERVER, "--source", str(main), "--target", name,
            "--signature-type", kind, "--host", HOST,
            "--port", str(self.addresses.function(name)),
        ]  # fmt: skip
        settings = {**os.environ, **self.variables, **_as_deployed(name)}
        with (self.folder / f"{name}.log").open("ab") as log, ExitStack() as open_ones:
            process = open_ones.enter_context(
                subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
            )
            open_ones.callback(process.terminate)
            _wait_until_open(process, self.addresses.function(name), log.name)
            courier = Courier(self.addresses.url(name))
            yield courier


@contextmanager
def cloud_alone() -> Iterator[Cloud]:
    """Run a cloud in a process of its own, and an empty database."""
    # Not a TemporaryDirectory: as root the database belongs to another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-bench-"))
    addresses = free_addresses()
    postgres = EmbeddedPostgres(folder / "postgres")
    with ExitStack() as open_ones:
        open_ones.callback(shutil.rmtree, folder)
        url = postgres.start()
        open_ones.callback(postgres.stop)
        with closing(connect(url, PATIENCE_S)) as connection:
            migrate(connection)
        ports = [str(port) for port in (addresses.grpc, addresses.storage, addresses.control)]
        command = [
            sys.executable, "-m", "tests.benchmarks.cloud_process", str(folder / "cloud"), *ports,
        ]  # fmt: skip
        pipe = subprocess.PIPE
        process = open_ones.enter_context(
            subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        )
        assert process.stdout is not None
        process.stdout.readline()  # it says when it has started
        yield Cloud(folder, addresses, addresses.environment(url))


def posted(courier: Courier, topic: str, unique: str, data: bytes) -> float:
    """Post a message's first delivery; gives the seconds until it was acknowledged.

    Raises RuntimeError when it was not.
    """
    source = topic_path(PROJECT, topic)
    event = StoredEvent(unique, "topic", source, data, {}, time.time_ns() // 1000)
    body = cloud_event.body(event, f"projects/{PROJECT}/subscriptions/{topic}", attempt=1)
    began = time.perf_counter()
    failure = courier.send(cloud_event.headers(event), body, POST_S)
    if failure:
        raise RuntimeError(f"{topic} {unique}: {failure}")
    return time.perf_counter() - began


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: str) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(OSError):
            socket.create_connection((HOST, port), timeout=1).close()
            return
        time.sleep(KNOCK_S)
    raise RuntimeError(f"a function does not start:\n{Path(log).read_text()}")


def _as_deployed(name: str) -> dict[str, str]:
    limits = FUNCTIONS[name]
    return {
        "PYTHONPATH": str(ROOT),
        "WORKERS": "1",
        "THREADS": str(limits.threads),
        "CLOUD_RUN_TIMEOUT_SECONDS": str(limits.timeout_s),
        "GUNICORN_LOG_LEVEL": "error",
        "GRPC_VERBOSITY": "ERROR",
    }
