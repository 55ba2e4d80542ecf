"""A stack of a benchmark's own: a fresh folder, free ports, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.addresses import FIRST_PORT, FUNCTIONS, Addresses, taken_ports
from local.services import Connected
from local.stack import Stack, Wish

PORTS_A_STACK = 20


@dataclass(frozen=True, slots=True)
class FreshStack:
    """A running stack that has seen nothing yet."""

    folder: Path
    connected: Connected
    pids: Mapping[str, int]  # of each function's server
    ports: Mapping[str, int]


@contextmanager
def fresh_stack(stand_ins: Mapping[str, Path] | None = None) -> Iterator[FreshStack]:
    """Run a stack while the block runs; `stand_ins` replace functions of the project."""
    # Not a TemporaryDirectory: as root the database belongs to another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-bench-"))
    try:
        addresses = free_addresses()
        ports = {name: addresses.function(name) for name in FUNCTIONS}
        with Stack(Wish(folder, addresses, stand_ins=stand_ins or {})) as stack:
            yield FreshStack(folder, Connected(stack.running), stack.pids(), ports)
    finally:
        shutil.rmtree(folder)


def free_addresses() -> Addresses:
    """Find a row of ports that nobody uses."""
    first = FIRST_PORT + PORTS_A_STACK
    while taken_ports(Addresses(first)):
        first += PORTS_A_STACK
    return Addresses(first)
