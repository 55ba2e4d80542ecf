"""Open a CloudEvent as Eventarc delivers it: Pub/Sub messages and finalized storage objects.

Total: an envelope of another shape is passed on as it came, so that decoding can say what is
wrong with it and the dead letter holds all of it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from cloudevents.http import CloudEvent

from shared.messages import Arrived


def opened(event: CloudEvent) -> Arrived:
    """Take the message, or the object's resource, out of its envelope."""
    facts = event.get_attributes()
    unique, source = str(facts["id"]), str(facts["source"])
    data = event.get_data()
    message = data.get("message") if isinstance(data, Mapping) else None
    if isinstance(message, Mapping):
        body = _decoded(message.get("data", ""))
        if body is not None:
            unique = str(message.get("messageId", unique))
            attributes = message.get("attributes", {})
            return Arrived(unique, source, body, _texts(attributes))
    return Arrived(unique, source, _raw(data), {})


def _decoded(data: object) -> bytes | None:
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else None
    except binascii.Error:
        return None


def _texts(attributes: object) -> dict[str, str]:
    if not isinstance(attributes, Mapping):
        return {}
    return {str(name): str(value) for name, value in attributes.items()}


def _raw(data: object) -> bytes:
    return data if isinstance(data, bytes) else json.dumps(data).encode()
