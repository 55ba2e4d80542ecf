"""How PostgreSQL means to answer a question, as an operator would look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from shared.gcp import status
from shared.gcp.postgres import Postgres
from shared.gcp.status import TOP
from tests.records.many import ORGANIZATIONS, STUDENTS

FEWEST = 100_000  # requests, wherever this is asked
STATES = list(status.ALL_STATUSES)
STAGES = ("ingest", "script", "render", "finalize")
Values = Callable[[Random], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A statement of the code with values, the index that must serve it, and what it may take."""

    name: str
    index: str
    statement: str
    values: Values
    most_ms: float


QUESTIONS = (
    Question(
        "idempotency lookup",
        "idx_content_requests_correlation_status",
        status.CORRELATED,
        lambda chance: (f"c-{chance.randint(1, FEWEST)}", 20),
        1,
    ),
    Question(
        "a student's lessons",
        "idx_content_requests_student_status_created",
        status.OF_STUDENT,
        lambda chance: (STATES, f"s-{chance.randrange(STUDENTS)}", *TOP, 21, 21),
        5,
    ),
    Question(
        "status list, one state",
        "idx_content_requests_status_created",
        status.OF_ALL,
        lambda chance: ([chance.choice(STATES)], *TOP, 51, 51),
        10,
    ),
    Question(
        "status list, all states, further down",
        "idx_content_requests_status_created",
        status.OF_ALL,
        lambda chance: (STATES, _days_ago(chance.random()), TOP[1], 51, 51),
        10,
    ),
    Question(
        "an organisation's lessons",
        "idx_content_requests_org_status_created",
        status.OF_ORGANIZATION,
        lambda chance: (STATES, f"o-{chance.randrange(ORGANIZATIONS)}", *TOP, 21, 21),
        50,
    ),
    Question(
        "organisation analytics",
        "idx_content_requests_org_status_created",
        status.COUNTS,
        lambda chance: (f"o-{chance.randrange(ORGANIZATIONS)}", 30),
        50,
    ),
    Question(
        "failures of a stage",
        "idx_content_requests_failed_debugging",
        status.FAILURES,
        lambda chance: (chance.choice(STAGES), *TOP, 51),
        50,
    ),
)


def _days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


@dataclass(frozen=True, slots=True)
class Answered:
    """How a question was answered: by which reads of the table, of how many rows, and how fast."""

    indexes: frozenset[str]
    scans: frozenset[str]
    rows: int
    server_ms: float


def explained(
    postgres: Postgres, question: Question, chance: Random, *, for_all_values: bool = False
) -> Answered:
    """Have the server answer a question, or only plan it for all values, and tell how it did."""
    how = "generic_plan" if for_all_values else "analyze"
    statement, values = question.statement, question.values(chance)
    if for_all_values:
        for n in range(1, len(values) + 1):
            statement = statement.replace("%s", f"${n}", 1)
        values = ()
    asked = f"explain ({how}, format json) {statement}"
    row = postgres.alone(lambda sql: sql.one(asked, *values))
    assert row is not None
    told = row[0][0]
    reads = [one for one in _nodes(told["Plan"]) if _reads_requests(one)]
    return Answered(
        indexes=frozenset(one.get("Index Name", "none") for one in reads),
        scans=frozenset(one["Node Type"] for one in reads),
        rows=sum(round(one.get("Actual Rows", 0) * one.get("Actual Loops", 0)) for one in reads),
        server_ms=told.get("Execution Time", 0),
    )


def _reads_requests(node: Mapping[str, Any]) -> bool:
    """Tell whether a node reads the table; one that fetches what a bitmap found does not count."""
    if node["Node Type"] == "Bitmap Heap Scan":
        return False
    ours = str(node.get("Index Name", "")).startswith(("idx_content_requests", "content_requests"))
    return ours or node.get("Relation Name") == "content_requests"


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)
