"""Delivery as Eventarc does it: by the local cloud, and by the bridge from Google's emulator."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import replace

from local.topology import TICK_TOPIC, Subscription
from shared.messages import Message
from tests.contract.sides import Delivery
from tests.local_cloud.sink import Posted, free_port, listening

INGEST = Subscription("ingest", "topic", "requests", in_flight=4, deadline_s=10, max_deliveries=5)
REPAIR = Subscription("repair", "topic", "ingest-dead", 1, deadline_s=10, max_deliveries=None)
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


def a_message(data: str = "{}") -> Message:
    """Make a message for INGEST."""
    return Message("requests", "id", data, {"event_id": "id"})


def test_a_message_arrives_as_a_binary_cloud_event(delivery: Delivery) -> None:
    """The headers are the CloudEvent's attributes."""
    with listening() as sink:
        delivery.start({"ingest": sink.url}, INGEST).publish([a_message()])
        (posted,) = sink.wait_for(1)

    assert "/" == posted.path
    assert "1.0" == posted.headers["ce-specversion"]
    assert "application/json" == posted.headers["content-type"]
    assert "google.cloud.pubsub.topic.v1.messagePublished" == posted.headers["ce-type"]
    assert re.fullmatch(r"//pubsub.googleapis.com/projects/.+/topics/requests", source(posted))
    assert re.fullmatch(TIME, posted.headers["ce-time"])


def source(posted: Posted) -> str:
    """Read where an event comes from."""
    return posted.headers["ce-source"]


def test_a_message_arrives_wrapped_as_pubsub_wraps_it(delivery: Delivery) -> None:
    """Id and time come in both spellings and agree with the headers."""
    with listening() as sink:
        delivery.start({"ingest": sink.url}, INGEST).publish([a_message()])
        (posted,) = sink.wait_for(1)
    body, message = posted.decoded, posted.decoded["message"]

    assert {"message", "subscription", "deliveryAttempt"} == set(body)
    assert re.fullmatch(r"projects/.+/subscriptions/ingest-requests", body["subscription"])
    assert {posted.headers["ce-id"]} == {message["messageId"], message["message_id"]}
    assert {posted.headers["ce-time"]} == {message["publishTime"], message["publish_time"]}
    assert ("{}", {"event_id": "id"}) == (posted.data, posted.attributes)


def test_a_failure_is_delivered_again_until_it_works(delivery: Delivery) -> None:
    """Attempts count from one, with the same id; after an acknowledgement comes no other."""
    with listening(lambda posted: 500 if posted.attempt < 3 else 204) as sink:
        events = delivery.start({"ingest": sink.url}, INGEST)
        events.publish([a_message("first")])
        tries = sink.wait_for(3)
        sink.answer = lambda _: 204
        events.publish([a_message("second")])
        *_, last = sink.wait_for(4)

    assert [1, 2, 3] == [posted.attempt for posted in tries]
    assert 1 == len({posted.headers["ce-id"] for posted in tries})
    assert "second" == last.data


def test_what_fails_too_often_goes_to_the_dead_topic(delivery: Delivery) -> None:
    """After the last attempt the same data and attributes come out of the dead topic."""
    with listening(lambda _: 500) as sink, listening() as repair:
        functions = {"ingest": sink.url, "repair": repair.url}
        events = delivery.start(functions, INGEST, REPAIR)
        events.publish([a_message("poison")])
        (dead,) = repair.wait_for(1)
        tries = sink.wait_for(5)
    attributes = dead.attributes
    published = attributes.pop("CloudPubSubDeadLetterSourceTopicPublishTime")
    project = attributes.pop("CloudPubSubDeadLetterSourceSubscriptionProject")

    assert [1, 2, 3, 4, 5] == [posted.attempt for posted in tries]
    assert "poison" == dead.data
    assert {
        "event_id": "id",
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": "ingest-requests",
    } == attributes
    assert f"//pubsub.googleapis.com/projects/{project}/topics/ingest-dead" == source(dead)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", published)


def test_without_a_dead_topic_a_message_comes_until_it_is_taken(delivery: Delivery) -> None:
    """Nothing counts the attempts, and no number of them is too many."""
    failures = iter([500] * 7)
    with listening(lambda _: next(failures, 204)) as repair:
        delivery.start({"repair": repair.url}, replace(REPAIR, source="requests")).publish(
            [a_message("stubborn")]
        )
        posted = repair.wait_for(8)

    assert {("stubborn", False)} == {(p.data, "deliveryAttempt" in p.decoded) for p in posted}
    assert 1 == len({p.headers["ce-id"] for p in posted})


def test_arrows_into_one_function_share_its_width(delivery: Delivery) -> None:
    """A function gets all its topics' events, no more at once than it may have altogether."""
    lock = threading.Lock()
    now, most = 0, 0

    def count(_: Posted) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        return 204

    topics = ("first", "second", "third")
    with listening(count) as repair:
        arrows = [replace(REPAIR, source=topic) for topic in topics]
        events = delivery.start({"repair": repair.url}, *arrows)
        events.publish([Message(topic, "id", f"{n}") for n in range(8) for topic in topics])
        posted = repair.wait_for(24)

    assert 1 == most
    assert dict.fromkeys(topics, 8) == Counter(source(p).rpartition("/")[2] for p in posted)
    assert {f"repair-{topic}" for topic in topics} == {
        p.decoded["subscription"].rpartition("/")[2] for p in posted
    }


def test_the_next_tick_waits_for_the_one_before(delivery: Delivery) -> None:
    """Ticks come by themselves, and a backlog of them never builds up."""
    failures = iter([500] * 3)
    with listening(lambda _: next(failures, 204)) as repair:
        arrow = replace(REPAIR, source=TICK_TOPIC)
        delivery.start({"repair": repair.url}, arrow, tick_every_s=0.005)
        posted = repair.wait_for(6)
    ids = [p.headers["ce-id"] for p in posted]

    assert {'{"kind":"tick"}'} == {p.data for p in posted}
    assert (ids[:4], 3) == ([ids[0]] * 4, len(set(ids)))


def test_so_many_are_in_flight_and_no_more(delivery: Delivery) -> None:
    """A function works on as many events at once as its subscription says."""
    together = threading.Barrier(4, timeout=10)
    lock = threading.Lock()
    now, most = 0, 0

    def count(_: Posted) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait()
        with lock:
            now -= 1
        return 204

    with listening(count) as sink:
        events = delivery.start({"ingest": sink.url}, INGEST)
        events.publish([a_message(str(number)) for number in range(24)])
        sink.wait_for(24)

    assert most == 4


def test_a_function_may_start_after_its_events(delivery: Delivery) -> None:
    """Deliveries wait for the port's first connection, which costs no attempt."""
    port = free_port()
    events = delivery.start({"ingest": f"http://127.0.0.1:{port}/"}, INGEST)
    events.publish([a_message(str(number)) for number in range(10)])
    with listening(port=port) as sink:
        posted = sink.wait_for(10)

    assert {1} == {one.attempt for one in posted}


def test_no_answer_in_time_is_a_failure(delivery: Delivery) -> None:
    """The event comes again while the first handler still runs, whose late yes counts nothing."""
    second_came = threading.Event()

    def answer(posted: Posted) -> int:
        if posted.attempt == 1:
            second_came.wait(10)
            return 204
        second_came.set()
        return 500 if posted.attempt == 2 else 204

    hasty = replace(INGEST, deadline_s=0.3)
    with listening(answer) as sink:
        delivery.start({"ingest": sink.url}, hasty).publish([a_message()])
        posted = sink.wait_for(3)

    assert [1, 2, 3] == [one.attempt for one in posted]
