"""The composition root: which adapter stands behind each port, built at its first use.

First use, because a function carries only what it imports: `render` never loads a database
driver, `ingest` never loads a voice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import Lock, RLock
from typing import TYPE_CHECKING, Generic, TypeVar

from shared import config, log
from shared.lesson.plan import Brief, Shape, Speaker
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
)
from shared.versions import AUTHOR, VOICE, versions
from shared.voice import PaidVoice, Voice
from shared.voices.budget import Budget
from shared.voices.settings import SpeechSettings

if TYPE_CHECKING:
    from shared.embedding.embedder import Embedder
    from shared.gcp.postgres import Postgres
    from shared.spending.ledger import Ledger

Built = TypeVar("Built")


class once(Generic[Built]):  # noqa: N801 - read as the decorator that it is
    """An attribute that the first thread to ask builds, while the others wait for it.

    `functools.cached_property` has no lock from Python 3.12 on: the first requests of an instance
    would each build a pool, and the database grants only so many connections.
    """

    def __init__(self, build: Callable[[CloudServices], Built]) -> None:
        self._build = build
        self._name = build.__name__
        self.__doc__ = build.__doc__

    def __get__(self, services: CloudServices, _: type[CloudServices]) -> Built:
        with services.building:
            if self._name not in services.__dict__:
                services.__dict__[self._name] = self._build(services)
        built: Built = services.__dict__[self._name]  # where Python finds it the next time
        return built


class CloudServices:
    """Google Cloud behind the ports, or whatever speaks its protocols at the emulator hosts.

    `pool` is the number of database connections that this process may open.
    """

    def __init__(self, settings: config.Settings, pool: int = 1) -> None:
        self._settings = settings
        self._pool = pool
        self.building = RLock()  # to be entered again: records builds the pool

    @property
    def buckets(self) -> Mapping[Bucket, str]:
        """The settings tell."""
        return self._settings.buckets

    @property
    def film_shape(self) -> Shape:
        """The settings tell."""
        return self._settings.film_shape

    def versions(self, brief: Brief) -> Mapping[str, str]:
        """Name what shapes a lesson of this brief, the prompt included."""
        settings = self._settings
        author = settings.gemini.version(brief) if settings.gemini else AUTHOR
        voice = settings.speech.version if settings.speech else VOICE
        return versions(settings.film_shape, author, voice)

    @property
    def speech(self) -> SpeechSettings | None:
        """The settings tell."""
        return self._settings.speech

    @once
    def claims(self) -> Claims:
        """Firestore."""
        from shared.gcp.firestore import FirestoreClaims

        return FirestoreClaims(self._settings.project, self._settings.firestore_emulator)

    @once
    def objects(self) -> Objects:
        """Cloud Storage."""
        from shared.gcp.storage import StorageObjects

        settings = self._settings
        return StorageObjects(settings.project, settings.storage_emulator, settings.buckets)

    @once
    def events(self) -> Events:
        """Pub/Sub."""
        from shared.gcp.pubsub import PubSubEvents

        return PubSubEvents(self._settings.project, self._settings.pubsub_emulator)

    @once
    def records(self) -> Records:
        """Cloud SQL."""
        from shared.gcp.records import SqlRecords

        return SqlRecords(self._postgres)

    @once
    def upkeep(self) -> Upkeep:
        """Cloud SQL."""
        from shared.gcp.upkeep import SqlUpkeep

        return SqlUpkeep(self._postgres, self._settings.repair_time_scale)

    @once
    def library(self) -> Library:
        """Cloud SQL."""
        from shared.gcp.library import SqlLibrary

        setting = self._settings.embedding
        return SqlLibrary(self._postgres, setting.model if setting else "")

    @once
    def embedder(self) -> Embedder | None:
        """Vertex AI and Cloud SQL, where the setting is on."""
        setting = self._settings.embedding
        if setting is None:
            return None
        from shared.embedding.embedder import Embedder
        from shared.gcp.embeddings import VertexEmbeddings
        from shared.gcp.vectors import SqlVectors

        model = VertexEmbeddings(setting.project, setting.emulator)
        return Embedder(model, SqlVectors(self._postgres), self.ledger, setting)

    @once
    def author(self) -> Author:
        """Give the extractive author, or the one on Gemini with that one behind it."""
        from shared.lesson.extractive.author import ExtractiveAuthor

        gemini = self._settings.gemini
        if gemini is None:
            return ExtractiveAuthor()
        from shared.gcp.vertex import Vertex
        from shared.lesson.gemini.author import GeminiAuthor
        from shared.lesson.gemini.paying import Purse

        model = Vertex(self._settings.project, gemini.emulator)
        purse = Purse(model, self.ledger, self.objects, gemini)
        return GeminiAuthor(purse, ExtractiveAuthor())

    @once
    def ledger(self) -> Ledger:
        """Cloud SQL."""
        from shared.gcp.ledger import SqlLedger

        return SqlLedger(self._postgres)

    @once
    def voice(self) -> Voice:
        """Give the offline voice."""
        from shared.film.voice import EspeakVoice

        return EspeakVoice()

    def speaking(self, speaker: Speaker) -> PaidVoice:
        """Give Cloud Text-to-Speech or Gemini TTS, whichever the plan names."""
        from shared.gcp.speech import voice_of

        settings = self._settings
        return voice_of(
            speaker, settings.project, settings.speech_emulator, settings.vertex_emulator
        )

    @once
    def budget(self) -> Budget:
        """Cloud SQL."""
        from shared.gcp.speech_budget import SqlBudget

        return SqlBudget(self._postgres)

    @once
    def _postgres(self) -> Postgres:
        from shared.gcp.postgres import Postgres

        if not self._settings.database_url:
            raise config.BadSettings("DATABASE_URL is not set; it names the database")
        return Postgres(self._settings.database_url, self._pool)


_provided: list[Services] = []
_starting = Lock()


def services(stage: str) -> Services:
    """Give the services of the function that this process is."""
    if _provided:
        return _provided[-1]
    with _starting:  # the first requests of an instance come at once, and `cache` has no lock
        return _of_the_environment(stage)


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
    log.start(config.project())
    return CloudServices(config.read(), FUNCTIONS[stage].pool)
