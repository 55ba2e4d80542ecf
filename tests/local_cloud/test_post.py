"""The post: attempts, backoff, what is left after a stop, and what the command line may count."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from local.cloud.attempts import Attempts
from local.cloud.overview import Standing, kept, standings
from local.cloud.post import Post
from local.cloud.store import Store
from local.topology import PIPELINE, TICK_TOPIC, Subscription, Topology
from shared.limits import EVENT_BYTES, FUNCTIONS, STAGES
from shared.messages import Message
from tests.local_cloud.clients import StartCloud, events_of, objects_of
from tests.local_cloud.sink import Posted, listening

INGEST = Subscription("ingest", "topic", "requests", in_flight=2, deadline_s=10, max_deliveries=5)
SOURCE = "projects/demo/topics/requests"


def a_message(data: str = "{}") -> Message:
    """Make a message for INGEST."""
    return Message("requests", "id", data, {"event_id": "id"})


def test_backoff_doubles_up_to_its_most(tmp_path: Path) -> None:
    """The wait after the n-th failure is least * 2^(n-1), at most most, on one scale."""
    store, due_s = Store(tmp_path), list[float]()
    patient = replace(INGEST, max_deliveries=20)
    post = Post(store, Topology((patient,)), "demo", lambda *_: None)
    attempts = Attempts(store, post, 0.1, lambda *woken: due_s.append(woken[2]))
    with store.transaction() as transaction:
        post.add(transaction, "topic", SOURCE, b"x", {})
    waits = []
    for _ in range(8):
        attempts.failed(attempts.begin(1), "status 500")
        waits.append(due_s[-1] - time.time())
    store.close()

    assert [1, 2, 4, 8, 16, 32, 60, 60] == [pytest.approx(wait, abs=0.5) for wait in waits]


def test_time_never_runs_back(tmp_path: Path) -> None:
    """A new start goes on after the latest time that was told and stored."""
    store = Store(tmp_path)
    with store.transaction():
        told = store.tick()
        store._last_us = told + 10**12  # noqa: SLF001  # as if the wall clock was set back since
    store.close()
    again = Store(tmp_path)
    later = again.tick()
    again.close()

    assert later > told + 10**12


def test_ids_are_never_used_again(start_cloud: StartCloud) -> None:
    """Also after everything was delivered and the cloud started anew, ids grow."""
    ids = []
    for _ in range(2):
        with listening() as sink:
            events_of(start_cloud({"ingest": sink.url}, INGEST)).publish([a_message()])
            (posted,) = sink.wait_for(1)
            ids.append(int(posted.headers["ce-id"]))

    assert ids[0] < ids[1]


def test_an_open_delivery_comes_again_after_a_stop(start_cloud: StartCloud) -> None:
    """What was in flight when the cloud went down is the next attempt when it is up again."""
    release = threading.Event()

    def hang(_: Posted) -> int:
        release.wait(10)
        return 204

    with listening(hang) as sink:
        events_of(start_cloud({"ingest": sink.url}, INGEST)).publish([a_message("once")])
        sink.wait_for(1)
        start_cloud({"ingest": sink.url}, INGEST)
        posted = sink.wait_for(2)
        release.set()

    assert [("once", 1), ("once", 2)] == [(one.data, one.attempt) for one in posted]


def test_a_message_without_taker_waits(start_cloud: StartCloud) -> None:
    """A function that is not there gets its events when it comes."""
    events_of(start_cloud({}, INGEST)).publish([a_message("early")])
    with listening() as sink:
        start_cloud({"ingest": sink.url}, INGEST)
        (posted,) = sink.wait_for(1)

    assert ("early", 1) == (posted.data, posted.attempt)


def test_a_body_too_large_for_eventarc_is_given_up_at_once(
    start_cloud: StartCloud, tmp_path: Path
) -> None:
    """Base64 makes it too large for delivery, though it was small enough to publish."""
    undertaker = Subscription("undertaker", "topic", "ingest-dead", in_flight=1, deadline_s=10)
    with listening() as sink:
        cloud = start_cloud({"ingest": sink.url}, INGEST, undertaker)
        events_of(cloud).publish([a_message("x" * (EVENT_BYTES - 1000)), a_message("small")])
        (posted,) = sink.wait_for(1)

    assert "small" == posted.data
    assert 1 == standings(tmp_path, topology=Topology((INGEST,)))["ingest"].dead


def test_the_command_line_can_count(start_cloud: StartCloud, tmp_path: Path) -> None:
    """Waiting, in flight, retrying and dead are told apart, while the cloud runs."""
    hopeless = replace(INGEST, max_deliveries=2)
    busy, release = threading.Barrier(3, timeout=10), threading.Event()

    def answer(posted: Posted) -> int:
        if posted.data == "busy":
            busy.wait()
            release.wait(10)
            return 204
        return 500

    with listening(answer) as sink:
        cloud = start_cloud({"ingest": sink.url}, hopeless, time_scale=3600)
        events = events_of(cloud)
        events.publish([a_message("retried")])
        sink.wait_for(1)
        events.publish([a_message("busy"), a_message("busy")])
        busy.wait()
        events.publish([a_message("waits")])
        counted = standings(tmp_path, topology=Topology((hopeless,)))
        release.set()

    assert {"ingest": Standing(waiting=1, in_flight=2, retrying=1, dead=0)} == counted


def test_a_dead_letter_can_be_read(start_cloud: StartCloud, tmp_path: Path) -> None:
    """What nobody could work on stays to be looked at."""
    hopeless = replace(INGEST, max_deliveries=1)
    after = Subscription("after", "topic", "ingest-dead", in_flight=1, deadline_s=10)
    with listening(lambda _: 500) as sink, listening(lambda _: 500) as dead:
        cloud = start_cloud({"ingest": sink.url, "after": dead.url}, hopeless, after)
        events_of(cloud).publish([a_message("poison")])
        dead.wait_for(1)
        (letter,) = kept(tmp_path, "ingest-dead")

    assert (b"poison", "id") == (letter.data, letter.attributes["event_id"])


def test_a_topic_without_subscriber_keeps_its_messages(
    start_cloud: StartCloud, tmp_path: Path
) -> None:
    """Completions are there for who asked, though nobody of us listens."""
    events_of(start_cloud()).publish([a_message("1"), a_message("2")])

    assert [b"1", b"2"] == [one.data for one in kept(tmp_path, "requests")]


def test_files_without_a_row_are_swept(start_cloud: StartCloud, tmp_path: Path) -> None:
    """What a kill left between a file and its row is gone after the next start."""
    objects = objects_of(start_cloud())
    objects.create("scenes", "x", b"kept", content_type="text/plain")
    orphans = [tmp_path / "objects" / "17", tmp_path / "uploads" / "0f"]
    for orphan in orphans:
        orphan.write_bytes(b"orphan")
    objects = objects_of(start_cloud())

    assert not any(orphan.exists() for orphan in orphans)
    assert b"kept" == objects.read("scenes", "x")


def test_every_function_of_the_pipeline_has_its_arrow() -> None:
    """The topology names the functions of the table of limits, in their time."""
    assert {name: FUNCTIONS[name].timeout_s for name in STAGES} == {
        one.function: one.deadline_s for one in PIPELINE.subscriptions
    }
    assert STAGES == PIPELINE.functions


def test_every_dead_letter_and_the_tick_go_to_repair() -> None:
    """What any function was given up on reaches `repair`, which nobody gives up on."""
    dead = {one.dead_topic for one in PIPELINE.subscriptions if one.function != "repair"}

    assert {TICK_TOPIC, *dead} == {one.source for one in PIPELINE.of("repair")}
    assert {None} == {one.dead_topic for one in PIPELINE.of("repair")}


def test_a_tick_is_not_repeated_while_it_waits(start_cloud: StartCloud, tmp_path: Path) -> None:
    """A function that is away finds one tick, not one for each minute."""
    arrow = Subscription("repair", "topic", "requests", 1, 10, max_deliveries=None)
    start_cloud({}, arrow)
    store = Store(tmp_path)
    post = Post(store, Topology((arrow,)), "demo", lambda *_: None)
    for _ in range(3):
        post.remind("requests", b"tick")
    store.close()

    assert [b"tick"] == [one.data for one in kept(tmp_path, "requests")]
