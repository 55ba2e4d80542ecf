"""Something that the pipeline needs is gone: requests wait, and complete once it is back."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from shared.deadline import within
from shared.errors import Transient
from shared.gcp.dial import connect
from tests.crash.lessons import Asked, prepare
from tests.crash.play import at_rest, moves
from tests.crash.stand import Stand, stand

REQUESTS = 3
PATIENCE_S = 60.0
PUBLISH_S = 5.0  # for which this test's own call tries
POLL_S = 0.05
SEEN = 3  # calls that the fault befell, or that were made in vain: then the outage was one


@pytest.fixture(scope="module")
def running() -> Iterator[Stand]:
    """Give a stack whose calls are given up soon."""
    with stand(CALL_TIMEOUT_S=2.0, PUBLISH_TIMEOUT_S=2.0) as made:
        yield made


def failing(stand: Stand, asked: list[Asked]) -> None:
    """Wait until every request was tried in vain."""

    def tried(one: Asked) -> int:
        return sum(key == one.key("ingest") for key, _ in stand.failpoints.passed())

    before = [tried(one) for one in asked]
    until(lambda: all(tried(one) >= n + SEEN for one, n in zip(asked, before, strict=True)))


def until(true: Callable[[], bool]) -> None:
    """Wait for something that takes a moment."""
    give_up = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < give_up
        time.sleep(POLL_S)


@contextmanager
def down(stand: Stand, call: str, action: str, name: str = "*") -> Iterator[None]:
    """Let calls of the local cloud fail, until enough of them did."""
    fault = stand.cloud.faults.add(call, action=action, name=name, times=None)
    yield
    until(lambda: stand.cloud.faults.acted(fault) >= SEEN)


def prepared(stand: Stand) -> list[Asked]:
    """Make up requests, while everything still works."""
    return [prepare(stand, "text") for _ in range(REQUESTS)]


def send(stand: Stand, asked: list[Asked]) -> None:
    """Put requests into the pipeline; raises when they could not be stored."""
    with within(PUBLISH_S):
        stand.connected.events.publish([one.message for one in asked])


def all_wait(stand: Stand, asked: list[Asked]) -> bool:
    """Whether each of these is still to be delivered: nothing was acknowledged."""
    return all(moves(stand, one) for one in asked)


def completed_once(stand: Stand, asked: list[Asked]) -> bool:
    """Whether each request comes to its lesson, and is told so in one event."""
    rests = [at_rest(stand, one) for one in asked]
    return all(rest.status == "completed" and len(rest.completions) == 1 for rest in rests)


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("firestore.*", "unavailable"),
        ("firestore.*", "hang"),
        ("storage.*", "unavailable"),
        ("storage.*", "reset"),
        ("storage.insert", "429"),
    ],
)
def test_requests_wait_for_a_service(running, call, action):
    """While it refuses or says nothing, nothing is acknowledged; afterwards everything is done."""
    asked = prepared(running)
    with down(running, call, action):
        send(running, asked)
    waited = all_wait(running, asked)
    running.cloud.faults.clear()

    assert waited
    assert completed_once(running, asked)


@pytest.mark.parametrize("action", ["hang", "lose-answer", "unavailable"])
def test_requests_wait_for_the_way_out(running, action):
    """What a stage could not publish, or does not know that it did, is not acknowledged."""
    asked = prepared(running)
    with down(running, "pubsub.Publish", action, "*script-requested"):
        send(running, asked)
    waited = all_wait(running, asked)
    running.cloud.faults.clear()

    assert waited
    assert completed_once(running, asked)


@pytest.mark.parametrize("call", ["firestore.Commit", "storage.insert"])
def test_answers_get_lost(running, call):
    """What was written is found and gone on from."""
    asked = prepared(running)
    with down(running, call, "lose-answer"):
        send(running, asked)
    running.cloud.faults.clear()

    assert completed_once(running, asked)


def test_requests_wait_for_the_database(running):
    """A database that is stopped and started again costs nothing but time."""
    asked = prepared(running)
    running.connected.close()
    running.database.stop()
    try:
        send(running, asked)
        failing(running, asked)
    finally:
        running.database.start()

    assert completed_once(running, asked)


def test_the_database_ends_every_session(running):
    """Connections that died under a run, or while nobody looked, are replaced."""
    asked = prepared(running)
    send(running, asked)
    with closing(connect(running.environment["DATABASE_URL"], PATIENCE_S)) as admin:
        for _ in range(SEEN):
            admin.execute_simple(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and backend_type = 'client backend'"
            )

    assert completed_once(running, asked)


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow, which is where the local cloud keeps everything."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_accepts_nothing(running):
    """Who could not be stored is told so, and may ask again once there is room."""
    asked = prepared(running)
    with full_disk(), pytest.raises(Transient):
        send(running, asked)
    send(running, asked)

    assert completed_once(running, asked)


def test_requests_wait_for_room(running, caplog):
    """What was accepted before the disk was full is done once there is room."""
    asked = prepared(running)
    with down(running, "pubsub.Publish", "unavailable", "*script-requested"):
        send(running, asked)
    with full_disk():
        running.cloud.faults.clear()
        # No attempt begins that cannot be counted, so the functions may see nothing of this.
        until(lambda: caplog.text.count("A delivery has to wait") >= SEEN * REQUESTS)

    assert completed_once(running, asked)
