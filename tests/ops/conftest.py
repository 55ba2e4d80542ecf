"""Both keepers of dead letters, so that every test of the contract meets both."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shared.gcp.letters import SqlLetters
from shared.gcp.records import SqlRecords
from shared.gcp.reports import SqlReports
from shared.ops.letters import Letters
from shared.ports import Records
from shared.report import Reports
from tests.fakes.letters import MemoryLetters
from tests.ops.desks import Office


@dataclass(frozen=True, slots=True)
class Stores:
    """The rows, through each of their ports."""

    letters: Letters
    records: Records
    reports: Reports


@pytest.fixture(params=["memory", "postgresql"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Give one keeper of the rows."""
    if request.param == "memory":
        memory = MemoryLetters()
        return Stores(memory, memory, memory)
    postgres = request.getfixturevalue("playing")("pipeline_rw")
    return Stores(SqlLetters(postgres), SqlRecords(postgres), SqlReports(postgres))


@pytest.fixture
def office() -> Office:
    """Give a pipeline on the fakes with an operator."""
    return Office()
