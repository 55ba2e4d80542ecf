"""The port Ledger on PostgreSQL: the breaker's row is locked while a call is decided.

In the database and not beside the claims: a call is admitted by its caps, its rate and the
breaker at once, and one Firestore document takes about one write a second.  All times are the
database's.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime

from shared.errors import LeaseLost
from shared.gcp.postgres import Postgres, Transaction
from shared.spending.breaker import Breaker
from shared.spending.ledger import SERVICE, Bill, Call, Caps, Cost, Spent, Verdict, decided

STAGES = ("script", "library", "by-hand")  # whose calls of models share the limits


class SqlLedger:
    """Reservations and what became of them."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def admit(self, call: Call, caps: Caps) -> Verdict:
        """Reserve the worst that a call can cost, or say why not; raises LeaseLost."""

        def work(sql: Transaction) -> Verdict:
            breaker, now = _locked(sql)
            later = sql.one(
                "select bool_or(settled_at is null) filter (where is_it),"
                " bool_or(attempt_fence > %s) from (select *, attempt_fence = %s and kind = %s"
                "  as is_it from costs where attempt_key = %s) as runs",
                *(call.fence, call.fence, call.kind, call.key),
            )
            is_open, is_overtaken = later or (None, None)
            if is_open:
                return "granted"
            if is_open is False or is_overtaken:
                raise LeaseLost("a later run has paid, or this call has its end")
            spent = _spent(sql, call)
            lets_through = breaker.lets_through(now)
            word = decided(call.worst, spent, caps, lets_through=lets_through)
            if word == "granted":
                _write(sql, breaker.called(now))
                _insert(sql, call)
            return word

        return self._postgres.retried(work)

    def settle(self, call: Call, bill: Bill) -> None:
        """Note that a call was answered and what it cost."""
        self._end(call, bill, faulty=False)

    def failed(self, call: Call, *, billed: bool, faulty: bool) -> None:
        """Note a call without an answer."""
        self._end(call, Bill(micros=call.worst if billed else 0), faulty=faulty)

    def costs(self, lesson_id: str) -> tuple[Cost, ...]:
        """List what a lesson cost, oldest first."""
        return self._postgres.alone(lambda sql: costs(sql, lesson_id))

    def _end(self, call: Call, bill: Bill, *, faulty: bool) -> None:
        def work(sql: Transaction) -> None:
            breaker, now = _locked(sql)
            tokens = bill.read + bill.written + bill.thought
            moved = sql.run(
                "update costs set settled_at = now(), micros = %s, units = %s, tokens_read = %s,"
                " tokens_written = %s, tokens_thought = %s where attempt_key = %s"
                " and attempt_fence = %s and kind = %s and settled_at is null",
                *(bill.micros, tokens, bill.read, bill.written, bill.thought),
                *(call.key, call.fence, call.kind),
            )
            if moved:
                _write(sql, breaker.failed(now) if faulty else breaker.worked(now))

        self._postgres.retried(work)


def costs(sql: Transaction, lesson_id: str) -> tuple[Cost, ...]:
    """Read the rows of a lesson, oldest first."""
    rows = sql.all(
        "select kind, tokens_read, tokens_written, tokens_thought, micros,"
        " settled_at is not null, case when stage = any(%s) then 0 else units end"
        " from costs where lesson_id = %s order by spent_at, attempt_fence, kind",
        *(list(STAGES), lesson_id),
    )
    return tuple(
        Cost(kind, Bill(read, written, thought, micros), settled, characters)
        for kind, read, written, thought, micros, settled, characters in rows
    )


def _locked(sql: Transaction) -> tuple[Breaker, datetime]:
    """Take the service's turn; its time is read once nobody else can be deciding."""
    row = sql.one(
        "select window_at, calls, faults, open_until, open_s, probe_until from breakers"
        " where name = %s for update",
        SERVICE,
    )
    now = sql.one("select clock_timestamp()")
    assert now is not None  # noqa: S101 - a function always answers
    return Breaker(*row) if row else Breaker(), now[0]


def _spent(sql: Transaction, call: Call) -> Spent:
    row = sql.one(
        "with midnight as (select date_trunc('day', clock_timestamp() at time zone 'UTC')"
        "  at time zone 'UTC' as at),"
        " whose as (select coalesce((select organization_id from lessons"
        "  join content_requests r on r.id = requested_by where lessons.id = %s), '') as name),"
        " latest as (select organization_id, micros, spent_at from costs, midnight"
        "  where spent_at >= least(at, clock_timestamp() - interval '1 minute')"
        "  and stage = any(%s))"
        " select (select coalesce(sum(micros), 0)::bigint from costs"
        "   where lesson_id = %s and stage = any(%s)),"
        "  coalesce(sum(micros) filter (where spent_at >= at and organization_id = name),"
        "   0)::bigint,"
        "  coalesce(sum(micros) filter (where spent_at >= at), 0)::bigint,"
        "  count(*) filter (where spent_at > clock_timestamp() - interval '1 minute')"
        " from latest, midnight, whose",
        *(call.lesson_id, list(STAGES), call.lesson_id, list(STAGES)),
    )
    return Spent(*row) if row else Spent()


def _insert(sql: Transaction, call: Call) -> None:
    sql.run(
        "insert into costs (attempt_key, attempt_fence, kind, stage, lesson_id, units,"
        " price_version, micros, spent_at, organization_id)"
        " values (%s, %s, %s, %s, %s, 0, %s, %s, clock_timestamp(), coalesce((select"
        " organization_id from lessons join content_requests r on r.id = requested_by"
        " where lessons.id = %s), ''))",
        *(call.key, call.fence, call.kind, call.stage, call.lesson_id),
        *(call.price_version, call.worst, call.lesson_id),
    )


def _write(sql: Transaction, breaker: Breaker) -> None:
    sql.run(
        "update breakers set window_at = %s, calls = %s, faults = %s, open_until = %s,"
        " open_s = %s, probe_until = %s where name = %s",
        *astuple(breaker),
        SERVICE,
    )
