"""Events leave through Pub/Sub, as many in one call as it may carry, and each call is awaited.

The plain publisher instead of the batching one: it has no background thread that a function
without CPU would starve, and nothing waits ten milliseconds for company.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from shared.deadline import left_s
from shared.errors import Permanent, Transient, Unsure
from shared.limits import EVENT_BYTES, PUBLISH_TIMEOUT_S
from shared.messages import Message

if TYPE_CHECKING:
    from google.pubsub_v1.services.publisher import PublisherClient


# Pub/Sub takes 1,000 messages and 10 MB in one call.  Half of it leaves room for what surrounds
# each message on its way, and a lesson may have any number of requests to answer.
CALL_MESSAGES = 500
CALL_BYTES = 5_000_000


class PubSubEvents:
    """The port Events; `emulator` is "host:port", or empty for Google Cloud."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._project = project
        self._client = connect(emulator)

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish and wait until the server confirmed all of them.

        Raises Transient or Unsure; Permanent when one is larger than Eventarc carries.  After an
        error some of them may have left already.
        """
        for message in messages:
            if len(message.data.encode()) > EVENT_BYTES:
                raise Permanent(f"the event {message.id} is too large: send references")
        for call in calls(messages):
            self._publish(call[0].topic, call)

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


def calls(messages: Iterable[Message]) -> Iterator[list[Message]]:
    """Split messages into what one call may carry: one topic, not too many, not too large."""
    of_topic: dict[str, list[Message]] = {}
    room: dict[str, int] = {}
    for message in messages:
        size, call = size_of(message), of_topic.setdefault(message.topic, [])
        if call and (len(call) == CALL_MESSAGES or size > room[message.topic]):
            yield call
            call = of_topic[message.topic] = []
        if not call:
            room[message.topic] = CALL_BYTES
        call.append(message)
        room[message.topic] -= size
    yield from of_topic.values()


def size_of(message: Message) -> int:
    """Count a message's bytes as Pub/Sub does: its data, its attributes' names and values."""
    attributes = (text for pair in message.attributes.items() for text in pair)
    return sum(len(text.encode()) for text in (message.data, *attributes))


def connect(emulator: str) -> PublisherClient:
    """Make the plain client; `emulator` is "host:port", or empty for Google Cloud."""
    from google.pubsub_v1.services.publisher import PublisherClient

    if not emulator:
        return PublisherClient()
    import grpc
    from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

    return PublisherClient(
        transport=PublisherGrpcTransport(channel=grpc.insecure_channel(emulator))
    )
