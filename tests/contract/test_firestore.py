"""Firestore below the port: Google's own client finds ours and Google's server equal."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from google.api_core import exceptions as api
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import DELETE_FIELD, Client, DocumentReference

from shared.claim import Claim, Past
from shared.errors import Permanent, Transient
from shared.gcp.firestore import FirestoreClaims
from shared.messages import Message
from tests.contract.sides import PROJECTS, firestore_host

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
KEY = "render/1/1"

EVERYTHING = {
    "text": "ä五\n", "bytes": b"\x00\xff", "large": 2**62, "float": 0.1, "true": True, "none": None,
    "time": datetime(2031, 2, 3, 4, 5, 6, 789012, tzinfo=UTC), "list": [1, {"a": [2]}],
    "map": {"a": {"b": "c"}}, "empty": {}, "dotted.name": 1,
}  # fmt: skip


@pytest.fixture(params=["local cloud", "google"])
def client(request: pytest.FixtureRequest) -> Client:
    """Give Google's client on an empty project."""
    client = Client(project=next(PROJECTS), credentials=AnonymousCredentials())
    client._emulator_host = firestore_host(request)  # noqa: SLF001  # as our adapter does
    return client


@pytest.fixture
def document(client: Client) -> DocumentReference:
    """Name a document that is not there."""
    return client.collection("claims").document("one")


def test_every_kind_of_value_comes_back(document: DocumentReference) -> None:
    """A document reads as it was written."""
    document.create(EVERYTHING)

    assert document.get().to_dict() == EVERYTHING


def test_a_missing_document_has_a_read_time(document: DocumentReference) -> None:
    """Also the answer that nothing is there has its time."""
    found = document.get()

    assert (False, True) == (found.exists, found.read_time is not None)


def test_the_creation_time_stays(document: DocumentReference) -> None:
    """An update moves the update time alone."""
    document.create({"n": 1})
    created = document.get().create_time
    document.update({"n": 2})
    found = document.get()

    assert created == found.create_time < found.update_time


def test_a_new_life_has_a_new_creation_time(document: DocumentReference) -> None:
    """Delete and create is no update."""
    document.create({})
    created = document.get().create_time
    document.delete()
    document.create({})

    assert created < document.get().create_time


@pytest.mark.parametrize(
    ("there", "option", "error"),
    [
        (True, {"last_update_time": "stale"}, api.FailedPrecondition),
        (False, {"last_update_time": "stale"}, api.FailedPrecondition),
        (False, {"exists": True}, api.NotFound),
    ],
)
def test_a_delete_checks_its_precondition(
    client: Client,
    document: DocumentReference,
    there: bool,  # noqa: FBT001
    option: dict[str, Any],
    error: type,
) -> None:
    """A delete under a condition that does not hold says why, and deletes nothing."""
    stale = client.collection("claims").document("other").create({}).update_time
    if there:
        document.create({})
    if "last_update_time" in option:
        option = {"last_update_time": stale}

    with pytest.raises(error):
        document.delete(client.write_option(**option))
    assert there == document.get().exists


def test_deleting_what_is_not_there_is_fine(document: DocumentReference) -> None:
    """A delete without condition has no opinion."""
    document.delete()

    assert not document.get().exists


def test_one_refused_write_leaves_nothing(client: Client, document: DocumentReference) -> None:
    """A commit happens as a whole."""
    other = client.collection("claims").document("other")
    other.create({})
    batch = client.batch()
    batch.create(document, {})
    batch.create(other, {})

    with pytest.raises(api.AlreadyExists):
        batch.commit()
    assert not document.get().exists


def test_writes_of_one_commit_share_their_time(client: Client, document: DocumentReference) -> None:
    """Two writes on one document are one version."""
    batch = client.batch()
    batch.create(document, {"a": 1})
    batch.update(document, {"b": 2})
    first, second = batch.commit()

    assert first.update_time == second.update_time == document.get().update_time
    assert document.get().to_dict() == {"a": 1, "b": 2}


def test_a_mask_replaces_what_it_names(document: DocumentReference) -> None:
    """Nested paths and quoted names; what is named and not given goes, the rest stays."""
    document.create({"a": {"b": 1, "c": 2}, "d.e": 3, "f": 4, "g": 5})
    changes = {"a.b": 10, "`d.e`": 30, "h.i": 60}
    document.update({**changes, "f": DELETE_FIELD})

    assert document.get().to_dict() == {
        "a": {"b": 10, "c": 2}, "d.e": 30, "g": 5, "h": {"i": 60},
    }  # fmt: skip


def test_a_write_without_mask_replaces_all(document: DocumentReference) -> None:
    """What the new version does not have is gone."""
    document.create({"a": 1, "b": 2})
    document.set({"b": 3})

    assert document.get().to_dict() == {"b": 3}


def test_a_read_may_pick_fields(document: DocumentReference) -> None:
    """A field mask gives what it names."""
    document.create({"a": {"b": 1, "c": 2}, "d": 3})

    assert document.get(["a.b"]).to_dict() == {"a": {"b": 1}}


def test_asking_twice_for_one_document_is_asking_once(
    client: Client, document: DocumentReference
) -> None:
    """Each distinct name is answered once, found or missing."""
    document.create({})
    missing = client.collection("claims").document("missing")
    found = list(client.get_all([document, missing, document]))

    assert [True, False] == sorted((one.exists for one in found), reverse=True)


@pytest.mark.parametrize("name", ["..", "__x__", "x" * 1501])
def test_some_ids_are_refused(client: Client, name: str) -> None:
    """What Firestore refuses as an id, ours refuses too."""
    with pytest.raises(api.InvalidArgument):
        client.collection("claims").document(name).create({})


@pytest.mark.parametrize("content", [{"__x__": 1}, {"a": [[1]]}, {"a": "x" * 1_048_577}])
def test_some_contents_are_refused(document: DocumentReference, content: dict[str, Any]) -> None:
    """Reserved names, a list in a list, and more than a mebibyte."""
    with pytest.raises(api.InvalidArgument):
        document.create(content)


def test_unknown_fields_of_a_claim_survive(client: Client) -> None:
    """Older code reads what newer code wrote, and keeps what it does not know."""
    claims = FirestoreClaims(client.project, client._emulator_host)  # noqa: SLF001
    claim = Claim("render/1/1", "render", "1", "hash", "me", 90.0, BEGAN)
    claims.create(claim)
    name = hashlib.sha256(claim.key.encode()).hexdigest()
    document = client.collection("claims").document(name)
    document.update({"from_the_future": [1]})
    seen = claims.read(claim.key)
    claims.replace(seen, seen.claim.taken_over("you", 90.0, BEGAN))

    assert (claim, [1]) == (seen.claim, document.get().get("from_the_future"))


def written(client: Client, **changes: object) -> FirestoreClaims:
    """Create a claim with a history, and change its document as another release would."""
    claims = FirestoreClaims(client.project, client._emulator_host)  # noqa: SLF001
    claim = Claim(KEY, "render", "1", "hash", "me", 90.0, BEGAN)
    claims.create(claim.over(BEGAN, "retryable", "Transient"))
    client.collection("claims").document(hashlib.sha256(KEY.encode()).hexdigest()).update(changes)
    return claims


def test_unknown_fields_inside_a_claim_are_ignored(client: Client) -> None:
    """A run of the history, or an event, may tell more than this release knows."""
    past = {"fence": 1, "began": BEGAN, "ended": BEGAN, "outcome": "lost", "cost": 3}
    event = {"topic": "t", "id": "1", "data": "{}", "attributes": {}, "ordering": "x"}
    claim = written(client, history=[past], emitted=[event], schema=2).read(KEY).claim

    assert ((Past(1, BEGAN, BEGAN, "lost"),), (Message("t", "1", "{}"),), 2) == (
        claim.history,
        claim.emitted,
        claim.schema,
    )


@pytest.mark.parametrize(
    "changes", [{"owner": DELETE_FIELD}, {"history": [{}]}, {"emitted": ["x"]}, {"history": 3}]
)
def test_a_claim_that_only_a_newer_release_can_read_is_transient(
    client: Client, changes: dict[str, object]
) -> None:
    """While it rolls out, a later delivery meets an instance that can."""
    with pytest.raises(Transient):
        written(client, schema=2, **changes).read(KEY)


def test_a_claim_too_large_is_permanent(client: Client) -> None:
    """No redelivery makes a record smaller."""
    claims = FirestoreClaims(client.project, client._emulator_host)  # noqa: SLF001

    with pytest.raises(Permanent):
        claims.create(Claim("x" * 2_000_000, "render", "1", "hash", "me", 90.0, BEGAN))
