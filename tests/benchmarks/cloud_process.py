"""A local cloud in a process of its own, for as long as its standard input stays open.

In a benchmark's own process it would wait for the benchmark's Python code to pause.
"""

from __future__ import annotations

import sys
from pathlib import Path

from local.cloud.server import LocalCloud

if __name__ == "__main__":
    folder, grpc_port, storage_port, control_port = sys.argv[1:]
    cloud = LocalCloud(
        Path(folder),
        {},
        grpc_port=int(grpc_port),
        storage_port=int(storage_port),
        control_port=int(control_port),
        tick_every_s=None,
    )
    cloud.start()
    print("started", flush=True)
    sys.stdin.read()
    cloud.stop()
