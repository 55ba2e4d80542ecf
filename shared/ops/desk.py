"""What an operator's command works with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared import config
from shared.errors import Transient
from shared.ops.indexes import Indexes
from shared.ops.letters import Letters
from shared.ops.students import Erasing, Students
from shared.ports import Records, Services
from shared.report import Reports
from shared.status.rows import Requests
from shared.wiring import CloudServices

if TYPE_CHECKING:
    from shared.gcp.postgres import Postgres


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as a command sees it; a test holds it still."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Desk:
    """The rows, and the cloud where it can be reached: of a stack at rest only the rows are."""

    letters: Letters
    records: Records
    reports: Reports
    requests: Requests
    indexes: Indexes
    students: Students
    reachable: Services | None
    eraser: Erasing | None
    clock: Clock = field(default_factory=Clock)
    postgres: Postgres | None = None  # the database itself, for what only it can do

    @property
    def cloud(self) -> Services:
        """Claims, objects, events; raises Transient where nothing runs."""
        if self.reachable is None:
            raise Transient("the stack does not run: only its records can be read")
        return self.reachable

    @property
    def erasing(self) -> Erasing:
        """Take claims and objects away; raises Transient where nothing runs."""
        if self.eraser is None:
            raise Transient("the stack does not run: only its records can be read")
        return self.eraser


@contextmanager
def opened(database_url: str, reachable: Services | None) -> Iterator[Desk]:
    """Open the rows of a database for one command."""
    from shared.gcp.erasing import CloudErasing  # noqa: PLC0415
    from shared.gcp.indexes import SqlIndexes  # noqa: PLC0415
    from shared.gcp.letters import SqlLetters  # noqa: PLC0415 - `--help` needs no driver
    from shared.gcp.postgres import Postgres  # noqa: PLC0415
    from shared.gcp.records import SqlRecords  # noqa: PLC0415
    from shared.gcp.reports import SqlReports  # noqa: PLC0415
    from shared.gcp.status import SqlRequests  # noqa: PLC0415
    from shared.gcp.students import SqlStudents  # noqa: PLC0415

    with closing(Postgres(database_url)) as postgres:
        yield Desk(
            SqlLetters(postgres),
            SqlRecords(postgres),
            SqlReports(postgres),
            SqlRequests(postgres),
            SqlIndexes(postgres),
            SqlStudents(postgres),
            reachable,
            CloudErasing(reachable) if reachable else None,
            postgres=postgres,
        )


@contextmanager
def of_the_environment() -> Iterator[Desk]:
    """Open what the settings name; raises BadSettings, also where nobody may enter the cloud."""
    settings = config.read()
    if not settings.database_url:
        raise config.BadSettings("DATABASE_URL is not set; it names the database")
    try:
        with opened(settings.database_url, CloudServices(settings)) as desk:
            yield desk
    except Exception as fault:
        from google.auth.exceptions import (  # noqa: PLC0415, TID251 - only after a fault
            GoogleAuthError,
        )

        if isinstance(fault, GoogleAuthError):
            raise config.BadSettings(f"Google Cloud does not know who you are: {fault}") from fault
        raise
