"""A server that ignores preconditions would make every test of exactly-once empty.

Each check is run on the real servers, where it must hold, and on one that was made dishonest,
where it must not.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import PreconditionFailed
from google.cloud.storage import Client

from local.cloud.server import LocalCloud
from local.topology import BUCKETS, Subscription, bucket_name
from shared.claim import Claim
from shared.errors import Conflict, Missing
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.storage import StorageObjects
from shared.messages import Message
from shared.ports import Claims, Objects
from tests.contract.link import Link, begins
from tests.contract.races import ROUNDS, race
from tests.contract.sides import Delivery
from tests.local_cloud.sink import Posted, listening

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
# What asks for one generation, in the first line of a request to storage.
GENERATION = re.compile(rb"(?<=[?&])(?:ifGenerationMatch|generation)=\d+&?")
DELIVERIES, WAIT_S = 5, 15.0
REQUESTS = Subscription("ingest", "topic", "requests", 4, 10, max_deliveries=DELIVERIES)
LETTERS = Subscription("repair", "topic", "ingest-dead", 1, 10, max_deliveries=None)


def fresh(key: str, owner: str) -> Claim:
    """Make a claim."""
    return Claim(key, "render", "0123", "hash", owner, 90.0, BEGAN)


def won(attempt: Callable[[], object]) -> bool:
    """Tell whether an attempt met no conflict."""
    try:
        attempt()
    except Conflict:
        return False
    return True


def one_creator_per_claim(claims: Claims) -> bool:
    """Of all who create a claim, one does."""
    return all(
        1 == sum(race(lambda n: won(lambda: claims.create(fresh(key, str(n))))))  # noqa: B023
        for key in (f"render/{turn}" for turn in range(ROUNDS))
    )


def a_stale_version_is_refused(claims: Claims) -> bool:
    """Who saw an older version does not write."""
    seen = claims.create(fresh("render/stale", "me"))
    claims.replace(seen, replace(seen.claim, beat=2))
    return not won(lambda: claims.replace(seen, replace(seen.claim, beat=3)))


def one_creator_per_object(objects: Objects) -> bool:
    """Of all who create an object, one does; the others are given the winner's."""

    def create(turn: int, n: int) -> int:
        name = f"lessons/{turn}"
        made = objects.create("scenes", name, str(n).encode(), content_type="text/plain")
        return made.generation

    return all(
        1 == len(set(race(lambda n: create(turn, n))))  # noqa: B023
        for turn in range(ROUNDS)
    )


def another_generation_is_not_read(objects: Objects) -> bool:
    """Who asks for a generation that is not the live one is given nothing."""
    made = objects.create("scenes", "lessons/x", b"live", content_type="text/plain")
    try:
        objects.read("scenes", "lessons/x", made.generation - 1)
    except Missing:
        return True
    return False


def a_stale_generation_is_not_written_over(host: str) -> bool:
    """Who saw a generation that is gone does not write.  No adapter asks for this one."""
    client = Client("demo", client_options={"api_endpoint": host}, use_auth_w_custom_endpoint=False)
    blob = client.bucket(bucket_name("demo", "scenes")).blob("lessons/x")
    blob.upload_from_string(b"1")
    seen = blob.generation
    blob.upload_from_string(b"2")
    try:
        blob.upload_from_string(b"3", if_generation_match=seen)
    except PreconditionFailed:
        return blob.download_as_bytes() == b"2"
    return False


def a_letter_after_so_many_deliveries(delivery: Delivery) -> bool:
    """What fails as often as is allowed is delivered no more, and becomes a dead letter."""
    tries: list[Posted] = []
    over = threading.Event()

    def fail(posted: Posted) -> int:
        tries.append(posted)
        if len(tries) <= DELIVERIES:
            return 500
        over.set()
        return 204

    def take(_: Posted) -> int:
        over.set()
        return 204

    with listening(fail) as ingest, listening(take) as repair:
        functions = {"ingest": ingest.url, "repair": repair.url}
        events = delivery.start(functions, REQUESTS, LETTERS)
        events.publish([Message("requests", "id", "poison")])
        return over.wait(WAIT_S) and len(tries) == DELIVERIES


class CarelessClaims(FirestoreClaims):
    """Claims whose server is told no precondition."""

    def create(self, claim: Claim) -> Any:
        """Write, whatever is there."""
        self._document(claim.key).set({"owner": claim.owner})

    def replace(self, seen: object, claim: Claim) -> Any:
        """Write over whatever is there."""
        self._document(claim.key).update({"owner": claim.owner, "beat": claim.beat})


@pytest.fixture
def careless_storage(cloud: LocalCloud) -> Iterator[str]:
    """Run a storage server that does not hear which generation is asked for."""
    host = cloud.storage_host.removeprefix("http://")
    with Link(host, lambda: begins, lambda data: GENERATION.sub(b"", data)) as link:
        yield f"http://{link.host}"


class CarelessDelivery(Delivery):
    """A delivery whose server has another number of deliveries than it was told."""

    most: int | None = None

    def start(self, functions: dict[str, str], *subscriptions: Subscription, **_: object) -> Any:
        """Begin to deliver."""
        changed = [replace(one, max_deliveries=self.most) for one in subscriptions]
        return super().start(functions, *changed)


def buckets() -> dict[Any, str]:
    """Name the buckets of a local cloud."""
    return {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}


@pytest.mark.parametrize("check", [one_creator_per_claim, a_stale_version_is_refused])
def test_the_server_keeps_a_claims_preconditions(
    claims: Claims, check: Callable[[Claims], bool]
) -> None:
    """Must-not-exist and must-be-this-version are enforced."""
    assert check(claims)


@pytest.mark.parametrize("check", [a_stale_version_is_refused])
def test_a_careless_server_of_claims_is_found_out(
    cloud: LocalCloud, check: Callable[[Claims], bool]
) -> None:
    """The check above can fail."""
    careless = CarelessClaims("demo", cloud.firestore_host)
    honest = FirestoreClaims("demo", cloud.firestore_host)
    careless.read = honest.read  # type: ignore[method-assign]
    seen = honest.create(fresh("render/other", "me"))
    careless.create = lambda claim: replace(seen, claim=claim)  # type: ignore[method-assign]
    careless._document("render/stale").set({"owner": "me", "beat": 1})  # noqa: SLF001

    assert not check(careless)


def test_a_careless_server_of_new_claims_is_found_out(cloud: LocalCloud) -> None:
    """Where everybody who creates succeeds, there is more than one winner."""
    assert not one_creator_per_claim(CarelessClaims("demo", cloud.firestore_host))


OF_OBJECTS = [one_creator_per_object, another_generation_is_not_read]


@pytest.mark.parametrize("check", OF_OBJECTS)
def test_the_server_keeps_an_objects_preconditions(
    objects: Objects, check: Callable[[Objects], bool]
) -> None:
    """Must-not-exist and must-be-this-generation are enforced, as our adapter asks for them."""
    assert check(objects)


@pytest.mark.parametrize("check", OF_OBJECTS)
def test_a_careless_server_of_objects_is_found_out(
    careless_storage: str, check: Callable[[Objects], bool]
) -> None:
    """The check above can fail."""
    assert not check(StorageObjects("demo", careless_storage, buckets()))


def test_the_server_refuses_a_stale_generation(cloud: LocalCloud) -> None:
    """Any generation can be a precondition, not only the one that says "must not exist"."""
    assert a_stale_generation_is_not_written_over(cloud.storage_host)


def test_a_server_that_takes_a_stale_generation_is_found_out(careless_storage: str) -> None:
    """The check above can fail."""
    assert not a_stale_generation_is_not_written_over(careless_storage)


def test_the_server_counts_deliveries(delivery: Delivery) -> None:
    """After so many and no more there is a dead letter."""
    assert a_letter_after_so_many_deliveries(delivery)


@pytest.mark.parametrize("most", [None, DELIVERIES + 1, DELIVERIES - 2])
def test_a_server_that_counts_otherwise_is_found_out(tmp_path: Path, most: int | None) -> None:
    """The check above can fail."""
    with ExitStack() as stack:
        careless = CarelessDelivery(tmp_path, None, stack)
        careless.most = most

        assert not a_letter_after_so_many_deliveries(careless)
