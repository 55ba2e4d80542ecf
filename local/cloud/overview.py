"""What the cloud has to do and what it could not: read from disk, also by another process."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.cloud.arrows import topic_path
from local.cloud.cloud_event import StoredEvent
from local.cloud.store import FILE
from local.topology import PIPELINE, Topology


@dataclass(frozen=True, slots=True)
class Standing:
    """The deliveries of one function; `dead` are its messages in the dead topic."""

    waiting: int
    in_flight: int
    retrying: int
    dead: int


def standings(
    folder: Path, *, project: str = "demo", topology: Topology = PIPELINE
) -> dict[str, Standing]:
    """Count each function's deliveries."""
    with _reading(folder) as database:
        return {
            function: Standing(
                *_deliveries(database, function), _dead(database, function, project, topology)
            )
            for function in topology.functions
        }


def kept(folder: Path, topic: str, *, project: str = "demo") -> tuple[StoredEvent, ...]:
    """List a topic's messages that nobody fetched yet, the oldest first."""
    with _reading(folder) as database:
        rows = database.execute(
            "select id, kind, source, data, attributes, published_us from events"
            " where source = ? order by id", (topic_path(project, topic),),
        ).fetchall()  # fmt: skip
    return tuple(
        StoredEvent(str(row[0]), row[1], row[2], row[3], json.loads(row[4]), row[5]) for row in rows
    )


def _deliveries(database: sqlite3.Connection, function: str) -> tuple[int, int, int]:
    waiting, in_flight, retrying = database.execute(
        "select count(*) filter (where due_s is not null and attempts = 0),"
        " count(*) filter (where due_s is null),"
        " count(*) filter (where due_s is not null and attempts > 0)"
        " from deliveries where function = ?", (function,),
    ).fetchone()  # fmt: skip
    return waiting, in_flight, retrying


def _dead(database: sqlite3.Connection, function: str, project: str, topology: Topology) -> int:
    topics = {one.dead_topic for one in topology.of(function) if one.dead_topic is not None}
    return sum(
        database.execute(
            "select count(*) from events where source = ?", (topic_path(project, topic),)
        ).fetchone()[0]
        for topic in topics
    )


@contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{(folder / FILE).resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield database
    finally:
        database.close()
