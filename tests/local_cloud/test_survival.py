"""What was answered survives the kill of the cloud at any moment."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.topology import BUCKETS, bucket_name
from shared.claim import Claim
from shared.errors import PipelineError
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects
from shared.messages import Message
from tests.local_cloud.sink import Posted, Sink, free_port, listening

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)


def a_claim(key: str) -> Claim:
    """Make a fresh claim."""
    return Claim(key, "script", "1", "hash", "me", 90.0, BEGAN)


KILLS = 2
ANSWERS = 25  # of each kind, between two kills
ROOT = Path(__file__).parents[2]


class Writer:
    """Writes one thing after the other, and remembers which of them were answered."""

    def __init__(self, kind: str, write: Callable[[str], object]) -> None:
        self._kind = kind
        self._write = write
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self.answered: list[str] = []

    def run(self) -> None:
        """Write until told to stop."""
        number = 0
        while not self._stop.is_set():
            name = f"{self._kind}-{number}"
            number += 1
            try:
                self._write(name)
            except PipelineError:
                self._stop.wait(0.05)  # nobody promised anything
                continue
            with self._changed:
                self.answered.append(name)
                self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait until so many more were answered."""
        with self._changed:
            enough = len(self.answered) + more
            assert self._changed.wait_for(lambda: len(self.answered) >= enough, 30)

    def stop(self) -> None:
        """Write no more."""
        self._stop.set()


@dataclass(frozen=True, slots=True)
class Storm:
    """A cloud that was killed again and again while it was written to, running quietly now."""

    claims: FirestoreClaims
    objects: StorageObjects
    sink: Sink
    claimed: list[str]
    stored: list[str]
    published: list[str]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """Kill a cloud under load, and start it on the same folder again."""
    folder, ports = tmp_path_factory.mktemp("cloud"), (free_port(), free_port())
    host = f"127.0.0.1:{ports[0]}"
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    claims, events = FirestoreClaims("demo", host), PubSubEvents("demo", host)
    objects = StorageObjects("demo", f"http://127.0.0.1:{ports[1]}", buckets)
    writers = [
        Writer("claim", lambda name: claims.create(a_claim(name))),
        Writer("object", lambda n: objects.create("scenes", n, n.encode(), content_type="x/y")),
        Writer("event", lambda name: events.publish([Message("content-requests", name, name)])),
    ]  # fmt: skip
    with listening() as sink, ThreadPoolExecutor(3) as pool:
        for kill in range(KILLS):
            with cloud_process(folder, sink.url, *ports):
                if kill == 0:
                    running = [pool.submit(writer.run) for writer in writers]
                for writer in writers:
                    writer.wait_for(ANSWERS)
        with cloud_process(folder, sink.url, *ports):
            for writer in writers:
                writer.stop()
            for one in running:
                one.result()
            yield Storm(claims, objects, sink, *(writer.answered for writer in writers))


@contextmanager
def cloud_process(folder: Path, url: str, grpc_port: int, storage_port: int) -> Iterator[None]:
    """Run a cloud in a process of its own for a block, then kill it without warning."""
    arguments = [str(folder), url, str(grpc_port), str(storage_port)]
    command = [sys.executable, "-m", "tests.local_cloud.cloud_process", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        try:
            assert process.stdout.readline() == b"started\n"
            yield
        finally:
            process.kill()


def test_an_answered_claim_is_there(storm: Storm) -> None:
    """Every claim whose create was answered can be read."""
    lost = [name for name in storm.claimed if storm.claims.read(name) is None]

    assert ([], True) == (lost, len(storm.claimed) >= KILLS * ANSWERS)


def test_an_answered_object_is_there(storm: Storm) -> None:
    """Every object whose create was answered has its content."""
    assert storm.stored == [storm.objects.read("scenes", one).decode() for one in storm.stored]


def test_an_answered_object_announces_itself(storm: Storm) -> None:
    """Every object whose create was answered reaches the function behind its bucket."""
    expected = set(storm.stored)

    def all_came(posted: list[Posted]) -> bool:
        return expected <= {one.decoded["name"] for one in posted if "ce-subject" in one.headers}

    assert storm.sink.wait_until(all_came)


def test_an_answered_event_is_delivered(storm: Storm) -> None:
    """Every message whose publish was answered reaches its function."""
    expected = set(storm.published)

    def all_came(posted: list[Posted]) -> bool:
        return expected <= {one.data for one in posted if "ce-subject" not in one.headers}

    assert storm.sink.wait_until(all_came)
