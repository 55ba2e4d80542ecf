"""The port Budget on PostgreSQL: one row of the ledger for the speech of one lesson.

It stands beside the writing model's rows and is counted apart from them, as each has caps of its
own.  The lesson names the row, so that a run which reserves again finds its reservation.
"""

from __future__ import annotations

from shared.gcp.postgres import Postgres, Transaction
from shared.spending.ledger import Caps, Spent, Verdict, decided
from shared.voices.budget import Narrated

STAGE = "render"
_TURN = 5_320_411  # whoever decides about speech takes this lock: any number that is ours


class SqlBudget:
    """Reservations of whole lessons, and what became of them."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def reserve(self, narrated: Narrated, caps: Caps) -> Verdict:
        """Reserve what a lesson's speech may cost, or say why not; once for each lesson."""

        def work(sql: Transaction) -> Verdict:
            sql.one("select pg_advisory_xact_lock(%s)", _TURN)
            if sql.one("select 1 from costs where attempt_key = %s", _key(narrated.lesson_id)):
                return "granted"
            spent = _spent(sql, narrated.lesson_id)
            word = decided(narrated.worst, spent, caps, lets_through=True)
            if word == "granted":
                _insert(sql, narrated)
            return word

        return self._postgres.retried(work)

    def settle(self, lesson_id: str, characters: int, micros: int) -> None:
        """Note what a lesson's speech came to; repeating it changes nothing."""
        self._postgres.retried(
            lambda sql: sql.run(
                "update costs set settled_at = now(), units = %s, micros = %s"
                " where attempt_key = %s and settled_at is null",
                *(characters, micros, _key(lesson_id)),
            )
        )


def _key(lesson_id: str) -> str:
    return f"speech/{lesson_id}"


def _spent(sql: Transaction, lesson_id: str) -> Spent:
    row = sql.one(
        "with midnight as (select date_trunc('day', clock_timestamp() at time zone 'UTC')"
        "  at time zone 'UTC' as at),"
        " whose as (select coalesce((select organization_id from lessons"
        "  join content_requests r on r.id = requested_by where lessons.id = %s), '') as name)"
        " select coalesce(sum(micros) filter (where organization_id = name), 0)::bigint,"
        "  coalesce(sum(micros), 0)::bigint from costs, midnight, whose"
        " where spent_at >= at and stage = %s",
        *(lesson_id, STAGE),
    )
    organisation, day = row or (0, 0)
    return Spent(organisation=organisation, day=day)  # of its own a lesson has this one row


def _insert(sql: Transaction, narrated: Narrated) -> None:
    sql.run(
        "insert into costs (attempt_key, attempt_fence, kind, stage, lesson_id, units,"
        " price_version, micros, spent_at, organization_id)"
        " values (%s, 0, %s, %s, %s, %s, %s, %s, clock_timestamp(), coalesce((select"
        " organization_id from lessons join content_requests r on r.id = requested_by"
        " where lessons.id = %s), ''))",
        *(_key(narrated.lesson_id), f"speech/{narrated.voice}", STAGE, narrated.lesson_id),
        *(narrated.characters, narrated.price_version, narrated.worst, narrated.lesson_id),
    )
