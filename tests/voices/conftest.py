"""One fake of both services for each file; what a test pushes, it uses up."""

import pytest

from tests.fakes.speech_server import FakeSpeech


@pytest.fixture(scope="module")
def server():
    """Answer well, unless a test says otherwise."""
    with FakeSpeech() as fake:
        yield fake
