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

from shared.limits import CLAIM_ATTEMPTS
from shared.messages import Message

SCHEMA = 1
State = Literal["in_progress", "completed", "retryable", "failed", "parked"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of the record.

    `owner` is a fresh random token per run, `fence` only ever grows, `beat` grows at every write
    (it moves the server's `update_time` and proves which write was ours), `lease_s` is the length
    of this slice, `attempts` counts claims taken and `transients` those that ended in a named
    Transient.  `emitted` holds the encoded next events, so that a replay needs no work.
    """

    key: str
    stage: str
    lesson_id: str
    payload_hash: str
    owner: str
    lease_s: float
    state: State = "in_progress"
    fence: int = 1
    beat: int = 1
    attempts: int = 1
    transients: int = 0
    result: str = ""  # bucket/name#generation, and its SHA-256
    emitted: tuple[Message, ...] = ()
    last_error: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None
    schema: int = SCHEMA

    @property
    def out_of_budget(self) -> bool:
        """Whether the attempts that nobody can explain as transient are used up."""
        return self.attempts - self.transients >= CLAIM_ATTEMPTS

    def taken_over(self, owner: str, lease_s: float) -> Claim:
        """Hand the work to a new run."""
        return replace(
            self,
            state="in_progress",
            owner=owner,
            lease_s=lease_s,
            fence=self.fence + 1,
            beat=self.beat + 1,
            attempts=self.attempts + 1,
        )
