"""Index a textbook.  Storage event: book's archive finalized -> nothing; the library knows it."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import config, hold, stage
from shared.errors import Superseded
from shared.events import BookStored, Outgoing
from shared.library.adding import add
from shared.library.licence import PERMITTED
from shared.library.read import read_book
from shared.library.spool import spooled
from shared.ports import Services


@functions_framework.cloud_event
def library(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, BookStored, index_book)


def index_book(stored: BookStored, services: Services) -> Sequence[Outgoing]:
    """Read an archive and index it; a licence that forbids it, and what is no book, raise."""
    found = services.objects.find("oer", stored.name)
    if found is None or found.generation != stored.generation:
        raise Superseded("the archive was replaced or taken away")
    allowed = PERMITTED | frozenset(config.read().allowed_licences)
    with (
        services.objects.open("oer", stored.name, stored.generation) as archive,
        spooled(archive, stored.name) as copy,
    ):
        book = read_book(copy, stored.name, stored.generation, allowed)
    add(book, services)
    hold.produced(found)
    return []
