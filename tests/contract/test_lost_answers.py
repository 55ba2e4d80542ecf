"""The answer to a call gets lost on the wire: what was done is known as ours, or is not known yet.

The wire is cut, or falls silent, after the server did what it was asked; on the local cloud and
on Google's own servers.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from local.cloud.server import LocalCloud
from local.topology import BUCKETS, Subscription, bucket_name
from shared.claim import Claim
from shared.deadline import within
from shared.errors import Transient
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.storage import StorageObjects
from shared.messages import Message
from shared.ports import Claims, StoredClaim
from shared.read_back import created, replaced
from tests.contract.link import Link, begins
from tests.contract.sides import PROJECTS, Delivery, firestore_host
from tests.local_cloud.sink import listening

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
FRESH = Claim("render/0123/01", "render", "0123", "hash", "me", 90.0, BEGAN)
DOCUMENT = hashlib.sha256(FRESH.key.encode()).hexdigest().encode()
LEFT_S, MARGIN_S = 1.0, 0.5
REQUESTS = Subscription("ingest", "topic", "requests", in_flight=4, deadline_s=10)
EVENT = Message("requests", "id", '{"marked": "event"}', {"event_id": "id"})
RESUMABLE = bytes(9 * 1024 * 1024)  # above 8 MiB the client sends in pieces


@dataclass(frozen=True, slots=True)
class Wired:
    """Claims behind a link, and the same claims without it."""

    link: Link
    claims: Claims
    direct: Claims


@pytest.fixture(params=["local cloud", "google"])
def wired(request: pytest.FixtureRequest) -> Iterator[Wired]:
    """Give claims behind a link."""
    host, project = firestore_host(request), next(PROJECTS)
    with Link(host) as link:
        claims = FirestoreClaims(project, link.host)
        yield Wired(link, claims, FirestoreClaims(project, host))


Write = Callable[[Claims, StoredClaim], StoredClaim]


def over(change: Callable[[Claim], Claim]) -> Write:
    """Write a change over the version that was seen."""
    return lambda claims, seen: replaced(claims, seen, change(seen.claim))


WRITES: dict[str, tuple[str, Write]] = {
    "beat": ("in_progress", over(lambda claim: replace(claim, lease_s=80.0))),
    "complete": (
        "completed",
        over(lambda claim: replace(claim.over(BEGAN, "completed"), state="completed")),
    ),
    "release": (
        "retryable",
        over(lambda claim: replace(claim.over(BEGAN, "retryable"), state="retryable")),
    ),
}


def test_a_lost_create_is_ours(wired: Wired) -> None:
    """The record is read back on another connection and known by its owner."""
    wired.link.lose(DOCUMENT, "cut")
    stored = created(wired.claims, FRESH)
    there = wired.direct.read(FRESH.key)

    assert (1, "me", there.update_time) == (wired.link.lost, stored.claim.owner, stored.update_time)


@pytest.mark.parametrize("name", WRITES)
def test_a_lost_write_is_ours(wired: Wired, name: str) -> None:
    """Beat, completion, release: each is written once, and known by owner, beat and state."""
    state, write = WRITES[name]
    seen = created(wired.claims, FRESH)
    wired.link.lose(DOCUMENT, "cut")
    written = write(wired.claims, seen)
    there = wired.direct.read(FRESH.key)

    assert (1, state, 2) == (wired.link.lost, written.claim.state, written.claim.beat)
    assert (there.claim, there.update_time) == (written.claim, written.update_time)


def test_a_silent_create_is_given_up_in_time(wired: Wired) -> None:
    """Nobody knows that it was written, until somebody reads it."""
    wired.link.lose(DOCUMENT, "muted")

    assert seconds(lambda: created(wired.claims, FRESH)) < LEFT_S + MARGIN_S
    assert "me" == wired.direct.read(FRESH.key).claim.owner


@pytest.mark.parametrize("name", WRITES)
def test_a_silent_write_is_given_up_in_time(wired: Wired, name: str) -> None:
    """The next run finds the state that it was to have."""
    state, write = WRITES[name]
    seen = created(wired.claims, FRESH)
    wired.link.lose(DOCUMENT, "muted")

    assert seconds(lambda: write(wired.claims, seen)) < LEFT_S + MARGIN_S
    assert (state, 2) == (
        wired.direct.read(FRESH.key).claim.state,
        wired.direct.read(FRESH.key).claim.beat,
    )


def seconds(call: Callable[[], object]) -> float:
    """Measure how long a call that comes to nothing takes with so much time left."""
    began = time.monotonic()
    with within(LEFT_S), pytest.raises(Transient):
        call()
    return time.monotonic() - began


def test_a_lost_publish_is_sent_again(delivery: Delivery) -> None:
    """Two messages arrive under two ids; they are one event."""
    with ExitStack() as stack:
        sink = stack.enter_context(listening())
        links: list[Link] = []

        def way_in(host: str) -> str:
            links.append(stack.enter_context(Link(host)))
            return links[0].host

        events = delivery.start({"ingest": sink.url}, REQUESTS, way_in=way_in)
        links[0].lose(b"marked", "cut")
        events.publish([EVENT])
        posted = sink.wait_for(2)

    assert (1, 2) == (links[0].lost, len({one.headers["ce-id"] for one in posted}))
    assert {"id"} == {one.attributes["event_id"] for one in posted}


def test_a_silent_publish_is_given_up_in_time(delivery: Delivery) -> None:
    """It is no success, and the event is out all the same."""
    with ExitStack() as stack:
        sink = stack.enter_context(listening())
        links: list[Link] = []

        def way_in(host: str) -> str:
            links.append(stack.enter_context(Link(host)))
            return links[0].host

        events = delivery.start({"ingest": sink.url}, REQUESTS, way_in=way_in)
        links[0].lose(b"marked", "muted")

        assert seconds(lambda: events.publish([EVENT])) < LEFT_S + MARGIN_S
        assert EVENT.data == sink.wait_for(1)[0].data


@pytest.fixture
def link(cloud: LocalCloud) -> Iterator[Link]:
    """Give a link to the local cloud's storage."""
    with Link(cloud.storage_host.removeprefix("http://"), lambda: begins) as link:
        yield link


def stored_at(host: str) -> StorageObjects:
    """Give the buckets of a storage server."""
    return StorageObjects("demo", host, {one: bucket_name("demo", one) for one in BUCKETS})


@pytest.mark.parametrize("padding", [b"", RESUMABLE], ids=["at once", "in pieces"])
def test_a_lost_object_is_ours(cloud: LocalCloud, link: Link, padding: bytes) -> None:
    """The repeated create meets its own object: one generation, of this run."""
    link.lose(b"marked", "cut")
    made = stored_at(f"http://{link.host}").create(
        "scenes", "x", padding + b"marked", content_type="text/plain", metadata={"owner": "me"}
    )
    there = stored_at(cloud.storage_host).find("scenes", "x")

    assert (1, "me", there) == (link.lost, made.metadata["owner"], made)


def test_a_silent_object_is_given_up_in_time(cloud: LocalCloud, link: Link) -> None:
    """Who comes next adopts it."""
    objects = stored_at(f"http://{link.host}")
    link.lose(b"marked", "muted")

    assert (
        seconds(lambda: objects.create("scenes", "x", b"marked", content_type="text/plain"))
        < LEFT_S + MARGIN_S
    )
    assert b"marked" == stored_at(cloud.storage_host).read("scenes", "x")
