"""The whole pipeline over a real PostgreSQL, where each function has the role that is deployed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.upkeep import SqlUpkeep
from shared.limits import QUIET_S
from tests.fakes.services import FakeServices
from tests.pipeline.world import World
from tests.repair.conftest import SqlKept

ACCESS = Path(__file__).parents[2] / "ops" / "deploy" / "access.tsv"


def deployed() -> dict[str, str]:
    """Read which role each function has; `render` has none."""
    lines = [line.split("\t") for line in ACCESS.read_text().splitlines() if line[:1] != "#"]
    return {account: role for account, kind, _, role, *_ in lines if kind == "sql"}


class SqlWorld(World):
    """A world whose rows are PostgreSQL's; `pool` gives the database as a role may use it."""

    def __init__(self, pool: Callable[[str], Postgres], roles: Mapping[str, str]) -> None:
        super().__init__()
        pools = {role: pool(role) for role in {*roles.values()}}
        self._rows = {name: pools[role] for name, role in roles.items()}
        self.services = self._for("repair")

    def deliver(self, name: str, headers: object, body: object) -> int:
        """Deliver to a function that has its own rights, and no others."""
        everybody, self.services = self.services, self._for(name)
        try:
            return super().deliver(name, headers, body)
        finally:
            self.services = everybody

    def quiet(self) -> None:
        """Let so much time pass that `repair` looks after whatever stands still, and have it."""
        SqlKept(self._rows["repair"]).pass_(QUIET_S + 1)
        self.tick()

    def _for(self, name: str) -> FakeServices:
        if name not in self._rows:
            return replace(self.services, records=None, library=None, upkeep=None)
        rows = self._rows[name]
        ports = {
            "records": SqlRecords(rows),
            "library": SqlLibrary(rows),
            "upkeep": SqlUpkeep(rows),
        }
        return replace(self.services, **ports)
