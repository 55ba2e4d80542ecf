"""A local cloud of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.cloud.server import LocalCloud
from local.topology import BUCKETS, Subscription, Topology, bucket_name
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects

StartCloud = Callable[..., LocalCloud]


@pytest.fixture
def start_cloud(tmp_path: Path) -> Iterator[StartCloud]:
    """Give what starts a cloud on this test's folder; the next start finds its state."""
    with ExitStack() as stack:

        def start(
            functions: dict[str, str] | None = None,
            *subscriptions: Subscription,
            time_scale: float = 0.001,
        ) -> LocalCloud:
            stack.close()
            cloud = LocalCloud(
                tmp_path, functions or {}, topology=Topology(subscriptions, ("requests",)),
                time_scale=time_scale,
            )  # fmt: skip
            cloud.start()
            stack.callback(cloud.stop)
            return cloud

        yield start


@pytest.fixture
def cloud(start_cloud: StartCloud) -> LocalCloud:
    """Run a cloud that delivers to nobody."""
    return start_cloud()


def events_of(cloud: LocalCloud) -> PubSubEvents:
    """Give the way into a cloud's topics."""
    return PubSubEvents("demo", cloud.pubsub_host)


def objects_of(cloud: LocalCloud) -> StorageObjects:
    """Give a cloud's buckets."""
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    return StorageObjects("demo", cloud.storage_host, buckets)
