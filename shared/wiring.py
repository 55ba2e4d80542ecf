"""The composition root: which adapter stands behind each port, built at its first use.

First use, because a function carries only what it imports: `render` never loads a database
driver, `ingest` never loads a voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING

from shared import config, log
from shared.limits import FUNCTIONS
from shared.ports import (
    Author,
    Bucket,
    Claims,
    Events,
    Library,
    Objects,
    Records,
    Services,
    Upkeep,
    Voice,
)

if TYPE_CHECKING:
    from shared.gcp.postgres import Postgres


class CloudServices:
    """Google Cloud behind the ports, or whatever speaks its protocols at the emulator hosts.

    `pool` is the number of database connections that this process may open.
    """

    def __init__(self, settings: config.Settings, pool: int = 1) -> None:
        self._settings = settings
        self._pool = pool

    @property
    def buckets(self) -> Mapping[Bucket, str]:
        """The settings tell."""
        return self._settings.buckets

    @cached_property
    def claims(self) -> Claims:
        """Firestore."""
        from shared.gcp.firestore import FirestoreClaims

        return FirestoreClaims(self._settings.project, self._settings.firestore_emulator)

    @cached_property
    def objects(self) -> Objects:
        """Cloud Storage."""
        from shared.gcp.storage import StorageObjects

        settings = self._settings
        return StorageObjects(settings.project, settings.storage_emulator, settings.buckets)

    @cached_property
    def events(self) -> Events:
        """Pub/Sub."""
        from shared.gcp.pubsub import PubSubEvents

        return PubSubEvents(self._settings.project, self._settings.pubsub_emulator)

    @cached_property
    def records(self) -> Records:
        """Cloud SQL."""
        from shared.gcp.records import SqlRecords

        return SqlRecords(self._postgres)

    @cached_property
    def upkeep(self) -> Upkeep:
        """Cloud SQL."""
        from shared.gcp.upkeep import SqlUpkeep

        return SqlUpkeep(self._postgres, self._settings.repair_time_scale)

    @cached_property
    def library(self) -> Library:
        """Cloud SQL."""
        from shared.gcp.library import SqlLibrary

        return SqlLibrary(self._postgres)

    @cached_property
    def author(self) -> Author:
        """The extractive author."""
        from shared.lesson.extractive.author import ExtractiveAuthor

        return ExtractiveAuthor()

    @cached_property
    def voice(self) -> Voice:
        """The offline voice."""
        from shared.film.voice import EspeakVoice

        return EspeakVoice()

    @cached_property
    def _postgres(self) -> Postgres:
        from shared.gcp.postgres import Postgres

        if not self._settings.database_url:
            raise config.BadSettings("DATABASE_URL is not set; it names the database")
        return Postgres(self._settings.database_url, self._pool)


_provided: list[Services] = []


def services(stage: str) -> Services:
    """Give the services of the function that this process is."""
    return _provided[-1] if _provided else _of_the_environment(stage)


@contextmanager
def provided(own: Services) -> Iterator[None]:
    """Let a block run on other services: the local cloud's command line, and the tests."""
    _provided.append(own)
    try:
        yield
    finally:
        _provided.pop()


@cache
def _of_the_environment(stage: str) -> Services:
    log.start()
    return CloudServices(config.read(), FUNCTIONS[stage].pool)
