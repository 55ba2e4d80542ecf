"""Pub/Sub below the port: Google's own client finds ours and Google's server equal."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.api_core import exceptions as api
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.types import PubsubMessage

from local.cloud.server import LocalCloud
from tests.contract.sides import PROJECTS


@pytest.fixture(params=["local cloud", "google"])
def client(request: pytest.FixtureRequest) -> Iterator[PublisherClient]:
    """Give Google's publisher."""
    side = "cloud" if request.param == "local cloud" else "emulators"
    with grpc.insecure_channel(request.getfixturevalue(side).pubsub_host) as channel:
        yield PublisherClient(transport=PublisherGrpcTransport(channel=channel))


@pytest.fixture
def project() -> str:
    """Name a project without topics."""
    return f"projects/{next(PROJECTS)}"


def test_a_topic_is_made_once(client: PublisherClient, project: str) -> None:
    """The second time it is there already, and can be looked up."""
    name = f"{project}/topics/requests"
    client.create_topic(name=name)

    with pytest.raises(api.AlreadyExists):
        client.create_topic(name=name)
    assert name == client.get_topic(topic=name).name


@pytest.mark.parametrize("name", ["ab", "1abc", "goog-abc", "a b c", "a" * 256])
def test_some_topic_names_are_refused(client: PublisherClient, project: str, name: str) -> None:
    """A name has 3 to 255 characters of a small alphabet, begins with a letter, and is not goog…"""
    with pytest.raises(api.InvalidArgument):
        client.create_topic(name=f"{project}/topics/{name}")


def test_an_unknown_topic_is_not_found(client: PublisherClient, project: str) -> None:
    """Neither looking it up nor publishing makes a topic."""
    name = f"{project}/topics/never"

    with pytest.raises(api.NotFound):
        client.get_topic(topic=name)
    with pytest.raises(api.NotFound):
        client.publish(topic=name, messages=[PubsubMessage(data=b"x")])


def test_a_message_needs_something_in_it(client: PublisherClient, project: str) -> None:
    """Data or attributes; nothing of a call with an empty message is published."""
    name = f"{project}/topics/requests"
    client.create_topic(name=name)

    with pytest.raises(api.InvalidArgument):
        client.publish(topic=name, messages=[PubsubMessage(data=b"x"), PubsubMessage()])
    assert client.publish(topic=name, messages=[PubsubMessage(attributes={"a": "b"})]).message_ids


@pytest.mark.parametrize("count", [0, 1001])
def test_a_call_takes_a_thousand_messages(
    client: PublisherClient, project: str, count: int
) -> None:
    """No more, and not none; nothing of such a call is published."""
    name = f"{project}/topics/requests"
    client.create_topic(name=name)

    with pytest.raises(api.InvalidArgument):
        client.publish(topic=name, messages=[PubsubMessage(data=b"x")] * count)
    thousand = [PubsubMessage(data=b"x")] * 1000
    assert 1000 == len(client.publish(topic=name, messages=thousand).message_ids)


def test_the_documented_size_of_a_call_holds(cloud: LocalCloud) -> None:
    """The service takes 10 MB, which its emulator does not count: ours does as the service."""
    messages = [PubsubMessage(data=b"x" * 1_000_000)] * 10
    with grpc.insecure_channel(cloud.pubsub_host) as channel:
        client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))

        with pytest.raises(api.InvalidArgument):
            client.publish(topic="projects/demo/topics/content-requests", messages=messages)


def test_ids_are_growing_numbers(client: PublisherClient, project: str) -> None:
    """Each message of a call gets its own id, in decimal, in order."""
    name = f"{project}/topics/requests"
    client.create_topic(name=name)
    messages = [PubsubMessage(data=b"x")] * 3
    ids = [int(one) for one in client.publish(topic=name, messages=messages).message_ids]

    assert sorted(set(ids)) == ids


@pytest.mark.parametrize(
    "attributes",
    [{"k" * 257: "x"}, {"k": "x" * 1025}, {"google": "x"}, {str(n): "x" for n in range(101)}],
)
def test_documented_limits_of_attributes_hold(
    cloud: LocalCloud, attributes: dict[str, str]
) -> None:
    """The service refuses what its emulator lets pass: ours does as the service."""
    with grpc.insecure_channel(cloud.pubsub_host) as channel:
        client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))

        with pytest.raises(api.InvalidArgument):
            client.publish(
                topic="projects/demo/topics/content-requests",
                messages=[PubsubMessage(data=b"x", attributes=attributes)],
            )
