"""A local cloud in a process of its own, to be killed."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from local.cloud.server import LocalCloud

if __name__ == "__main__":
    folder, function, grpc_port, storage_port = sys.argv[1:]
    LocalCloud(
        Path(folder),
        dict.fromkeys(("ingest", "finalize"), function),
        grpc_port=int(grpc_port),
        storage_port=int(storage_port),
        time_scale=0.001,
    ).start()
    print("started", flush=True)  # noqa: T201
    threading.Event().wait()
