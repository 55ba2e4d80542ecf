"""The migrations of a folder: `NNNN_name.sql`, forward only."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from shared.errors import Permanent

FOLDER = Path(__file__).parents[1] / "migrations"
FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
OUTSIDE = "-- migrate: no-transaction"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the folder; with `outside`, its statements run one by one in autocommit."""

    number: int
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.number:04d}_{self.name}"

    @property
    def sha256(self) -> str:
        """Identify the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def outside(self) -> bool:
        """Whether its statements refuse to run in a transaction."""
        return self.sql.startswith(OUTSIDE)


def read(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Read a folder's migrations in their order; raises Permanent when two have one number."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        named = FILE.fullmatch(path.name)
        if named is None or int(named[1]) in found:
            raise Permanent(f"{path.name}: must be NNNN_name.sql with a number of its own")
        found[int(named[1])] = Migration(int(named[1]), named[2], path.read_text("utf-8"))
    return tuple(found.values())
