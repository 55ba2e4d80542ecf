"""Two calls at the same moment, played step by step: the second sees what the first reserved."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from shared.gcp.ledger import SqlLedger
from tests.spending.test_ledger import CALL, CAPS

DAY = replace(CAPS, day=150)
LOCKED = "select name from breakers where name = 'vertex' for update"
RESERVED = (
    "insert into costs (attempt_key, attempt_fence, kind, stage, units, price_version, micros)"
    " values ('script/other', 1, 'draft-1/gemini', 'script', 0, '2026-09-02', 100)"
)
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


def test_the_second_waits_for_the_first(postgres):
    """It decides only after the other's reservation is there."""
    ledger = SqlLedger(postgres)
    with ThreadPoolExecutor(1) as other:
        with postgres.transaction() as sql:
            sql.all(LOCKED)
            sql.run(RESERVED)
            word = other.submit(ledger.admit, CALL, DAY)
            while not is_waiting(postgres):
                time.sleep(0.01)

        assert "day-cap" == word.result()


def is_waiting(postgres):
    """Look from a transaction of its own: within one, the server shows what it saw first."""
    return postgres.alone(lambda sql: sql.one(WAITING))[0]
