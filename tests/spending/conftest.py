"""Both ledgers, so that every test of the contract meets both."""

from __future__ import annotations

import pytest

from shared.gcp.ledger import SqlLedger
from shared.gcp.records import SqlRecords
from tests.fakes.ledger import MemoryLedger
from tests.records.given import LESSON, OTHER, asked


@pytest.fixture(params=["memory", "postgresql"])
def ledger(request):
    """Give the port; both lessons were begun by requests of one school."""
    if request.param == "memory":
        return MemoryLedger(organisations={LESSON: "school-1", OTHER: "school-1"})
    postgres = request.getfixturevalue("playing")("pipeline_rw")
    for lesson in (LESSON, OTHER):
        SqlRecords(postgres).accept(asked(), lesson)
    return SqlLedger(postgres)
