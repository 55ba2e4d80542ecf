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


@dataclass(frozen=True, slots=True)
class Subscription:
    """One arrow into a function; it carries the function's name.

    `source` is a topic or one of our buckets.  A delivery without an answer after `deadline_s`
    has failed.  `backoff_s` is (least, most) between two deliveries.  After `max_deliveries`
    failures the message goes to `dead_topic`.
    """

    function: str
    kind: Literal["topic", "bucket"]
    source: str
    in_flight: int
    deadline_s: float
    max_deliveries: int = MAX_DELIVERIES
    backoff_s: tuple[float, float] = BACKOFF_S

    @property
    def dead_topic(self) -> str:
        """Where a message goes that this function failed on too often."""
        return f"{self.function}-dead"


@dataclass(frozen=True, slots=True)
class Topology:
    """All arrows, and the topics without one."""

    subscriptions: tuple[Subscription, ...]
    kept_topics: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that must exist before the first message."""
        sources = [s.source for s in self.subscriptions if s.kind == "topic"]
        dead = [s.dead_topic for s in self.subscriptions]
        return tuple(dict.fromkeys([*sources, *self.kept_topics, *dead]))


def bucket_name(project: str, bucket: str) -> str:
    """Name one of our buckets in a project; bucket names are global, so they carry it."""
    return f"{project}-{bucket}"


def _subscription(
    function: str, kind: Literal["topic", "bucket"], source: str, in_flight: int
) -> Subscription:
    deadline_s = min(FUNCTIONS[function].timeout_s, ACK_DEADLINE_S)
    return Subscription(function, kind, source, in_flight, deadline_s)


PIPELINE = Topology(
    subscriptions=(
        _subscription("ingest", "topic", "content-requests", 8),
        _subscription("script", "topic", "script-requested", 4),
        _subscription("render", "topic", "scene-requested", 2),
        _subscription("finalize", "bucket", "scenes", 2),
        _subscription("library", "bucket", "oer", 1),
    ),
    kept_topics=KEPT_TOPICS,
)
