"""What `repair` listens to: a tick, and the dead letters of every stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from shared.messages import Arrived
from shared.repair.letter import Letter

TICK_TOPIC = "repair-tick"


@dataclass(frozen=True, slots=True)
class RepairAsked:
    """Please look after what stands still, or after one dead letter."""

    stage: ClassVar[str] = "repair"

    letter: Letter | None

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; its topic alone tells what it asks, so anything can be read."""
        topic = arrived.source.rpartition("/")[2]
        if topic == TICK_TOPIC:
            return cls(None)
        return cls(Letter.arrived(topic, arrived))
