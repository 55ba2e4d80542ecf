"""A stack to be crashed: the local cloud here, the functions as processes with failpoints."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rich.console import Console

from local import bookshelf
from local.addresses import FUNCTIONS, Addresses, taken_ports
from local.cloud.server import LocalCloud
from local.failpoints import Failpoints
from local.postgres import EmbeddedPostgres
from local.processes import Functions
from local.services import Connected
from local.stack import Running
from local.topology import PIPELINE, Topology
from shared.gcp.dial import connect
from shared.migrate import migrate

APART = 30
# Below the ports that connections go out from; each test process, of any run, has its own.
FIRST = 8_900 + os.getpid() % 60 * 6 * APART
STARTS = itertools.cycle(range(FIRST, FIRST + 6 * APART, APART))
WIDE = 6  # deliveries to one function at once: a stopped run must not be all that there is
TIME_SCALE = 0.03  # 0.3, 0.6, 1.2, 2.4 s between two deliveries
SHORT = {"LEASE_S": 2.0, "BEAT_S": 0.5}
MIGRATE_S = 60.0

ROOM = Topology(
    tuple(replace(one, in_flight=WIDE) for one in PIPELINE.subscriptions), PIPELINE.kept_topics
)


@dataclass(frozen=True)
class Stand:
    """What a test may use of a running stack."""

    folder: Path
    environment: Mapping[str, str]
    failpoints: Failpoints
    cloud: LocalCloud
    database: EmbeddedPostgres
    functions: Functions

    @cached_property
    def connected(self) -> Connected:
        """The production adapters."""
        return Connected(Running(self.environment))

    def close(self) -> None:
        """Let go of the database."""
        self.connected.close()


@contextmanager
def stand(stand_ins: Mapping[str, Path] | None = None, **short: float) -> Iterator[Stand]:
    """Run a stack with failpoints and a stocked library while the block runs."""
    # Not below pytest's own folder: as root the server runs as another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-crash-"))
    database = EmbeddedPostgres(folder / "postgres")
    addresses = Addresses(next(port for port in STARTS if not taken_ports(Addresses(port))))
    failpoints = Failpoints(folder / "failpoints")
    failpoints.hurry(**{**SHORT, **short})
    with ExitStack() as whole:
        whole.callback(shutil.rmtree, folder)
        environment = addresses.environment(database.start())
        whole.callback(database.stop)
        variables = {**environment, "FAILPOINTS": str(folder / "failpoints")}
        functions = Functions(folder, addresses, variables, stand_ins or {})
        functions.start()
        whole.callback(functions.stop)
        cloud = LocalCloud(
            folder / "cloud",
            {name: addresses.url(name) for name in FUNCTIONS},
            grpc_port=addresses.grpc,
            storage_port=addresses.storage,
            control_port=addresses.control,
            topology=ROOM,
            time_scale=TIME_SCALE,
            tick_every_s=None,
        )
        cloud.start()
        whole.callback(cloud.stop)
        whole.callback(functions.stop)  # first of all: a stopped process ends with its group
        with closing(connect(environment["DATABASE_URL"], MIGRATE_S)) as connection:
            migrate(connection)
        made = Stand(folder, environment, failpoints, cloud, database, functions)
        whole.enter_context(closing(made))
        bookshelf.stock(made.connected, Console(quiet=True))
        yield made
