"""A run whose instance is told to stop gives its claim back at its next checkpoint."""

import signal
import threading
from contextlib import contextmanager

import pytest

from shared import hold, stopping
from shared.errors import Transient
from shared.limits import FUNCTIONS
from tests.fakes.claims import MemoryClaims

WORK = hold.Work("render/lesson/01", "render", "lesson", "hash")


@contextmanager
def handler(own):
    """Wait for SIGTERM in the way of a server."""
    before = signal.signal(signal.SIGTERM, own)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def server():
    """Give what the server heard."""
    heard = []
    with handler(lambda number, frame: heard.append(number)):
        yield heard


def test_the_next_checkpoint_stops_the_run(server):
    """Transient: the claim is given back at once, and no attempt is spent."""
    with stopping.heeded(), hold.take(MemoryClaims(), WORK, FUNCTIONS["render"], lambda: 0.0):
        hold.checkpoint()
        signal.raise_signal(signal.SIGTERM)

        with pytest.raises(Transient, match="the instance stops"):
            hold.checkpoint()


def test_what_is_finished_may_be_stored(server):
    """There is time for that; what is begun no more is the next step."""
    with stopping.heeded(), hold.take(MemoryClaims(), WORK, FUNCTIONS["render"], lambda: 0.0):
        signal.raise_signal(signal.SIGTERM)

        hold.still_ours()


def test_the_server_hears_of_it_as_well(server):
    """It takes no further delivery, and ends after this one."""
    with stopping.heeded():
        signal.raise_signal(signal.SIGTERM)

    assert [signal.SIGTERM] == server


def test_the_server_waits_alone_afterwards(server):
    """Between two deliveries nothing of ours is left."""
    before = signal.getsignal(signal.SIGTERM)
    with stopping.heeded():
        pass

    assert before is signal.getsignal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert not stopping.is_told()


def test_a_run_in_another_thread_changes_nothing(server):
    """Python lets the main thread alone wait for signals."""
    before, seen = signal.getsignal(signal.SIGTERM), []

    def run():
        with stopping.heeded():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert [before] == seen


def test_who_has_no_handler_ends_at_once():
    """Nobody delays what would end a process."""
    with handler(signal.SIG_DFL), stopping.heeded():
        assert signal.SIG_DFL is signal.getsignal(signal.SIGTERM)
