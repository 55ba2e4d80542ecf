"""The claim: one durable record per piece of work, that decides who does it.

Pure: the record, what a delivery that finds it should do, and the next version of it.  The moves
against a store are in `shared/hold.py`.

    claimed |-- lease live: Busy --|-- lease over: take over, fence + 1 --> completed: emit again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.limits import CLAIM_ATTEMPTS, HISTORY, PARKING_ATTEMPTS
from shared.messages import Message

SCHEMA = 1
State = Literal["in_progress", "completed", "retryable", "failed", "parked"]
Outcome = Literal["completed", "refused", "superseded", "failed", "parked", "retryable", "lost"]


@dataclass(frozen=True, slots=True)
class Past:
    """A run that is over, as the next one finds it; times are its instance's own clock.

    The outcome `lost` is that of a run which never told one: it was killed, or ran out of time.
    """

    fence: int
    began: datetime
    ended: datetime
    outcome: Outcome
    error: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of the record.

    `owner` is a fresh random token per run, `fence` only ever grows, `beat` grows at every write
    (it moves the server's `update_time` and proves which write was ours), `lease_s` is the length
    of this slice, `attempts` counts claims taken and `transients` those that ended in a named
    Transient.  `emitted` holds the encoded next events, so that a replay needs no work.  `began`
    is when this run did, `history` the runs before it.  `since` is the server's time from which
    the budget counts, None while that is the record's own creation.
    """

    key: str
    stage: str
    lesson_id: str
    payload_hash: str
    owner: str
    lease_s: float
    began: datetime
    state: State = "in_progress"
    fence: int = 1
    beat: int = 1
    attempts: int = 1
    transients: int = 0
    since: datetime | None = None
    result: str = ""  # bucket/name#generation, and its SHA-256
    emitted: tuple[Message, ...] = ()
    last_error: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Past, ...] = ()
    expires_at: datetime | None = None
    schema: int = SCHEMA

    @property
    def settled(self) -> bool:
        """Whether no delivery may work on it any more."""
        return self.state in ("completed", "failed", "parked")

    @property
    def out_of_attempts(self) -> bool:
        """Whether the attempts that nobody can explain as transient are used up."""
        return self.attempts - self.transients >= CLAIM_ATTEMPTS

    @property
    def out_of_parking(self) -> bool:
        """Whether parking it, with all that this has to tell, failed too often as well."""
        return self.attempts - self.transients > CLAIM_ATTEMPTS + PARKING_ATTEMPTS

    def taken_over(self, owner: str, lease_s: float, now: datetime) -> Claim:
        """Hand the work to a new run."""
        died = self.state == "in_progress"
        return replace(
            self.over(now, "lost") if died else self,
            state="in_progress",
            owner=owner,
            lease_s=lease_s,
            began=now,
            fence=self.fence + 1,
            attempts=self.attempts + 1,
        )

    def over(self, now: datetime, outcome: Outcome, error: str = "") -> Claim:
        """Note how the present run ended."""
        past = Past(self.fence, self.began, now, outcome, error)
        return replace(self, history=(*self.history, past)[-HISTORY:])

    def reopened(self, owner: str, now: datetime) -> Claim:
        """Let an operator's replay try again, with a fresh budget from the server's time `now`."""
        return replace(
            self,
            state="retryable",
            owner=owner,
            fence=self.fence + 1,
            transients=self.attempts,
            since=now,
            expires_at=None,
        )
