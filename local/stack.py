"""One stack: database, local cloud and functions, up together and down together.

    python -m local up ── PostgreSQL, Firestore, Pub/Sub, Storage in this process
                       └─ ingest, script, render, finalize, library, repair, status:
                          functions-framework servers

Everything it knows lies in one folder and survives being killed at any moment; only Google's
emulators, when they stand in for ours, forget.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from local.addresses import FUNCTIONS, HOST, PROJECT, Addresses, taken_ports
from local.emulators import Absent, Emulators, NotReady
from local.emulators import find as find_emulators
from local.postgres import EmbeddedPostgres
from local.processes import Functions, end_leftovers
from local.state_folder import CannotStart, locked, stack_file
from local.topology import TICK_S
from shared import migrate
from shared.gcp.dial import connect

MIGRATE_S = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """Where a stack is found; one that is not `alive` has only its database."""

    environment: Mapping[str, str]
    alive: bool = True

    @property
    def database_url(self) -> str:
        """Where the records are."""
        return self.environment["DATABASE_URL"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of stack is wanted, and where.

    `stand_ins` are functions from other folders; `tick_every_s` is how often `repair` looks.
    `serves` adds the functions that answer over HTTP: one lesson of one's own needs none.
    """

    folder: Path
    addresses: Addresses
    google_emulators: bool = False
    stand_ins: Mapping[str, Path] = field(default_factory=dict)
    tick_every_s: float = TICK_S
    serves: bool = False


class Stack:
    """A stack that belongs to this process, running inside a `with`."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._open = ExitStack()
        self._functions: Functions
        self.running: Running

    def __enter__(self) -> Self:
        """Start everything; raises CannotStart."""
        try:
            self._start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def url(self, function: str) -> str:
        """Give a function's base URL."""
        return self._wish.addresses.url(function)

    def pids(self) -> dict[str, int]:
        """Name the process of each function."""
        return self._functions.pids()

    def _start(self) -> None:
        wish = self._wish
        if os.environ.get("ENVIRONMENT") == "prod":
            raise CannotStart("ENVIRONMENT is prod, and this is no production: unset it.")
        self._open.enter_context(locked(wish.folder))
        end_leftovers(wish.folder)
        taken = taken_ports(wish.addresses)
        if taken:
            raise CannotStart(about_ports(taken, wish.addresses))
        environment = wish.addresses.environment(self._open.enter_context(database(wish.folder)))
        if wish.google_emulators:
            environment |= self._emulators()
        self.running = Running(environment)
        # The servers take longest to start: while they import their code, the rest comes up.
        self._functions = Functions(wish.folder, wish.addresses, environment, wish.stand_ins)
        self._functions.start()
        self._open.callback(self._functions.stop)
        with closing(connect(self.running.database_url, MIGRATE_S)) as connection:
            migrate.migrate(connection)
        self._deliver()
        if wish.serves:
            self._functions.serve()
        found = stack_file(wish.folder)
        found.write_text(json.dumps(asdict(self.running)))
        self._open.callback(found.unlink, missing_ok=True)

    def _emulators(self) -> dict[str, str]:
        installed = find_emulators()
        if isinstance(installed, Absent):
            raise CannotStart(f"Google's emulators are not installed: {installed.reason}")
        try:
            emulators = self._open.enter_context(Emulators(installed))
        except NotReady as fault:
            raise CannotStart(f"Google's emulators did not start: {fault}") from fault
        return {
            "FIRESTORE_EMULATOR_HOST": emulators.firestore_host,
            "PUBSUB_EMULATOR_HOST": emulators.pubsub_host,
        }

    def _deliver(self) -> None:
        # Not at the top: Google's clients take longer to import than all the rest together, and
        # here the servers are importing them at the same time.
        from local.cloud.server import LocalCloud  # noqa: PLC0415

        addresses = self._wish.addresses
        urls = {name: addresses.url(name) for name in FUNCTIONS}
        cloud = LocalCloud(
            self._wish.folder / "cloud",
            urls,
            project=PROJECT,
            host=HOST,
            grpc_port=addresses.grpc,
            storage_port=addresses.storage,
            control_port=addresses.control,
            tick_every_s=None if self._wish.google_emulators else self._wish.tick_every_s,
        )
        cloud.start()
        self._open.callback(cloud.stop)
        # First of all: what is cut off still needs the cloud to give its claims back.
        self._open.callback(self._functions.stop)
        if self._wish.google_emulators:
            self._bridge(urls)

    def _bridge(self, urls: Mapping[str, str]) -> None:
        from local.bridge import Bridge  # noqa: PLC0415  # 1 s, and rarely wanted

        bridge = Bridge(
            self.running.environment["PUBSUB_EMULATOR_HOST"],
            urls,
            project=PROJECT,
            tick_every_s=self._wish.tick_every_s,
        )
        bridge.start()
        self._open.callback(bridge.stop)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Give the URL of the user's own database, or of one in this folder while the block runs."""
    own = os.environ.get("DATABASE_URL", "")
    if own:
        yield own
        return
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        yield postgres.start()
    finally:
        postgres.stop()


def has_database(folder: Path) -> bool:
    """Whether there is a database to read, the user's own or one in this folder."""
    return bool(os.environ.get("DATABASE_URL")) or (folder / "postgres").exists()


def find(folder: Path) -> Running | None:
    """Find the stack that runs on this folder, if one does."""
    try:
        running = Running(**json.loads(stack_file(folder).read_text()))
        with locked(folder):
            return None  # it was killed
    except (FileNotFoundError, NotADirectoryError):
        return None
    except CannotStart:
        return running


def about_ports(taken: Mapping[int, str], addresses: Addresses) -> str:
    """Say which ports are taken by whom, and what to do."""
    lines = []
    for owner in dict.fromkeys(taken.values()):
        ports = [str(port) for port in sorted(taken) if taken[port] == owner]
        lines.append(f"  {', '.join(ports)}: taken by {owner}")
    other = f"End that process, or use other ports: --port {addresses.first + 100}"
    return "\n".join(["Some ports are taken:", *lines, other])
