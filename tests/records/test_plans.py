"""The statements of the code, planned on a hundred thousand requests: which index each reads.

`python -m tests.benchmarks indexes` does the same on a million, and says how long each takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from shared.gcp.postgres import Postgres
from tests.conftest import copy_of
from tests.records.many import fill
from tests.records.plans import FEWEST, QUESTIONS, Question, explained

REQUESTS = FEWEST
OPEN = Question(
    "open requests",
    "idx_content_requests_open",
    "select * from content_requests where status not in"
    " ('completed', 'refused', 'failed', 'cancelled', 'needs_input')"
    " order by updated_at limit %s",
    lambda _: (100,),
    1,
)
MOST_ROWS = 51 * 6  # a page of each status; counting reads what it counts
IN_ORDER = {"Index Scan", "Index Only Scan"}
FEW = {"a student's lessons"}  # so few that to sort them all may be cheaper


def chance() -> Random:
    """Choose the same values each time."""
    return Random(0)  # noqa: S311


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> Iterator[Postgres]:
    """Give a database with many requests in it."""
    with copy_of(postgres_server, "template1") as url:
        fill(url, REQUESTS)
        postgres = Postgres(url)
        yield postgres
        postgres.close()


@pytest.mark.parametrize("question", [*QUESTIONS, OPEN], ids=lambda one: one.name)
def test_a_question_is_served_by_its_index(filled: Postgres, question: Question) -> None:
    """The plan reads the index named for the question, and hardly more rows than it shows."""
    answered = explained(filled, question, chance())

    assert {question.index} == answered.indexes
    if question.name != "organisation analytics":
        assert answered.scans <= IN_ORDER | (
            {"Bitmap Index Scan"} if question.name in FEW else set()
        )
        assert answered.rows <= MOST_ROWS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_a_question_that_is_asked_often(filled: Postgres, question: Question) -> None:
    """The server may plan a statement for all values at once: still by the same index."""
    answered = explained(filled, question, chance(), for_all_values=True)

    assert {question.index} == answered.indexes
    assert not answered.scans & {"Seq Scan"}
