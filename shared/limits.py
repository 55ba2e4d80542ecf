"""The numbers of the pipeline, each in one place; imports nothing, so that `deploy.sh` can read it.

work deadline < function timeout < last write of a stale run < ack deadline <= 600 s, the most
that Pub/Sub allows.  A test asserts the order for every function.
"""

from __future__ import annotations

from dataclasses import dataclass

ACK_DEADLINE_S = 600
LEASE_S = 90
BEAT_S = 30
CALL_TIMEOUT_S = 10
PUBLISH_TIMEOUT_S = 30
CLAIM_ATTEMPTS = 5
MAX_DELIVERIES = 20
BACKOFF_S = (10, 600)
CLAIM_KEPT_DAYS = 35
SUBSCRIPTION_KEPT_DAYS = 7

MESSAGE_BYTES = 64 * 1024
EVENT_BYTES = 512 * 1024
EMITTED_BYTES = 100 * 1024


@dataclass(frozen=True, slots=True)
class FunctionLimits:
    """One function's time and width; all times in seconds."""

    timeout_s: int
    threads: int
    pool: int

    @property
    def work_deadline_s(self) -> float:
        """The moment after which no new step of the work may start."""
        return self.timeout_s * 8 / 9

    @property
    def keeps_records(self) -> bool:
        """Whether this function may reach the database at all."""
        return self.pool > 0

    @property
    def last_lease_end_s(self) -> int:
        """The moment after which no stale run holds a lease."""
        return self.timeout_s + 15


FUNCTIONS = {
    "ingest": FunctionLimits(timeout_s=60, threads=8, pool=2),
    "script": FunctionLimits(timeout_s=300, threads=4, pool=1),
    "render": FunctionLimits(timeout_s=540, threads=1, pool=0),
    "finalize": FunctionLimits(timeout_s=540, threads=1, pool=1),
    "library": FunctionLimits(timeout_s=540, threads=1, pool=1),
}
