"""Two sides that must look the same: the local cloud, and Google's emulators behind the bridge."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.bridge import Bridge
from local.cloud.server import LocalCloud
from local.emulators import Emulators
from local.topology import TICK_S, Subscription, Topology
from shared.gcp.pubsub import PubSubEvents
from shared.ports import Events

# The emulators serve the whole session: a project of its own keeps each test apart.
PROJECTS = (f"demo-{number}" for number in itertools.count(1))


def firestore_host(request: pytest.FixtureRequest) -> str:
    """Find the Firestore that this test's parameter names."""
    side = "cloud" if request.param == "local cloud" else "emulators"
    return request.getfixturevalue(side).firestore_host


class Delivery:
    """Publishes on one side, and lets it deliver to URLs."""

    def __init__(self, folder: Path, emulators: Emulators | None, stack: ExitStack) -> None:
        self._folder = folder
        self._emulators = emulators
        self._stack = stack

    def start(
        self,
        functions: dict[str, str],
        *subscriptions: Subscription,
        tick_every_s: float = TICK_S,
        way_in: Callable[[str], str] = str,
    ) -> Events:
        """Begin to deliver; the answer publishes, by `way_in` of the server's address.

        Backoff is next to nothing.
        """
        topology = Topology(subscriptions)
        if self._emulators is None:
            cloud = LocalCloud(
                self._folder, functions, topology=topology, time_scale=0.001,
                tick_every_s=tick_every_s,
            )  # fmt: skip
            cloud.start()
            self._stack.callback(cloud.stop)
            return PubSubEvents("demo", way_in(cloud.pubsub_host))
        project, host = next(PROJECTS), self._emulators.pubsub_host
        bridge = Bridge(
            host, functions, project=project, topology=topology, time_scale=0,
            tick_every_s=tick_every_s,
        )  # fmt: skip
        bridge.start()
        self._stack.callback(bridge.stop)
        return PubSubEvents(project, way_in(host))
