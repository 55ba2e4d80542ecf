"""Deliver what lies in Google's Pub/Sub emulator to our functions, as Eventarc would.

The emulator's own push sends no CloudEvents, no delivery attempt, and two at a time.  Here each
thread pulls one message, posts it, and says yes or no; retry and dead letters stay with the
emulator.  Storage events are the local cloud's own.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Mapping
from typing import Any

import grpc
from google.api_core import exceptions as api
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import DeadLetterPolicy, PubsubMessage, RetryPolicy, Subscription

from local import topology as plan
from local.cloud import cloud_event
from local.cloud.arrows import topic_path
from local.cloud.cloud_event import StoredEvent
from local.cloud.courier import Courier
from local.cloud.server import TIME_SCALE
from local.cloud.ticker import Ticker
from shared.limits import ACK_DEADLINE_S, CALL_TIMEOUT_S

LOG = logging.getLogger(__name__)
PULL_S = 60.0
AGAIN_S = 0.2


class Bridge:
    """Between an emulator and the functions; `time_scale` shortens all backoff."""

    def __init__(  # noqa: PLR0913  # what differs between a laptop's stack and a test's
        self,
        emulator: str,
        functions: Mapping[str, str],
        *,
        project: str = "demo",
        topology: plan.Topology = plan.PIPELINE,
        time_scale: float = TIME_SCALE,
        tick_every_s: float = plan.TICK_S,
    ) -> None:
        self._channel = grpc.insecure_channel(emulator)
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(channel=self._channel))
        self._subscriber = SubscriberClient(
            transport=SubscriberGrpcTransport(channel=self._channel)
        )
        self._functions = functions
        self._project = project
        self._topology = topology
        self._time_scale = time_scale
        self._couriers: dict[str, Courier] = {}
        self._free: dict[str, threading.Semaphore] = {}
        self._ticker = Ticker(self._tick, tick_every_s)
        self._tick_is_out = False
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self) -> None:
        """Make what topics and subscriptions are missing, then begin to deliver."""
        for topic in self._topology.topics:
            with contextlib.suppress(api.AlreadyExists):
                self._publisher.create_topic(name=topic_path(self._project, topic))
        for subscription in self._topology.subscriptions:
            if subscription.kind == "topic":
                self._subscribe(subscription)
                self._start(subscription)
        self._ticker.start()

    def stop(self) -> None:
        """Cut what is in flight and end all threads."""
        self._stopping.set()
        self._channel.close()
        for courier in self._couriers.values():
            courier.stop()
        self._ticker.stop()
        for thread in self._threads:
            thread.join()

    def _subscribe(self, subscription: plan.Subscription) -> None:
        least_s, most_s = (round(s * self._time_scale) for s in subscription.backoff_s)
        wanted = Subscription(
            name=self._path(subscription),
            topic=topic_path(self._project, subscription.source),
            ack_deadline_seconds=ACK_DEADLINE_S,
            retry_policy=RetryPolicy(
                minimum_backoff=Duration(seconds=least_s), maximum_backoff=Duration(seconds=most_s)
            ),
        )
        if subscription.dead_topic is not None:
            wanted.dead_letter_policy = DeadLetterPolicy(
                dead_letter_topic=topic_path(self._project, subscription.dead_topic),
                max_delivery_attempts=subscription.max_deliveries,
            )
        with contextlib.suppress(api.AlreadyExists):
            self._subscriber.create_subscription(wanted)

    def _start(self, subscription: plan.Subscription) -> None:
        function = subscription.function
        courier = self._couriers.setdefault(function, Courier(self._functions[function]))
        self._free.setdefault(function, threading.Semaphore(self._topology.in_flight(function)))
        for _ in range(subscription.in_flight):
            thread = threading.Thread(
                target=self._deliver_all, args=(subscription, courier), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _deliver_all(self, subscription: plan.Subscription, courier: Courier) -> None:
        if not courier.wait_for_door():
            return
        while not self._stopping.is_set():
            try:
                self._deliver_next(subscription, courier)
            except api.DeadlineExceeded:
                continue  # nothing came
            except (api.GoogleAPICallError, ValueError) as error:  # a closed channel: ValueError
                LOG.debug("The emulator did not answer: %s", error)
                self._stopping.wait(AGAIN_S)

    def _deliver_next(self, subscription: plan.Subscription, courier: Courier) -> None:
        path = self._path(subscription)
        pulled = self._subscriber.pull(
            subscription=path, max_messages=1, timeout=PULL_S, retry=None
        )
        for received in pulled.received_messages:
            event = _event(received.message, topic_path(self._project, subscription.source))
            # The service counts under a dead-letter policy alone, its emulator always.
            counted = subscription.dead_topic is not None
            body = cloud_event.body(event, path, received.delivery_attempt if counted else None)
            with self._free[subscription.function]:
                failure = courier.send(cloud_event.headers(event), body, subscription.deadline_s)
            if failure:
                self._subscriber.modify_ack_deadline(
                    subscription=path, ack_ids=[received.ack_id], ack_deadline_seconds=0
                )
            else:
                self._subscriber.acknowledge(subscription=path, ack_ids=[received.ack_id])
                self._tick_is_out &= subscription.source != plan.TICK_TOPIC

    def _tick(self) -> None:
        if self._tick_is_out or plan.TICK_TOPIC not in self._topology.topics:
            return
        topic = topic_path(self._project, plan.TICK_TOPIC)
        tick = PubsubMessage(data=plan.TICK)
        self._tick_is_out = True
        try:
            self._publisher.publish(
                topic=topic, messages=[tick], retry=None, timeout=CALL_TIMEOUT_S
            )
        except (api.GoogleAPICallError, ValueError) as error:  # a closed channel: ValueError
            self._tick_is_out = False
            LOG.debug("A tick did not leave: %s", error)

    def _path(self, subscription: plan.Subscription) -> str:
        return f"projects/{self._project}/subscriptions/{subscription.name}"


def _event(message: Any, topic: str) -> StoredEvent:  # noqa: ANN401
    published_us = round(message.publish_time.timestamp() * 1e6)
    attributes = dict(message.attributes)
    return StoredEvent(message.message_id, "topic", topic, message.data, attributes, published_us)
