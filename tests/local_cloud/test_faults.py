"""What the local cloud lets go wrong on demand, and what the adapters make of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.cloud.fault_rules import BadFault
from local.cloud.server import LocalCloud
from local.topology import BUCKETS, bucket_name
from shared.claim import Claim
from shared.deadline import within
from shared.errors import LeaseLost, Transient, Unsure
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects
from shared.messages import Message
from shared.read_back import created, replaced

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
KEY = "render/0123/01"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    """Run a local cloud that delivers to nobody."""
    cloud = LocalCloud(tmp_path / "cloud", {})
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def claims(cloud: LocalCloud) -> FirestoreClaims:
    """Give claims on it."""
    return FirestoreClaims("demo", cloud.firestore_host)


def fresh(owner: str = "me") -> Claim:
    """Make a claim."""
    return Claim(KEY, "render", "0123", "hash", owner, 90.0, BEGAN)


def post(cloud: LocalCloud, body: object) -> tuple[int, dict[str, object]]:
    """Ask for a fault over the control port."""
    request = urllib.request.Request(  # noqa: S310  # our own port
        f"{cloud.control_host}/faults",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_lost_create_is_ours(cloud: LocalCloud, claims: FirestoreClaims) -> None:
    """The answer is lost, the record is there: it is read back and known by its owner."""
    cloud.faults.add("firestore.Commit", action="lose-answer")

    assert "me" == created(claims, fresh()).claim.owner


@pytest.mark.parametrize("state", ["in_progress", "retryable", "completed"])
def test_a_lost_write_is_ours(cloud: LocalCloud, claims: FirestoreClaims, state: str) -> None:
    """Beat, release, completion: each is read back and known by owner, beat and state."""
    seen = claims.create(fresh())
    cloud.faults.add("firestore.Commit", action="lose-answer")

    written = replaced(claims, seen, replace(seen.claim, state=state))  # type: ignore[arg-type]
    assert (state, 2) == (written.claim.state, written.claim.beat)


def test_a_stale_owner_is_refused(claims: FirestoreClaims) -> None:
    """After a takeover the old run writes nothing, whatever it believes."""
    seen = claims.create(fresh())
    replaced(claims, seen, seen.claim.taken_over("you", 90.0, BEGAN))

    with pytest.raises(LeaseLost):
        replaced(claims, seen, seen.claim.over(BEGAN, "completed"))


def test_an_unavailable_store_is_unsure(cloud: LocalCloud, claims: FirestoreClaims) -> None:
    """Nothing was written, and nobody can know that."""
    cloud.faults.add("firestore.Commit", action="unavailable")

    with pytest.raises(Unsure):
        claims.create(fresh())
    assert claims.read(KEY) is None


def test_a_lost_publish_is_sent_again_under_the_same_id(cloud: LocalCloud) -> None:
    """Two messages leave, one event: consumers know it by its id."""
    fault = cloud.faults.add("pubsub.Publish", action="lose-answer")
    PubSubEvents("demo", cloud.pubsub_host).publish(
        [Message("content-completed", "1", "{}", {"event_id": "1"})]
    )

    assert 1 == cloud.faults.acted(fault)


@pytest.mark.parametrize("action", ["lose-answer", "unavailable", "429", "reset"])
def test_an_upload_that_goes_wrong_once_is_there_once(cloud: LocalCloud, action: str) -> None:
    """Whether it was done or not: one generation, with our own bytes."""
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    objects = StorageObjects("demo", cloud.storage_host, buckets)
    fault = cloud.faults.add("storage.insert", action=action)

    made = objects.create("scenes", "a", b"bytes", content_type="text/plain")
    assert (1, b"bytes") == (cloud.faults.acted(fault), objects.read("scenes", "a"))
    assert made == objects.find("scenes", "a")


def test_an_upload_that_is_cut_leaves_nothing_half(cloud: LocalCloud) -> None:
    """Either the whole object is there, or none."""
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    objects = StorageObjects("demo", cloud.storage_host, buckets)
    cloud.faults.add("storage.insert", action="truncate", bytes=100, times=1)
    content = bytes(200_000)

    objects.create("scenes", "a", content, content_type="text/plain")
    assert content == objects.read("scenes", "a")


def test_a_call_that_hangs_is_given_up(cloud: LocalCloud, claims: FirestoreClaims) -> None:
    """A half-open link costs as much time as the call has left, and no more."""
    cloud.faults.add("firestore.*", action="hang", times=None)

    with within(1.0), pytest.raises(Transient):
        created(claims, fresh())


def test_faults_are_asked_for_over_http(cloud: LocalCloud) -> None:
    """The answer describes the fault and counts it."""
    status, told = post(cloud, {"call": "pubsub.Publish", "action": "unavailable"})

    assert (201, 0, "unavailable") == (status, told["acted"], told["action"])


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"call": "pubsub.Publish", "action": "explode"}, "action"),
        ({"call": "moon.Land", "action": "unavailable"}, "call"),
        ({"call": "pubsub.Publish", "action": "unavailable", "colour": 1}, "colour"),
        ({"call": "pubsub.Publish", "action": "unavailable", "nth": 0}, "nth"),
        ({"call": "pubsub.Publish", "action": "unavailable", "probability": 2}, "probability"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    cloud: LocalCloud, rule: dict[str, object], named: str
) -> None:
    """The answer names the field and the rule."""
    status, told = post(cloud, rule)

    assert (400, True) == (status, named in str(told["error"]))
    with pytest.raises(BadFault):
        cloud.faults.add(**rule)  # type: ignore[arg-type]


def test_faults_that_are_over_are_over(cloud: LocalCloud, claims: FirestoreClaims) -> None:
    """Once forgotten they befall nobody."""
    cloud.faults.add("firestore.Commit", action="unavailable", times=None)
    cloud.faults.clear()

    assert "me" == claims.create(fresh()).claim.owner
