"""Where each part of a stack listens, and how a function process is told.

Ports are fixed, so that a bookmark and a curl line stay right: the first one can be moved with
`--port` or LOCAL_PORT, the others follow it.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

HOST = "127.0.0.1"
FIRST_PORT = 8700
PROJECT = "demo"
FUNCTION_SERVER = "local.function_server"
REPAIR_TIME_SCALE = 0.1  # who sits in front of it waits a minute for a lost event, not ten
SHOWN = 100  # characters of a command line
FUNCTIONS = ("ingest", "script", "render", "finalize", "library", "repair")  # events wake them
HTTP_FUNCTIONS = ("status",)
SERVERS = (*FUNCTIONS, *HTTP_FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The ports of one stack, counted from its first."""

    first: int = FIRST_PORT

    @property
    def grpc(self) -> int:
        """Firestore and Pub/Sub."""
        return self.first

    @property
    def storage(self) -> int:
        """Cloud Storage."""
        return self.first + 1

    @property
    def control(self) -> int:
        """Faults on demand."""
        return self.first + 2

    def function(self, name: str) -> int:
        """One functions-framework server."""
        return self.first + 11 + SERVERS.index(name)

    def all(self) -> dict[str, int]:
        """Name every port."""
        servers = {
            "Firestore and Pub/Sub": self.grpc,
            "Cloud Storage": self.storage,
            "control": self.control,
        }
        return servers | {name: self.function(name) for name in SERVERS}

    def url(self, name: str) -> str:
        """Give a function's base URL."""
        return f"http://{HOST}:{self.function(name)}/"

    def environment(self, database_url: str) -> dict[str, str]:
        """Give the variables that point the production adapters at this stack."""
        return {
            "ENVIRONMENT": "local",
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_EMULATOR_HOST": f"{HOST}:{self.grpc}",
            "PUBSUB_EMULATOR_HOST": f"{HOST}:{self.grpc}",
            "STORAGE_EMULATOR_HOST": f"http://{HOST}:{self.storage}",
            "DATABASE_URL": database_url,
            "REPAIR_TIME_SCALE": str(REPAIR_TIME_SCALE),
            "STATUS_CALLERS": "development",
        }


def taken_ports(addresses: Addresses) -> Mapping[int, str]:
    """Tell which of a stack's ports are in use, and by whom."""
    return {port: _owner(port) for port in addresses.all().values() if _in_use(port)}


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do it: a port that only waits for its last connections to end is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _owner(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == "LISTEN" and connection.laddr.port == port and connection.pid:
                return _described(psutil.Process(connection.pid))
    except psutil.Error:
        return "a process that hides its name"
    return "another user's process"


def _described(process: psutil.Process) -> str:
    words = process.cmdline()
    if FUNCTION_SERVER in words:
        stack = process.parent() or process
        # A server may be the child of another one of the same function.
        return _described(stack)
    words = [Path(words[0]).name, *words[1:]] if words else [process.name()]
    return f"process {process.pid} ({' '.join(words)[:SHOWN]}) in {process.cwd()}"
