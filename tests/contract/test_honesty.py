"""A server that ignores preconditions would make every test of exactly-once empty.

Each check is run on the real servers, where it must hold, and on one that was made dishonest,
where it must not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from local.cloud.server import LocalCloud
from local.topology import BUCKETS, bucket_name
from shared.claim import Claim
from shared.errors import Conflict
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.storage import StorageObjects
from shared.ports import Claims, Objects
from tests.contract.races import ROUNDS, race

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)


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


class CarelessClaims(FirestoreClaims):
    """Claims whose server is told no precondition."""

    def create(self, claim: Claim) -> Any:
        """Write, whatever is there."""
        self._document(claim.key).set({"owner": claim.owner})

    def replace(self, seen: object, claim: Claim) -> Any:
        """Write over whatever is there."""
        self._document(claim.key).update({"owner": claim.owner, "beat": claim.beat})


class CarelessObjects(StorageObjects):
    """Objects whose server is told no precondition."""

    def create(self, bucket: Any, name: str, content: Any, **_: object) -> Any:
        """Write over whatever is there."""
        blob = self._blob(bucket, name)
        blob.upload_from_string(content)
        return blob


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


def test_the_server_keeps_an_objects_precondition(objects: Objects) -> None:
    """Must-not-exist is enforced."""
    assert one_creator_per_object(objects)


def test_a_careless_server_of_objects_is_found_out(cloud: LocalCloud) -> None:
    """The check above can fail: every creator has a generation of its own."""
    careless = CarelessObjects("demo", cloud.storage_host, buckets())

    assert not one_creator_per_object(careless)
