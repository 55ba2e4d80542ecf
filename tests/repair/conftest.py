"""Both keepers of records with their upkeep, and time that passes when a test says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.upkeep import SqlUpkeep
from shared.ports import Library, Records, Upkeep
from tests.fakes.library import MemoryLibrary
from tests.fakes.records import MemoryRecords
from tests.fakes.upkeep import MemoryUpkeep

TIMES = {
    "lessons": ("requested_at", "scripted_at", "finished_at", "updated_at", "nudged_at"),
    "content_requests": ("created_at", "updated_at", "finished_at", "failed_at"),
    "scenes": ("rendered_at",),
}


@dataclass
class Kept:
    """The ports that `repair` finds its work by, over one memory."""

    records: Records
    library: Library
    upkeep: Upkeep


class MemoryKept(Kept):
    """Time passes by a clock that is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        records, library = MemoryRecords(lambda: self.now), MemoryLibrary()
        super().__init__(records, library, MemoryUpkeep(records, library, lambda: self.now))

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def strand(self, lesson_id: str) -> None:
        """Abandon a lesson although somebody waits for it."""
        self.records.strand(lesson_id)


class SqlKept(Kept):
    """Time passes by setting back everything that happened."""

    def __init__(self, postgres: Postgres, library: Postgres | None = None) -> None:
        self.postgres = postgres
        shelf = SqlLibrary(library or postgres)
        super().__init__(SqlRecords(postgres), shelf, SqlUpkeep(postgres))

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        with self.postgres.transaction() as sql:
            for table, columns in TIMES.items():
                earlier = ", ".join(f"{at} = {at} - make_interval(secs => %s)" for at in columns)
                sql.run(f"update {table} set {earlier}", *[float(seconds)] * len(columns))  # noqa: S608

    def strand(self, lesson_id: str) -> None:
        """Abandon a lesson although somebody waits for it."""
        abandon = "update lessons set status = 'abandoned', finished_at = now() where id = %s"
        self.postgres.alone(lambda sql: sql.run(abandon, lesson_id))


@pytest.fixture(params=["memory", "postgresql"])
def kept(request: pytest.FixtureRequest) -> MemoryKept | SqlKept:
    """Give the ports."""
    if request.param == "memory":
        return MemoryKept()
    playing = request.getfixturevalue("playing")
    return SqlKept(playing("pipeline_rw"), playing("library_rw"))
