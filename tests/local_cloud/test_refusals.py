"""What the local cloud does not do, it names at once; what goes wrong has one meaning for us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
import pytest
from google.api_core import exceptions as api
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import SERVER_TIMESTAMP, Client, DocumentReference
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from local.cloud.calls import Calls
from local.cloud.server import LocalCloud
from shared.claim import Claim
from shared.errors import Conflict, Permanent, PipelineError, Transient, Unsure
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects
from shared.messages import Message

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)

CLAIM = Claim("render/1/1", "render", "1", "hash", "me", 90.0, BEGAN)
CODE = grpc.StatusCode


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda one: list(one.parent.stream(retry=None)), "RunQuery"),
        (lambda one: one.set({"at": SERVER_TIMESTAMP}), "transform"),
        (lambda one: list(one.collections(retry=None)), "ListCollectionIds"),
    ],
)
def test_what_is_not_implemented_says_so(
    cloud: LocalCloud, call: Callable[[DocumentReference], object], named: str
) -> None:
    """Every other call, and every kind of write that we do not use, is named at once."""
    client = Client(project="demo", credentials=AnonymousCredentials())
    client._emulator_host = cloud.firestore_host  # noqa: SLF001

    with pytest.raises(api.MethodNotImplemented, match=named):
        call(client.collection("claims").document("one"))


def test_subscriptions_are_no_call(cloud: LocalCloud) -> None:
    """Who subscribes to what is the topology's business."""
    with grpc.insecure_channel(cloud.pubsub_host) as channel:
        client = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))

        with pytest.raises(api.MethodNotImplemented, match="Subscriber/Pull"):
            client.pull(subscription="projects/demo/subscriptions/x", max_messages=1)


@pytest.fixture
def answering() -> Iterator[Callable[[grpc.StatusCode], str]]:
    """Give what opens a gRPC port that answers every call with one status."""
    server = grpc.server(ThreadPoolExecutor(1))

    def answer(code: grpc.StatusCode) -> str:
        handler = grpc.unary_unary_rpc_method_handler(lambda _, call: call.abort(code, "as told"))
        commit, publish = (
            "/google.firestore.v1.Firestore/Commit",
            "/google.pubsub.v1.Publisher/Publish",
        )
        server.add_generic_rpc_handlers((Calls({commit: handler, publish: handler}),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        return f"127.0.0.1:{port}"

    yield answer
    server.stop(0).wait()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (CODE.ALREADY_EXISTS, Conflict),
        (CODE.FAILED_PRECONDITION, Conflict),
        (CODE.UNAVAILABLE, Unsure),
        (CODE.DEADLINE_EXCEEDED, Unsure),
        (CODE.ABORTED, Unsure),
        (CODE.RESOURCE_EXHAUSTED, Unsure),
        (CODE.INTERNAL, Unsure),
        (CODE.UNKNOWN, Unsure),
        (CODE.CANCELLED, Unsure),
        (CODE.PERMISSION_DENIED, Transient),
        (CODE.UNAUTHENTICATED, Transient),
        (CODE.INVALID_ARGUMENT, Permanent),
    ],
)
def test_a_claim_that_was_not_written_says_how_sure_that_is(
    answering: Callable[[grpc.StatusCode], str], code: grpc.StatusCode, error: type[PipelineError]
) -> None:
    """Every status of a write becomes the error that names what to do."""
    claims = FirestoreClaims("demo", answering(code))

    with pytest.raises(PipelineError) as raised:
        claims.create(CLAIM)
    assert error is raised.type


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (CODE.NOT_FOUND, Transient),
        (CODE.PERMISSION_DENIED, Transient),
        (CODE.DEADLINE_EXCEEDED, Unsure),
        (CODE.ABORTED, Unsure),
        (CODE.INVALID_ARGUMENT, Permanent),
    ],
)
def test_an_event_that_did_not_leave_says_how_sure_that_is(
    answering: Callable[[grpc.StatusCode], str], code: grpc.StatusCode, error: type[PipelineError]
) -> None:
    """Every status of a publish becomes the error that names what to do."""
    events = PubSubEvents("demo", answering(code))

    with pytest.raises(PipelineError) as raised:
        events.publish([Message("t", "id", "{}")])
    assert error is raised.type


def test_an_unknown_bucket_is_transient(cloud: LocalCloud) -> None:
    """A bucket that somebody forgot to make can be made while deliveries go on."""
    objects = StorageObjects("demo", cloud.storage_host, {"oer": "never-made"})

    with pytest.raises(Transient):
        objects.create("oer", "x", b"", content_type="text/plain")
    with pytest.raises(Transient):
        objects.list("oer", "")


def test_a_taken_port_is_named(cloud: LocalCloud, tmp_path: object) -> None:
    """Two clouds on one port do not both believe to be there."""
    port = int(cloud.firestore_host.rpartition(":")[2])

    with pytest.raises(OSError, match=str(port)):
        LocalCloud(tmp_path / "other", {}, grpc_port=port).start()
