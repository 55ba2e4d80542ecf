"""Events leave through Pub/Sub, each batch in one call that is awaited.

The plain publisher instead of the batching one: it has no background thread that a function
without CPU would starve, and nothing waits ten milliseconds for company.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.deadline import left_s
from shared.errors import Permanent, Transient, Unsure
from shared.limits import EVENT_BYTES, PUBLISH_TIMEOUT_S
from shared.messages import Message

if TYPE_CHECKING:
    from google.pubsub_v1.services.publisher import PublisherClient


class PubSubEvents:
    """The port Events; `emulator` is "host:port", or empty for Google Cloud."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._project = project
        self._client = _connect(emulator)

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish and wait until the server confirmed all of them.

        Messages of one topic go in one call.  Raises Transient or Unsure; Permanent when one is
        larger than Eventarc carries.  After an error some topics may have theirs already.
        """
        for message in messages:
            if len(message.data.encode()) > EVENT_BYTES:
                raise Permanent(f"the event {message.id} is too large: send references")
        for topic in dict.fromkeys(message.topic for message in messages):
            self._publish(topic, [message for message in messages if message.topic == topic])

    def _publish(self, topic: str, messages: Sequence[Message]) -> None:
        from google.api_core import exceptions as api
        from google.api_core.retry import Retry
        from google.auth.exceptions import GoogleAuthError
        from google.pubsub_v1.types import PubsubMessage

        encoded = [
            PubsubMessage(data=message.data.encode(), attributes=message.attributes)
            for message in messages
        ]
        limit_s = left_s(PUBLISH_TIMEOUT_S)
        try:
            self._client.publish(
                topic=f"projects/{self._project}/topics/{topic}",
                messages=encoded,
                retry=Retry(timeout=limit_s),
                timeout=limit_s,
            )
        except api.InvalidArgument as error:
            raise Permanent(f"Pub/Sub does not take this event for {topic}") from error
        except (api.NotFound, api.Forbidden, api.Unauthorized, GoogleAuthError) as error:
            raise Transient(f"cannot publish to {topic}") from error
        except (api.GoogleAPICallError, api.RetryError) as error:
            raise Unsure(f"the events for {topic} may have been published") from error


def _connect(emulator: str) -> PublisherClient:
    from google.pubsub_v1.services.publisher import PublisherClient

    if not emulator:
        return PublisherClient()
    import grpc
    from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

    return PublisherClient(
        transport=PublisherGrpcTransport(channel=grpc.insecure_channel(emulator))
    )
