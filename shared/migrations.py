"""The migrations of a folder: `NNNN_name.sql`, forward only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.errors import Permanent

FOLDER = Path(__file__).parents[1] / "migrations"
FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
OUTSIDE = "-- migrate: no-transaction"
END = re.compile(r";[ \t]*$", re.MULTILINE)
COMMENT = re.compile(r"--.*")
BUILD = re.compile(
    r"\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(\w+)\s+on\s",
    re.IGNORECASE,
)


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

    @property
    def statements(self) -> tuple[str, ...]:
        """Split it where a line ends in a semicolon; what is only a comment is left out."""
        parts = (COMMENT.sub("", part).strip() for part in END.split(self.sql))
        return tuple(part for part in parts if part)

    @property
    def builds(self) -> Mapping[str, str]:
        """Name each index that it builds concurrently, with the statement that does it."""
        if not self.outside:
            return {}
        return {built_by(one): one for one in self.statements if built_by(one)}


def built_by(statement: str) -> str:
    """Name the index that a statement builds concurrently; empty when it builds none."""
    found = BUILD.match(statement)
    return found[1] if found else ""


def read(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Read a folder's migrations in their order; raises Permanent when two have one number."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        named = FILE.fullmatch(path.name)
        if named is None or int(named[1]) in found:
            raise Permanent(f"{path.name}: must be NNNN_name.sql with a number of its own")
        found[int(named[1])] = Migration(int(named[1]), named[2], path.read_text("utf-8"))
    return tuple(found.values())
