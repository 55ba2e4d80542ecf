"""The numbers of the pipeline, each in one place; imports nothing, so that `deploy.sh` can read it.

work deadline < function timeout < last write of a stale run < ack deadline <= 600 s, the most
that Pub/Sub allows.  A test asserts the order for every function, and that the database has
connections for all of their instances.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S

ACK_DEADLINE_S = 600
LEASE_S = 90
BEAT_S = 30
CALL_TIMEOUT_S = 10
PUBLISH_TIMEOUT_S = 30
CLAIM_ATTEMPTS = 5
PARKING_ATTEMPTS = 3  # how often parking may fail, before the claim alone is parked
HISTORY = 20  # attempts that a claim remembers; the records remember all
MAX_DELIVERIES = 20
BACKOFF_S = (10, 600)
CLAIM_KEPT_DAYS = 35
SUBSCRIPTION_KEPT_DAYS = 7
DEAD_KEPT_DAYS = 31  # the most that Pub/Sub keeps
# As long as a message of a deleted student may come: in its topic, as a dead letter, sent again.
STUDENT_REFUSED_DAYS = 2 * SUBSCRIPTION_KEPT_DAYS + DEAD_KEPT_DAYS

# How long what names a student, or was made on the way, is kept, and who takes it away.
# Counted from a request's end, a letter's last coming, a run's begin, an object's creation.
KEPT_DAYS = {
    "requests": 400,  # with their moves and inquiries: `repair`
    "attempts": 92,  # `repair`
    "dead_letters": DEAD_KEPT_DAYS,  # once settled: `repair`
    "open_dead_letters": 92,  # which nobody settled: `repair`
    "claims": CLAIM_KEPT_DAYS,  # Firestore, by `expires_at`
    "scenes": CLAIM_KEPT_DAYS,  # the bucket's lifecycle
}
RETIRED_ROWS = 500  # of each kind, in one tick

MESSAGE_BYTES = 64 * 1024
EVENT_BYTES = 512 * 1024
EMITTED_BYTES = 100 * 1024

# What PostgreSQL grants, and what is left for migrations, the operator and its superuser.
MAX_CONNECTIONS = 120
RESERVED_CONNECTIONS = 20
ROLLOUT = 2  # while a release rolls out, old and new instances stand side by side

LESSON_TAKES = 3  # how often a lesson that failed is begun afresh for a new request
INPUT_KEPT_S = DAY_S  # how long a request waits for its student
LESSON_BUDGET_S = DAY_S  # after which repair fails a lesson, whatever it waits for

TICK_S = MINUTE_S
QUIET_S = 10 * MINUTE_S  # a lesson that has not moved for so long may have lost an event
ANSWER_QUIET_S = MINUTE_S  # a request whose lesson has ended should have its answer by now
NUDGE_AGAIN_S = 5 * MINUTE_S
SWEEP_ROWS = 100
REDRIVES = 2  # how often repair sends a message again that no claim knows


@dataclass(frozen=True, slots=True)
class FunctionLimits:
    """One function's time and width; all times in seconds.

    `threads` is what one instance works on at once, and its threads share the instance's `pool`
    of database connections.  `budget_s` is what one piece of work may take with all its attempts
    and the waits between them, before it is parked; 0 for a function that no event wakes.
    `/tmp` counts as memory.
    """

    timeout_s: int
    threads: int
    pool: int
    instances: int
    budget_s: int
    memory_mib: int = 512
    cpu: int = 1

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
    "ingest": FunctionLimits(60, threads=8, pool=2, instances=8, budget_s=DAY_S),
    "script": FunctionLimits(
        300, threads=4, pool=1, instances=10, budget_s=6 * HOUR_S, memory_mib=1024
    ),
    "render": FunctionLimits(
        540, threads=1, pool=0, instances=50, budget_s=6 * HOUR_S, memory_mib=4096, cpu=2
    ),
    "finalize": FunctionLimits(
        540, threads=1, pool=1, instances=10, budget_s=6 * HOUR_S, memory_mib=4096, cpu=2
    ),
    "library": FunctionLimits(540, threads=1, pool=1, instances=2, budget_s=DAY_S, memory_mib=2048),
    "repair": FunctionLimits(60, threads=1, pool=1, instances=2, budget_s=DAY_S),
    "status": FunctionLimits(30, threads=40, pool=2, instances=5, budget_s=0),
}
STAGES = tuple(name for name, limits in FUNCTIONS.items() if limits.budget_s)  # events wake them
