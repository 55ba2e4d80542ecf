"""The functions, each started alone as the README says, beside a cloud that delivers nothing."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.addresses import FUNCTIONS, PROJECT, Addresses
from local.cloud.overview import kept
from local.cloud.server import LocalCloud
from local.services import Connected
from local.stack import Running
from shared.ports import Objects
from tests.local_cloud.sink import free_port

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "tests" / "events"
FRAMEWORK = Path(sys.executable).with_name("functions-framework")
DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class Alone:
    """Functions that nothing delivers to but the test."""

    folder: Path
    ports: Mapping[str, int]
    objects: Objects
    database_url: str

    def post(self, function: str, recorded: str, **changes: Any) -> int:
        """Post a recorded event with some of its data changed; gives the answer's status."""
        headers, body = event(recorded, **changes)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[function]}/", body, headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def published(self, topic: str) -> list[bytes]:
        """List what a topic holds, as nobody fetches it."""
        return [one.data for one in kept(self.folder, topic, project=PROJECT)]


def event(recorded: str, **changes: Any) -> tuple[dict[str, str], bytes]:
    """Read a recorded event; `data` replaces a message's own, anything else the object's."""
    lines = (EVENTS / f"{recorded}.headers").read_text().splitlines()
    body = json.loads((EVENTS / f"{recorded}.json").read_text())
    data = changes.pop("data", None)
    if data is not None:
        body["message"]["data"] = base64.b64encode(data).decode()
        body["message"]["messageId"] = base64.b16encode(data[-20:]).decode()
    headers = dict(line.split(": ", 1) for line in lines)
    if "name" in changes:
        headers["ce-subject"] = f"objects/{changes['name']}"
    return headers, json.dumps(body | changes).encode()


@contextmanager
def started(folder: Path, database_url: str) -> Iterator[Alone]:
    """Start every function while the block runs."""
    addresses = Addresses(free_port())
    ports = {name: free_port() for name in FUNCTIONS}
    with ExitStack() as running:
        cloud = LocalCloud(
            folder, {}, project=PROJECT, grpc_port=addresses.grpc, storage_port=addresses.storage
        )
        cloud.start()
        running.callback(cloud.stop)
        variables = addresses.environment(database_url)
        for name, port in ports.items():
            running.enter_context(_server(name, port, variables))
        yield Alone(folder, ports, Connected(Running(variables)).objects, database_url)


@contextmanager
def _server(name: str, port: int, variables: Mapping[str, str]) -> Iterator[None]:
    command = [
        str(FRAMEWORK), "--source", f"functions/{name}/main.py", "--target", name,
        "--signature-type", "cloudevent", "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    # In the project's own environment `shared` is found without the path.
    settings = {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=settings) as process:
        try:
            yield
        finally:
            process.terminate()
