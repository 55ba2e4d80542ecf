"""The port Events: every implementation keeps these promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.topology import Subscription
from shared.errors import Permanent
from shared.limits import EVENT_BYTES
from shared.messages import Message
from shared.ports import Events
from tests.contract.races import race
from tests.contract.sides import Delivery
from tests.fakes.events import MemoryEvents
from tests.local_cloud.sink import Sink, listening

Left = tuple[str, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A port, and what came out of it: (topic, data, attributes) of the first so many."""

    events: Events
    left: Callable[[int], list[Left]]


@pytest.fixture(params=["memory", "local cloud", "google"])
def way_out(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WayOut]:
    """Give the port Events with somebody listening on the topics `first` and `second`."""
    if request.param == "memory":
        events = MemoryEvents()
        yield WayOut(
            events, lambda _: [(m.topic, m.data, dict(m.attributes)) for m in events.published]
        )
        return
    google = request.param == "google"
    with ExitStack() as stack:
        sink = stack.enter_context(listening())
        emulators = request.getfixturevalue("emulators") if google else None
        subscriptions = [
            Subscription(topic, "topic", topic, in_flight=8, deadline_s=10)
            for topic in ("first", "second")
        ]
        delivery = Delivery(tmp_path, emulators, stack)
        started = delivery.start({"first": sink.url, "second": sink.url}, *subscriptions)
        yield WayOut(started, lambda count: received(sink, count))


def received(sink: Sink, count: int) -> list[Left]:
    """Read what arrived as what left."""
    return [
        (one.headers["ce-source"].rpartition("/")[2], one.data, one.attributes)
        for one in sink.wait_for(count)
    ]


def test_a_message_leaves_as_it_is(way_out: WayOut) -> None:
    """Topic, data and attributes arrive unchanged."""
    way_out.events.publish(
        [Message("first", "id", '{"q": "wärm 五"}', {"event_id": "id", "a": "ä"})]
    )

    assert [("first", '{"q": "wärm 五"}', {"event_id": "id", "a": "ä"})] == way_out.left(1)


def test_each_message_goes_to_its_topic(way_out: WayOut) -> None:
    """One call may carry messages for several topics."""
    topics = ["first", "second", "first"]
    way_out.events.publish([Message(topic, str(n), str(n)) for n, topic in enumerate(topics)])

    assert [("first", "0"), ("first", "2"), ("second", "1")] == sorted(
        (topic, data) for topic, data, _ in way_out.left(3)
    )


def test_nothing_to_publish_is_fine(way_out: WayOut) -> None:
    """A stage without next events publishes none."""
    way_out.events.publish([])
    way_out.events.publish([Message("first", "id", "after")])

    assert ["after"] == [data for _, data, _ in way_out.left(1)]


def test_nothing_is_lost_or_doubled(way_out: WayOut) -> None:
    """Many threads publish at once, each message arrives once."""

    def publish(thread: int) -> None:
        for number in range(10):
            way_out.events.publish([Message("first", "id", f"{thread}-{number}")])

    race(publish)

    assert {f"{thread}-{number}" for thread in range(8) for number in range(10)} == {
        data for _, data, _ in way_out.left(80)
    }
    assert len(way_out.left(80)) == 80


def test_more_messages_than_a_call_takes_all_leave(way_out: WayOut) -> None:
    """A lesson may have any number of requests to answer; Pub/Sub takes 1,000 in a call."""
    way_out.events.publish([Message("first", "id", str(n)) for n in range(1001)])

    assert set(range(1001)) == {int(data) for _, data, _ in way_out.left(1001)}


def test_more_bytes_than_a_call_takes_all_leave(way_out: WayOut) -> None:
    """Pub/Sub takes 10 MB in a call."""
    text = "x" * (EVENT_BYTES // 2)  # an event travels in base64
    way_out.events.publish([Message("first", "id", f"{n:02d}{text}") for n in range(44)])

    assert set(range(44)) == {int(data[:2]) for _, data, _ in way_out.left(44)}


def test_a_message_too_large_for_eventarc_is_refused(way_out: WayOut) -> None:
    """What could never be delivered does not leave, nor does anything beside it."""
    with pytest.raises(Permanent):
        way_out.events.publish(
            [Message("first", "1", "small"), Message("first", "2", "x" * (EVENT_BYTES + 1))]
        )
    way_out.events.publish([Message("first", "3", "after")])

    assert ["after"] == [data for _, data, _ in way_out.left(1)]
