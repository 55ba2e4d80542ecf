"""Both keepers of records, so that every test of the contract meets both."""

from __future__ import annotations

import pytest

from shared.gcp.records import SqlRecords
from shared.gcp.reports import SqlReports
from shared.ports import Records
from shared.report import Reports
from tests.fakes.records import MemoryRecords


@pytest.fixture(params=["memory", "postgresql"])
def stores(request: pytest.FixtureRequest) -> tuple[Records, Reports]:
    """Give the port and what reports on it."""
    if request.param == "memory":
        memory = MemoryRecords()
        return memory, memory
    postgres = request.getfixturevalue("playing")("pipeline_rw")
    return SqlRecords(postgres), SqlReports(postgres)


@pytest.fixture
def records(stores: tuple[Records, Reports]) -> Records:
    """Give the port."""
    return stores[0]


@pytest.fixture
def reports(stores: tuple[Records, Reports]) -> Reports:
    """Give what reports on it."""
    return stores[1]
