"""What a release said to its database, word for word, so that it can be said again to a newer one.

A tape is a file of JSON: the number of the release's last migration, what it wrote before the
upgrade, and what its instances went on to say while the upgrade ran and after it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.gcp.dial import connect
from shared.gcp.postgres import Postgres
from shared.gcp.session import Session

RELEASED = Path(__file__).parent / "released"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with its values, and how many rows it touched or gave."""

    sql: str
    values: list[Any]
    rows: int


@dataclass
class Tape:
    """What one instance said before and during an upgrade from the schema `number`."""

    number: int
    before: list[Said] = field(default_factory=list)
    during: list[Said] = field(default_factory=list)

    def write(self) -> Path:
        """Keep it under the number of its schema."""
        path = RELEASED / f"{self.number:04d}.json"
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")
        return path


def tapes() -> list[Tape]:
    """Read the tapes of all releases that were kept, the oldest first."""
    return [_read(path) for path in sorted(RELEASED.glob("*.json"))]


def _read(path: Path) -> Tape:
    told = json.loads(path.read_text())
    parts = {part: [Said(**one) for one in told[part]] for part in ("before", "during")}
    return Tape(told["number"], **parts)


class Recorded(Postgres):
    """A pool of one connection that writes down what is said on it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.said: list[Said] = []

    def _connected(self) -> Session:
        return _Recording(super()._connected().connection, self.said)


class _Recording(Session):
    def __init__(self, connection: Any, said: list[Said]) -> None:
        super().__init__(connection)
        self._said = said

    def execute(self, sql: str, values: tuple[object, ...]) -> Any:
        answer = super().execute(sql, values)
        self._said.append(Said(sql, [_kept(one) for one in values], _rows(answer)))
        return answer


def played(url: str, said: list[Said]) -> Iterator[tuple[Said, int]]:
    """Say it again on a connection of its own, statement by statement; gives the rows of each."""
    session = Session(connect(url, PATIENCE_S))
    try:
        for one in said:
            answer = session.execute(one.sql, tuple(_given(value) for value in one.values))
            yield one, _rows(answer)
    finally:
        session.connection.close()


def _rows(answer: Any) -> int:
    return len(answer.rows) if answer.rows is not None else max(answer.row_count, 0)


def _kept(value: object) -> object:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [_kept(one) for one in value]
    return value


def _given(value: object) -> object:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return base64.b64decode(text) if kind == "bytes" else datetime.fromisoformat(text)
    if isinstance(value, list):
        return [_given(one) for one in value]
    return value
