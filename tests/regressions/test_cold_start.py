"""The first requests of an instance come at once: each adapter, and each pool, is built once."""

from __future__ import annotations

import sys
from threading import Barrier

import pytest

from shared import config, wiring
from shared.limits import FUNCTIONS
from tests.records.given import at_once

THREADS = FUNCTIONS["ingest"].threads
ROUNDS = 20
PORTS = ("claims", "objects", "events", "records", "upkeep", "library", "author", "voice", "ledger")
INSTANCE = {
    "GOOGLE_CLOUD_PROJECT": "demo",
    "ENVIRONMENT": "test",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
    "PUBSUB_EMULATOR_HOST": "127.0.0.1:1",
    "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1",
}


@pytest.fixture(autouse=True)
def instance(monkeypatch):
    """Be an instance that nobody has asked anything yet, whose threads take turns very often."""
    for name, text in INSTANCE.items():
        monkeypatch.setenv(name, text)
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(often)
    wiring._of_the_environment.cache_clear()  # noqa: SLF001 - a new instance knows nothing


def built(ask):
    """Ask in every thread at the same moment; gives how many different answers there were."""
    together = Barrier(THREADS)

    def one(_):
        together.wait()
        return ask()

    return len({id(answer) for answer in at_once(THREADS, one)})


@pytest.mark.parametrize("port", PORTS)
def test_every_thread_gets_the_same_adapter(port):
    """Eight clients, and eight pools, would stand beside each other."""
    counts = []
    for _ in range(ROUNDS):
        services = wiring.CloudServices(config.read(), pool=2)
        counts.append(built(lambda services=services: getattr(services, port)))

    assert [1] * ROUNDS == counts


def test_every_adapter_over_the_database_shares_one_pool():
    """However the first ones to ask fall together."""
    ports = ("records", "upkeep", "library")
    services = wiring.CloudServices(config.read(), pool=2)
    together = Barrier(len(ports))

    def pool(n):
        together.wait()
        return getattr(services, ports[n])._postgres  # noqa: SLF001 - whose pool is it?

    assert 1 == len({id(one) for one in at_once(len(ports), pool)})


def test_every_thread_gets_the_services_of_one_instance():
    """The settings are read once, and one set of adapters comes of it."""
    counts = []
    for _ in range(ROUNDS):
        wiring._of_the_environment.cache_clear()  # noqa: SLF001
        counts.append(built(lambda: wiring.services("ingest")))

    assert [1] * ROUNDS == counts
