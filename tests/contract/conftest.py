"""What stands behind each port: a fake, the local cloud, and Google's emulators if installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.cloud.server import LocalCloud
from local.emulators import Absent, Emulators, NotReady, find
from local.topology import BUCKETS, bucket_name
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.storage import StorageObjects
from shared.ports import Claims, Objects
from tests.contract.sides import PROJECTS, Delivery, firestore_host
from tests.fakes.claims import MemoryClaims
from tests.fakes.objects import MemoryObjects


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


@pytest.fixture(params=["memory", "local cloud"])
def objects(request: pytest.FixtureRequest) -> Objects:
    """Give the port Objects, empty."""
    if request.param == "memory":
        return MemoryObjects()
    cloud: LocalCloud = request.getfixturevalue("cloud")
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    return StorageObjects("demo", cloud.storage_host, buckets)


@pytest.fixture(params=["local cloud", "google"])
def delivery(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Delivery]:
    """Give a cloud that delivers, not started yet."""
    google = request.param == "google"
    with ExitStack() as stack:
        emulators = request.getfixturevalue("emulators") if google else None
        yield Delivery(tmp_path, emulators, stack)
