"""Events in a list."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from shared.errors import Permanent
from shared.limits import EVENT_BYTES
from shared.messages import Message


class MemoryEvents:
    """The port Events; `published` is what left, in order."""

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
        with self._lock:
            self._published.extend(messages)
