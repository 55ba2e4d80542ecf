"""Which function gets what: the topology, by the full names of topics and buckets."""

from __future__ import annotations

from collections.abc import Iterator

from local.topology import Subscription, Topology, bucket_name

End = tuple[str, str, str]  # function, "topic" or "bucket", and its full name


class Arrows:
    """Looks subscriptions up; no two of them have both ends in common."""

    def __init__(self, topology: Topology, project: str) -> None:
        self._known: dict[End, Subscription] = {
            (one.function, one.kind, _full_source(one, project)): one
            for one in topology.subscriptions
        }

    def __contains__(self, end: End) -> bool:
        return end in self._known

    def __getitem__(self, end: End) -> Subscription:
        return self._known[end]

    def takers(self, kind: str, source: str) -> Iterator[str]:
        """Name the functions that get what comes from a topic or bucket."""
        return (function for function, *end in self._known if end == [kind, source])


def topic_path(project: str, topic: str) -> str:
    """Name a topic in full."""
    return f"projects/{project}/topics/{topic}"


def _full_source(subscription: Subscription, project: str) -> str:
    if subscription.kind == "topic":
        return topic_path(project, subscription.source)
    return bucket_name(project, subscription.source)
