"""What `repair` listens to: a tick, the canary's tick, and the dead letters of every stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from shared.messages import Arrived
from shared.repair.letter import Letter

TICK_TOPIC = "repair-tick"
CANARY = b'{"kind":"canary"}'


@dataclass(frozen=True, slots=True)
class RepairAsked:
    """Please look after what stands still, or after one dead letter; or send the canary.

    `canary` is the tick's message id, empty for any other.
    """

    stage: ClassVar[str] = "repair"

    letter: Letter | None
    canary: str = ""

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; anything on the ticks' topic that is no canary is a tick."""
        topic = arrived.source.rpartition("/")[2]
        if topic == TICK_TOPIC:
            return cls(None, arrived.id if arrived.body == CANARY else "")
        return cls(Letter.arrived(topic, arrived))
