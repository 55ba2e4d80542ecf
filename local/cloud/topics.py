"""Pub/Sub's publisher: make a topic, look one up, publish to it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from google.pubsub_v1.types import pubsub

from local.cloud.calls import Rejected, invalid, unary
from local.cloud.post import Post
from local.cloud.store import Store

SERVICE = "/google.pubsub.v1.Publisher"
TOPIC = re.compile(r"projects/[^/]+/topics/(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}")
MOST_MESSAGES = 1000  # in one call
MOST_CALL_BYTES = 10_000_000
MOST_ATTRIBUTES = 100
MOST_KEY_BYTES = 256
MOST_VALUE_BYTES = 1024


class Topics:
    """What a publisher may ask; a message is answered once it and its deliveries are on disk."""

    def __init__(self, store: Store, post: Post) -> None:
        self._store = store
        self._post = post

    def calls(self) -> dict[str, grpc.RpcMethodHandler]:
        """Name what is served."""
        return {
            f"{SERVICE}/CreateTopic": unary(self._create, pubsub.Topic.pb()),
            f"{SERVICE}/GetTopic": unary(self._get, pubsub.GetTopicRequest.pb()),
            f"{SERVICE}/Publish": unary(self._publish, pubsub.PublishRequest.pb()),
        }

    def ensure(self, topic: str) -> None:
        """Make a topic unless it is there."""
        with self._store.transaction() as transaction:
            transaction.execute("insert or ignore into topics values (?)", (topic,))

    def _create(self, topic: Any) -> Any:  # noqa: ANN401
        if TOPIC.fullmatch(topic.name) is None:
            raise invalid(f"{topic.name} is no name for a topic")
        try:
            with self._store.transaction() as transaction:
                transaction.execute("insert into topics values (?)", (topic.name,))
        except sqlite3.IntegrityError as error:
            raise Rejected(grpc.StatusCode.ALREADY_EXISTS, f"{topic.name} exists") from error
        return topic

    def _get(self, request: Any) -> Any:  # noqa: ANN401
        self._must_exist(request.topic)
        return pubsub.Topic.pb()(name=request.topic)

    def _publish(self, request: Any) -> Any:  # noqa: ANN401
        self._must_exist(request.topic)
        _check_call(request.messages)
        for message in request.messages:
            _check(message.data, message.attributes)
        with self._store.transaction() as transaction:
            ids = [
                self._post.add(transaction, "topic", request.topic, one.data, one.attributes)
                for one in request.messages
            ]
        return pubsub.PublishResponse.pb()(message_ids=ids)

    def _must_exist(self, topic: str) -> None:
        if not self._store.read("select name from topics where name = ?", topic):
            raise Rejected(grpc.StatusCode.NOT_FOUND, f"{topic} does not exist")


def _check_call(messages: Sequence[Any]) -> None:
    """Hold a call against Pub/Sub's documented limits; its emulator lets any size pass."""
    if not messages:
        raise invalid("no messages to publish")
    if len(messages) > MOST_MESSAGES:
        raise invalid("too many messages to publish")
    if sum(message.ByteSize() for message in messages) > MOST_CALL_BYTES:
        raise invalid("the messages are too large to publish in one call")


def _check(data: bytes, attributes: Mapping[str, str]) -> None:
    """Hold a message against Pub/Sub's documented limits."""
    if not data and not attributes:
        raise invalid("a message needs data or attributes")
    if len(attributes) > MOST_ATTRIBUTES:
        raise invalid(f"more than {MOST_ATTRIBUTES} attributes")
    for key, text in attributes.items():
        if not key or len(key.encode()) > MOST_KEY_BYTES or key.startswith("goog"):
            raise invalid("an attribute's key is empty, too long or reserved")
        if len(text.encode()) > MOST_VALUE_BYTES:
            raise invalid(f"the attribute {key} is too long")
