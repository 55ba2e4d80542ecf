"""Claims in Firestore, one document each.

No transaction and no server timestamp: a claim is created with "must not exist" and replaced with
"must be the version I saw".  Writes are never retried here, because the retry of a write whose
answer got lost conflicts with itself; who asked reads back instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.claim import SCHEMA, Claim, Past
from shared.deadline import left_s
from shared.errors import Conflict, Permanent, Transient, Unsure
from shared.limits import CALL_TIMEOUT_S
from shared.messages import Message
from shared.ports import StoredClaim

if TYPE_CHECKING:
    from google.cloud.firestore import Client, DocumentReference

COLLECTION = "claims"
EPOCH = datetime.fromtimestamp(0, UTC)
FIELDS = tuple(one.name for one in fields(Claim))
PAST_FIELDS = tuple(one.name for one in fields(Past))


class FirestoreClaims:
    """The port Claims; `emulator` is "host:port", or empty for Google Cloud."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._client = _connect(project, emulator)

    def read(self, key: str) -> StoredClaim | None:
        """Fetch one claim; None when nobody ever made it.  Raises Transient."""
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.api_core.retry import Retry
        from google.auth.exceptions import GoogleAuthError

        limit_s = left_s(CALL_TIMEOUT_S)
        try:
            # Unlike a write, a read may be asked again on the connection that was just cut.
            found = self._document(key).get(retry=Retry(timeout=limit_s), timeout=limit_s)
        except (GoogleAPICallError, RetryError, GoogleAuthError) as error:
            raise Transient(f"could not read the claim {key}") from error
        if not found.exists:
            return None
        claim = _decode(found.to_dict() or {})
        return StoredClaim(claim, found.create_time, found.update_time, found.read_time)

    def create(self, claim: Claim) -> StoredClaim:
        """Write a claim that must not exist yet; raises Conflict or Unsure."""
        document = self._document(claim.key)
        limit_s = left_s(CALL_TIMEOUT_S)
        return _write(claim, None, lambda: document.create(_encode(claim), None, limit_s))

    def replace(self, seen: StoredClaim, claim: Claim) -> StoredClaim:
        """Write over exactly the version that was seen; raises Conflict or Unsure.

        Only what changed is sent, as that version is what the server has; fields that this code
        does not know stay as they are.
        """
        document = self._document(claim.key)
        option = self._client.write_option(last_update_time=seen.update_time)
        before = _encode(seen.claim)
        after = _encode(claim)
        changed = {name: after[name] for name in FIELDS if after[name] != before[name]}
        limit_s = left_s(CALL_TIMEOUT_S)
        return _write(
            claim,
            seen.create_time,
            lambda: document.update(changed or after, option, None, limit_s),
        )

    def erase(self, key: str) -> None:
        """Take a claim away, whatever its version; one that is not there is no fault."""
        document = self._document(key)
        with _translated(key):
            document.delete(None, None, left_s(CALL_TIMEOUT_S))

    def _document(self, key: str) -> DocumentReference:
        # A key has slashes, and may be longer than a document's id.
        return self._client.collection(COLLECTION).document(
            hashlib.sha256(key.encode()).hexdigest()
        )


def _connect(project: str, emulator: str) -> Client:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.firestore import Client

    if not emulator:
        return Client(project=project)
    client = Client(project=project, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]
    # The library takes the host from the environment only, which is not ours to read or write.
    client._emulator_host = emulator  # noqa: SLF001
    return client


def _write(claim: Claim, created: datetime | None, commit: Callable[[], Any]) -> StoredClaim:
    with _translated(claim.key):
        written: datetime = commit().update_time
    return StoredClaim(claim, created or written, written, written)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Turn what a refused or lost write raises into the errors of the port."""
    from google.api_core import exceptions as api
    from google.auth.exceptions import GoogleAuthError

    try:
        yield
    except (api.AlreadyExists, api.FailedPrecondition, api.NotFound) as error:
        raise Conflict(f"the claim {key} is another version by now") from error
    except api.InvalidArgument as error:
        raise Permanent(f"Firestore cannot hold the claim {key}") from error
    except (api.Forbidden, api.Unauthorized, GoogleAuthError) as error:
        raise Transient(f"not allowed to write the claim {key}") from error
    except (api.GoogleAPICallError, api.RetryError) as error:
        raise Unsure(f"the claim {key} may have been written") from error


def _encode(claim: Claim) -> dict[str, object]:
    known = {name: getattr(claim, name) for name in FIELDS}
    emitted = [
        {"topic": one.topic, "id": one.id, "data": one.data, "attributes": dict(one.attributes)}
        for one in claim.emitted
    ]
    return known | {
        "emitted": emitted,
        "last_error": dict(claim.last_error),
        "history": [{name: getattr(one, name) for name in PAST_FIELDS} for one in claim.history],
    }


def _decode(stored: dict[str, Any]) -> Claim:
    """Read a record; raises Transient for one that only a newer release can read."""
    try:
        return _claim(stored)
    except (KeyError, TypeError, ValueError) as error:
        if stored.get("schema", SCHEMA) > SCHEMA:
            raise Transient("a newer release wrote this claim") from error
        raise


def _claim(stored: dict[str, Any]) -> Claim:
    known = {name: stored[name] for name in FIELDS if name in stored}
    emitted = tuple(
        Message(one["topic"], one["id"], one["data"], one["attributes"])
        for one in stored.get("emitted", ())
    )
    # A field that nobody knows is a newer release's, as in the record itself.
    history = tuple(
        Past(**{name: one[name] for name in PAST_FIELDS if name in one})
        for one in stored.get("history", ())
    )
    began = stored.get("began", EPOCH)  # records of the first release have none
    return Claim(**known | {"emitted": emitted, "history": history, "began": began})
