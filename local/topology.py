"""Who gets what: the one table of topics, buckets and the functions behind them.

The local cloud delivers by it, the bridge to Google's emulator is built from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from shared.limits import ACK_DEADLINE_S, BACKOFF_S, FUNCTIONS, MAX_DELIVERIES
from shared.ports import Bucket

BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
# Nobody subscribes to it here: the product that asked does.  Its messages are kept for show.
KEPT_TOPICS = ("content-completed",)
TICK_TOPIC = "repair-tick"
TICK = b'{"kind":"tick"}'
CANARY_TICK = b'{"kind":"canary"}'  # on the same topic; nobody needs it on a laptop
TICK_S = 60.0
MOST_DOUBLINGS = 16  # what never works is tried for ever, and twice as much has an end


@dataclass(frozen=True, slots=True)
class Subscription:
    """One arrow into a function.

    `source` is a topic or one of our buckets.  All arrows into a function together have at most
    `in_flight` deliveries under way.  A delivery without an answer after `deadline_s` has failed.
    `backoff_s` is (least, most) between two deliveries.  After `max_deliveries` failures the
    message goes to `dead_topic`; None tries for ever.
    """

    function: str
    kind: Literal["topic", "bucket"]
    source: str
    in_flight: int
    deadline_s: float
    max_deliveries: int | None = MAX_DELIVERIES
    backoff_s: tuple[float, float] = BACKOFF_S

    @property
    def name(self) -> str:
        """What tells this arrow from every other one."""
        return f"{self.function}-{self.source}"

    def backoff_after(self, attempt: int) -> float:
        """Say how many seconds pass between the failure of an attempt and the next one."""
        least_s, most_s = self.backoff_s
        doublings = min(attempt - 1, MOST_DOUBLINGS)
        return float(min(most_s, least_s * 2**doublings))

    @property
    def dead_topic(self) -> str | None:
        """Where a message goes that this function failed on too often; None keeps it."""
        return None if self.max_deliveries is None else f"{self.function}-dead"


@dataclass(frozen=True, slots=True)
class Topology:
    """All arrows, and the topics without one."""

    subscriptions: tuple[Subscription, ...]
    kept_topics: tuple[str, ...] = ()

    @property
    def functions(self) -> tuple[str, ...]:
        """Every function that an arrow points at."""
        return tuple(dict.fromkeys(s.function for s in self.subscriptions))

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that must exist before the first message."""
        sources = [s.source for s in self.subscriptions if s.kind == "topic"]
        dead = [s.dead_topic for s in self.subscriptions if s.dead_topic is not None]
        return tuple(dict.fromkeys([*sources, *self.kept_topics, *dead]))

    def of(self, function: str) -> tuple[Subscription, ...]:
        """List the arrows into a function."""
        return tuple(s for s in self.subscriptions if s.function == function)

    def in_flight(self, function: str) -> int:
        """Say how many deliveries a function may have under way."""
        return max(s.in_flight for s in self.of(function))


def bucket_name(project: str, bucket: str) -> str:
    """Name one of our buckets in a project; bucket names are global, so they carry it."""
    return f"{project}-{bucket}"


def _subscription(
    function: str, kind: Literal["topic", "bucket"], source: str, in_flight: int
) -> Subscription:
    deadline_s = min(FUNCTIONS[function].timeout_s, ACK_DEADLINE_S)
    return Subscription(function, kind, source, in_flight, deadline_s)


def _repair(topic: str) -> Subscription:
    # Nobody is left to take a letter that the last instance gave up: it comes until it is done.
    deadline_s = min(FUNCTIONS["repair"].timeout_s, ACK_DEADLINE_S)
    return Subscription("repair", "topic", topic, 1, deadline_s, max_deliveries=None)


_STAGES = (
    _subscription("ingest", "topic", "content-requests", 8),
    _subscription("script", "topic", "script-requested", 4),
    _subscription("render", "topic", "scene-requested", 2),
    _subscription("finalize", "bucket", "scenes", 2),
    _subscription("library", "bucket", "oer", 1),
)
PIPELINE = Topology(
    subscriptions=(
        *_STAGES,
        _repair(TICK_TOPIC),
        *(_repair(stage.dead_topic) for stage in _STAGES if stage.dead_topic is not None),
    ),
    kept_topics=KEPT_TOPICS,
)
