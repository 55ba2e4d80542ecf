"""A local cloud of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.cloud.server import LocalCloud
from local.topology import Subscription, Topology
from tests.local_cloud.clients import StartCloud


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
