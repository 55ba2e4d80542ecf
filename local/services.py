"""The production adapters, pointed at a stack, as the command line uses them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from local.stack import Running
from shared import config
from shared.embedding.ports import NoVectors
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.reports import SqlReports
from shared.lesson.plan import Shape
from shared.ports import Author, Claims, Events, Objects
from shared.report import Reports
from shared.wiring import CloudServices


@dataclass(frozen=True)
class Connected:
    """A running stack, reached."""

    running: Running

    @property
    def events(self) -> Events:
        """The way in."""
        return self._services.events

    @property
    def objects(self) -> Objects:
        """Where the files are."""
        return self._services.objects

    @property
    def claims(self) -> Claims:
        """Who works on what."""
        return self._services.claims

    @cached_property
    def books(self) -> SqlLibrary:
        """The textbooks."""
        return SqlLibrary(self._postgres)

    @cached_property
    def reports(self) -> Reports:
        """What is known of requests."""
        return SqlReports(self._postgres)

    @property
    def author(self) -> Author:
        """Who writes the plans."""
        return self._services.author

    @property
    def film_shape(self) -> Shape:
        """How the pictures of new lessons are shaped."""
        return self._services.film_shape

    def demand_vectors(self) -> None:
        """Raise NoVectors where EMBEDDINGS is on and the database has no pgvector."""
        if config.embedding() is not None:
            from shared.gcp.vectors import SqlVectors  # noqa: PLC0415  # seldom wanted

            if not SqlVectors(self._postgres).is_there():
                raise NoVectors

    def close(self) -> None:
        """Let go of the database, which may be about to stop."""
        self._postgres.close()

    @cached_property
    def _postgres(self) -> Postgres:
        return Postgres(self.running.database_url)

    @cached_property
    def _services(self) -> CloudServices:
        return CloudServices(config.read(self.running.environment))
