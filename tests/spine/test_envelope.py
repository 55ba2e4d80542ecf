"""Envelopes of every shape are opened."""

import base64

import pytest
from cloudevents.http import CloudEvent

from shared.envelope import opened

FACTS = {"type": "t", "source": "//pubsub/topics/x", "id": "7"}


def test_a_pubsub_message_gives_its_data():
    """Body, message id and attributes come out as they were published."""
    message = {
        "data": base64.b64encode(b'{"a":1}').decode(),
        "messageId": "9",
        "attributes": {"k": "v"},
    }

    arrived = opened(CloudEvent(FACTS, {"message": message}))

    assert (b'{"a":1}', "9", {"k": "v"}) == (arrived.body, arrived.id, arrived.attributes)


def test_a_storage_object_is_the_body():
    """A finalized event carries the object's resource itself."""
    assert b'{"name": "a", "generation": "1"}' == (
        opened(CloudEvent(FACTS, {"name": "a", "generation": "1"})).body
    )


@pytest.mark.parametrize("data", [b"\x00\xff", None, 7, "text", {"message": {"data": "%%%"}}])
def test_anything_else_is_passed_on_whole(data):
    """No envelope is lost for being broken: decoding refuses it by name."""
    assert isinstance(opened(CloudEvent(FACTS, data)).body, bytes)
