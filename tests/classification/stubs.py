"""Adapters on clients that only ever raise, and every call that an adapter makes of its client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

from google.api_core.exceptions import NotFound

from shared.claim import Claim
from shared.gcp.firestore import FirestoreClaims
from shared.gcp.postgres import Transaction
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects
from shared.messages import Message
from shared.ports import StoredClaim
from tests.classification import table

NOW = datetime(2030, 1, 1, tzinfo=UTC)
CLAIM = Claim("render/lesson/01", "render", "lesson", "hash", "owner", 90, NOW)
SEEN = StoredClaim(CLAIM, NOW, NOW, NOW)
NAME = "lessons/plan.json"
Adapter = TypeVar("Adapter")


class Raises:
    """A client whose every call raises one error; what leads to a call gives itself."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def lead_on(self, *_: object, **__: object) -> Raises:
        return self

    collection = document = write_option = bucket = blob = cursor = lead_on

    def fail(self, *_: object, **__: object) -> NoReturn:
        raise self._error

    get = create = update = publish = list_blobs = execute = fail
    reload = open = download_as_bytes = upload_from_string = upload_from_filename = fail


class RaisesOnUpload(Raises):
    """A bucket in which nothing can be stored, and nothing is."""

    def reload(self, *_: object, **__: object) -> NoReturn:
        raise NotFound("nothing is stored")


class ForgetsTheCommit(Raises):
    """A connection on which only the commit fails."""

    def execute(self, sql: str, _: object = ()) -> None:
        if sql == "commit":
            raise self._error


def claims(error: BaseException) -> FirestoreClaims:
    """Give claims whose client raises."""
    return _on(FirestoreClaims, _client=Raises(error))


def events(error: BaseException) -> PubSubEvents:
    """Give events whose client raises."""
    return _on(PubSubEvents, _client=Raises(error), _project="demo")


def objects(client: Raises) -> StorageObjects:
    """Give objects on this client."""
    return _on(StorageObjects, _client=client, _buckets={"oer": "o", "scenes": "s"})


def _on(adapter: type[Adapter], **parts: object) -> Adapter:
    """Build an adapter around a client of ours: its own constructor would connect a real one."""
    built = adapter.__new__(adapter)
    vars(built).update(parts)
    return built


def _read_a_book(error: BaseException) -> None:
    with objects(Raises(error)).open("oer", NAME, 1):
        pass


def _create(error: BaseException) -> None:
    objects(RaisesOnUpload(error)).create("scenes", NAME, b"", content_type="text/plain")


def _commit(error: BaseException) -> None:
    transaction = Transaction(ForgetsTheCommit(error))
    transaction.begin()
    transaction.commit()


# Every call of a client that a port makes, with the rows that say what its errors mean.
CALLS: dict[str, tuple[Callable[[BaseException], object], table.Rows]] = {
    "claims.read": (lambda error: claims(error).read(CLAIM.key), table.CLAIM_READ),
    "claims.create": (lambda error: claims(error).create(CLAIM), table.CLAIM_WRITE),
    "claims.replace": (lambda error: claims(error).replace(SEEN, CLAIM), table.CLAIM_WRITE),
    "events.publish": (
        lambda error: events(error).publish([Message("topic", "1", "{}")]),
        table.PUBLISH,
    ),
    "objects.read": (
        lambda error: objects(Raises(error)).read("scenes", NAME, 1),
        table.OBJECT_READ,
    ),
    "objects.open": (_read_a_book, table.OBJECT_READ),
    "objects.list": (lambda error: objects(Raises(error)).list("scenes", ""), table.OBJECT_LIST),
    "objects.create": (_create, table.OBJECT_CREATE),
    "sql.statement": (lambda error: Transaction(Raises(error)).begin(), table.SQL_STATEMENT),
    "sql.commit": (_commit, table.SQL_COMMIT),
}


def outcome(call: Callable[[BaseException], object], error: BaseException) -> type[BaseException]:
    """Give the class of what comes out when the client raises this; its own when nothing does."""
    try:
        call(error)
    except BaseException as out:
        return type(out)
    return type(None)
