"""One fake Vertex AI for a file's tests."""

import pytest

from tests.fakes.vertex_server import FakeVertex


@pytest.fixture(scope="module")
def running():
    with FakeVertex() as fake:
        yield fake


@pytest.fixture
def server(running):
    """Give the service as if nobody had asked it yet."""
    running.next.clear()
    running.seen.clear()
    return running
