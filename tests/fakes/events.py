"""Events in a list."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from shared.errors import Permanent
from shared.gcp.pubsub import calls, size_of
from shared.limits import EVENT_BYTES
from shared.messages import Message

MOST_MESSAGES = 1000
MOST_BYTES = 10_000_000


class MemoryEvents:
    """The port Events; `published` is what left, in order.

    A thousand completions must not leave in one call, and a fake that took any number would hide
    it: so this one splits as the adapter does, and refuses what Pub/Sub refuses.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._published: list[Message] = []

    @property
    def published(self) -> tuple[Message, ...]:
        """Everything that left so far, in order."""
        with self._lock:
            return tuple(self._published)

    def publish(self, messages: Sequence[Message]) -> None:
        """Let messages leave; raises Permanent when one is larger than Eventarc carries."""
        if any(len(message.data.encode()) > EVENT_BYTES for message in messages):
            raise Permanent("too large")
        for call in calls(messages):
            self._call(call)

    def _call(self, messages: Sequence[Message]) -> None:
        size = sum(map(size_of, messages))
        if not messages or len(messages) > MOST_MESSAGES or size > MOST_BYTES:
            raise Permanent("Pub/Sub does not take so much in one call")
        with self._lock:
            self._published.extend(messages)
