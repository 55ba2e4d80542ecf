"""How an event looks on its way into a function: a binary CloudEvent, as Eventarc makes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

# CloudEvents over HTTP: in a header only printable ASCII stands as it is, blank, " and % excepted.
PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A published message, or an object's finalized event in the form that storage publishes."""

    id: str
    kind: Literal["topic", "bucket"]
    source: str  # the full name of the topic, or the bucket
    data: bytes
    attributes: Mapping[str, str]
    published_us: int


def rfc3339(time_us: int) -> str:
    """Write a time as Google does, in microseconds."""
    return datetime.fromtimestamp(time_us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def headers(event: StoredEvent) -> dict[str, str]:
    """Give the CloudEvent's attributes as HTTP headers."""
    common = {
        "ce-id": event.id,
        "ce-specversion": "1.0",
        "ce-time": rfc3339(event.published_us),
        "content-type": "application/json",
    }
    if event.kind == "topic":
        return common | {
            "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
            "ce-source": f"//pubsub.googleapis.com/{event.source}",
        }
    return common | {
        "ce-type": "google.cloud.storage.object.v1.finalized",
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{event.source}",
        "ce-subject": f"objects/{quote(event.attributes['objectId'], safe=PRINTABLE)}",
    }


def body(event: StoredEvent, subscription: str, attempt: int | None) -> bytes:
    """Give the CloudEvent's data; `attempt` counts from 1, None where nothing counts them."""
    if event.kind == "bucket":
        return event.data
    time = rfc3339(event.published_us)
    message: dict[str, object] = {
        "data": base64.b64encode(event.data).decode(),
        "messageId": event.id,
        "message_id": event.id,
        "publishTime": time,
        "publish_time": time,
    }
    if event.attributes:
        message["attributes"] = dict(event.attributes)
    wrapped = {"message": message, "subscription": subscription}
    counted = {} if attempt is None else {"deliveryAttempt": attempt}
    return json.dumps(wrapped | counted).encode()
