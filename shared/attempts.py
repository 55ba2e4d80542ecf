"""The history of a stage's runs: each has a row with its start, end, outcome and error class.

A run without a database leaves its history in its claim, and with what it stores; whoever reads
that writes the rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.claim import Claim, Outcome, Past
from shared.errors import Refused, Superseded
from shared.faults import redacted
from shared.held import Held
from shared.limits import FUNCTIONS
from shared.log import log
from shared.ports import Services
from shared.rows import Attempt


def note_start(held: Held, services: Services) -> None:
    """Note that a run begins, and how those before it ended, who may have died untold."""
    if not FUNCTIONS[held.claim.stage].keeps_records:
        return
    records = services.records
    if not records.attempt_started(_attempt(held)):
        # The rows know of a later run: the claim was lost, and counts from 1 again.
        held.raise_fence(records.last_fence(held.claim.key))
        records.attempt_started(_attempt(held))
    note_history(held.claim, services)


def note_history(claim: Claim, services: Services) -> None:
    """Note the ends that a claim knows and a row may not: its run died between the two."""
    if claim.history and FUNCTIONS[claim.stage].keeps_records:
        runs = told(claim.key, claim.stage, claim.lesson_id, claim.history)
        services.records.attempts_told(runs)


def note_end(held: Held, outcome: Outcome, fault: Exception | None, services: Services) -> None:
    """Note how a run ended, in the log and in its row."""
    error = type(fault).__name__ if fault else ""
    expected = fault is None or isinstance(fault, (Refused, Superseded))
    facts = {"outcome": outcome, "error": error, "why": _why(fault)}
    (log.info if expected else log.warning)(
        "Stage ended", extra={**facts, "duration_ms": held.duration_ms}
    )
    if FUNCTIONS[held.claim.stage].keeps_records:
        services.records.attempt_ended(_attempt(held), outcome, error)


def told(key: str, stage: str, lesson_id: str, history: Iterable[Past]) -> list[Attempt]:
    """Turn a claim's history into rows."""
    return [
        Attempt(
            key, past.fence, stage, lesson_id,
            started_at=past.began, ended_at=past.ended, outcome=past.outcome, error=past.error,
        )
        for past in history
    ]  # fmt: skip


def _why(fault: Exception | None) -> str:
    """Say why in words that are no answer: what a student is told may quote the question."""
    if isinstance(fault, Refused):
        return fault.reason
    return redacted(fault) if fault else ""


def _attempt(held: Held) -> Attempt:
    claim = held.claim
    return Attempt(claim.key, claim.fence, claim.stage, claim.lesson_id, claim.owner)
