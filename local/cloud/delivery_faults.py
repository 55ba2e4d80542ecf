"""Faults on the way to a function: what it gets twice, late, in another order, or never."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

from local.cloud.attempts import Attempts, Delivery
from local.cloud.cloud_event import StoredEvent
from local.cloud.faults import Faults


class Line(Protocol):
    """Where deliveries wait."""

    def put(self, delivery: int, due_s: float) -> None:
        """Hand in a delivery."""


class DeliveryFaults:
    """Lets faults befall deliveries, each of which is put off or doubled at most once."""

    def __init__(self, faults: Faults, attempts: Attempts, line: Line) -> None:
        self._faults = faults
        self._attempts = attempts
        self._line = line
        self._spared: set[int] = set()

    def took(self, delivery: Delivery) -> bool:
        """Let a fault befall this attempt; True when there is nothing left to send."""
        if delivery.id in self._spared:
            return False
        call = f"deliver.{delivery.subscription.function}"
        strike = self._faults.strike(call, lambda: _names(delivery.event))
        if strike is None:
            return False
        match strike.fault.action:
            case "duplicate":
                self._double(delivery, new_id=strike.fault.new_id)
                return False
            case "delay":
                self._put_off(delivery, time.time() + strike.fault.seconds)
            case "reorder":
                self._faults.hold(strike, lambda due_s: self._put_off(delivery, due_s))
            case "drop":
                self._attempts.done(delivery)
            case _:
                self._attempts.failed(delivery, f"fault {strike.rule}")
        return True

    def _double(self, delivery: Delivery, *, new_id: bool) -> None:
        second = self._attempts.repeat(delivery, new_id=new_id)
        self._spared |= {delivery.id, second}
        self._line.put(second, time.time())

    def _put_off(self, delivery: Delivery, due_s: float) -> None:
        self._spared.add(delivery.id)
        self._attempts.put_off(delivery, due_s)
        self._line.put(delivery.id, due_s)


def _names(event: StoredEvent) -> Iterator[str]:
    if event.kind == "bucket":
        name = event.attributes["objectId"]
        yield from (name, f"{event.source}/{name}")
    else:
        yield from (event.source.rpartition("/")[2], event.data.decode("utf-8", "replace"))
