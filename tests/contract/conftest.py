"""What stands behind each port: a fake, the local cloud, and Google's emulators if installed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.bridge import Bridge
from local.cloud.server import LocalCloud
from local.emulators import Absent, Emulators, NotReady, find
from local.topology import BUCKETS, Subscription, Topology, bucket_name
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects
from shared.ports import Claims, Events, Objects
from tests.fakes.claims import MemoryClaims
from tests.fakes.objects import MemoryObjects

PROJECTS = (f"demo-{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def emulators() -> Iterator[Emulators]:
    """Run Google's emulators: absent is skipped, present but broken fails in CI."""
    installed = find()
    if isinstance(installed, Absent):
        pytest.skip(installed.reason)
    with ExitStack() as stack:
        try:
            running = stack.enter_context(Emulators(installed))
        except NotReady as error:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
        yield running


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    """Run a local cloud that delivers to nobody."""
    cloud = LocalCloud(tmp_path / "cloud", {})
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture(params=["memory", "local cloud", "google"])
def claims(request: pytest.FixtureRequest) -> Claims:
    """Give the port Claims, empty."""
    if request.param == "memory":
        return MemoryClaims()
    return FirestoreClaims(next(PROJECTS), firestore_host(request))


def firestore_host(request: pytest.FixtureRequest) -> str:
    """Find the Firestore that this test's parameter names."""
    side = "cloud" if request.param == "local cloud" else "emulators"
    return request.getfixturevalue(side).firestore_host


@pytest.fixture(params=["memory", "local cloud"])
def objects(request: pytest.FixtureRequest) -> Objects:
    """Give the port Objects, empty."""
    if request.param == "memory":
        return MemoryObjects()
    cloud: LocalCloud = request.getfixturevalue("cloud")
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    return StorageObjects("demo", cloud.storage_host, buckets)


class Delivery:
    """Publishes on one side, and lets it deliver to URLs."""

    def __init__(self, folder: Path, emulators: Emulators | None, stack: ExitStack) -> None:
        self._folder = folder
        self._emulators = emulators
        self._stack = stack

    def start(self, functions: dict[str, str], *subscriptions: Subscription) -> Events:
        """Begin to deliver; the answer is the way in.  Backoff is next to nothing."""
        topology = Topology(subscriptions)
        if self._emulators is None:
            cloud = LocalCloud(self._folder, functions, topology=topology, time_scale=0.001)
            cloud.start()
            self._stack.callback(cloud.stop)
            return PubSubEvents("demo", cloud.pubsub_host)
        project, host = next(PROJECTS), self._emulators.pubsub_host
        bridge = Bridge(host, functions, project=project, topology=topology, time_scale=0)
        bridge.start()
        self._stack.callback(bridge.stop)
        return PubSubEvents(project, host)


@pytest.fixture(params=["local cloud", "google"])
def delivery(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Delivery]:
    """Give a cloud that delivers, not started yet."""
    google = request.param == "google"
    with ExitStack() as stack:
        emulators = request.getfixturevalue("emulators") if google else None
        yield Delivery(tmp_path, emulators, stack)
