"""The function `library`, over HTTP, as Eventarc calls it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from functions_framework import create_app

from shared import wiring
from tests.fakes.library import MemoryLibrary
from tests.fakes.services import FakeServices
from tests.library.books import archive, collection, module, repository

GOOD = repository(m1=module('<para id="p1">Ice melts.</para>'), m2="<oops")
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
FORBIDDEN = {**GOOD, "collections/little.collection.xml": collection("m1", licence=NC)}


@pytest.fixture
def services() -> FakeServices:
    """Give services with an empty library."""
    return FakeServices(library=MemoryLibrary())


@pytest.fixture
def store(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Store an archive and deliver its event; gives the HTTP status."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test")
    with wiring.provided(services):
        client = create_app("library", "functions/library/main.py", "cloudevent").test_client()

        def deliver(files: dict[str, str | bytes] | bytes, digest: str = "") -> int:
            content = files if isinstance(files, bytes) else archive(files).read()
            name = f"books/little/{digest or hashlib.sha256(content).hexdigest()}.zip"
            stored = services.objects.create("oer", name, content, content_type="application/zip")
            bucket = services.buckets["oer"]
            headers = {
                "ce-id": "1",
                "ce-source": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
                "ce-specversion": "1.0",
                "ce-type": "google.cloud.storage.object.v1.finalized",
                "ce-subject": f"objects/{name}",
            }
            body = {"bucket": bucket, "name": name, "generation": str(stored.generation)}
            return client.post("/", json=body, headers=headers).status_code

        yield deliver


def reasons(services: FakeServices) -> list[str]:
    """List the reasons of the dead letters."""
    return [row.reason for row in services.records.letters]


def test_book_is_indexed(store, services):
    """A stored book can be searched when its event is acknowledged."""
    assert 200 == store(GOOD)
    assert ["m1#p1"] == [hit.passage for hit in services.library.search(["melting"], 9)]


def test_the_claim_names_the_book(store, services):
    """By the object that was indexed, its generation and digest."""
    store(GOOD)
    (book,) = services.objects.list("oer", "books/")
    (claim,) = services.claims.all.values()

    assert f"oer/{book.name}#{book.generation} {book.sha256}" == claim.result


def test_second_delivery(store, services):
    """A second delivery changes nothing."""
    statuses = store(GOOD), store(GOOD)

    assert ((200, 200), 1) == (statuses, len(services.library.sections()))


def test_broken_file_is_logged_by_name(store, caplog):
    """What was left out of the book is named in the log."""
    caplog.set_level("WARNING")
    store(GOOD)

    assert "modules/m2/index.cnxml" in next(r.fault for r in caplog.records if hasattr(r, "fault"))


def test_forbidden_licence(store, services):
    """A book whose licence forbids its use becomes a dead letter and is not indexed."""
    assert (200, ["licence-by-nc"]) == (store(FORBIDDEN), reasons(services))
    assert services.library.sections() == ()


def test_allowed_by_a_setting(store, services, monkeypatch):
    """A setting may allow a licence by its code."""
    monkeypatch.setenv("ALLOWED_LICENCES", "by-nc")
    store(FORBIDDEN)

    assert 1 == len(services.library.sections())


def test_no_book(store, services):
    """What is no archive becomes a dead letter with the reason."""
    assert (200, ["not-a-zip"]) == (store(b"hello"), reasons(services))


def test_other_bytes(store, services):
    """An archive that is not what its name promises becomes a dead letter."""
    assert (200, ["wrong-digest"]) == (store(GOOD, digest="f" * 64), reasons(services))
