"""The spine: decode -> claim -> work -> record -> emit.

The only place that chooses between acknowledge (return) and redeliver (raise).

  decode  what nobody can read is recorded as a dead letter and acknowledged
  claim   another run's live lease raises; settled work emits its events again, acknowledged
  work    a plain function: event and services in, next events out
  emit    the publish is confirmed first, only then the claim completed
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cloudevents.http import CloudEvent

from shared import hold, wiring
from shared.envelope import opened
from shared.errors import (
    Busy,
    LeaseLost,
    NeedsInput,
    Permanent,
    PipelineError,
    Refused,
    Superseded,
    Transient,
    Unreadable,
)
from shared.events import DeadLettered, Event, Outgoing, digest
from shared.limits import EMITTED_BYTES, FUNCTIONS
from shared.log import bind, log
from shared.messages import Arrived, Message
from shared.ports import Attempt, DeadLetter, Services

E = TypeVar("E", bound=Event)
WorkOf = Callable[[E, Services], Sequence[Outgoing]]
Otherwise = Callable[[E, Services, PipelineError], Sequence[Outgoing]]
Ready = Callable[[E, Services], bool]


def run(
    arrived: CloudEvent,
    kind: type[E],
    work: WorkOf[E],
    *,
    otherwise: Otherwise[E] | None = None,
    ready: Ready[E] | None = None,
) -> None:
    """Do what a delivery asks for, once: returning acknowledges it, raising has it redelivered.

    `otherwise` ends the work visibly when it can never succeed and gives the events that say so.
    `ready` is asked before the claim is taken: False acknowledges a delivery that comes too early.
    """
    elapsed_s = hold.monotonic_since(time.monotonic())
    delivery = opened(arrived)
    services = wiring.services()
    with bind(stage=kind.stage, event=delivery.id):
        try:
            event = kind.decode(delivery)
        except Superseded:
            return
        except Unreadable as fault:
            bury(delivery, kind.stage, fault, services)
            return
        with bind(lesson=event.lesson_id, key=event.key):
            if ready is None or ready(event, services):
                _Run(event, delivery, services, work, otherwise or _nothing).claimed(elapsed_s)


@dataclass(frozen=True, slots=True)
class _Run(Generic[E]):
    """One delivery on its way through claim, work and emit."""

    event: E
    delivery: Arrived
    services: Services
    work: WorkOf[E]
    otherwise: Otherwise[E]

    def claimed(self, elapsed_s: hold.Monotonic) -> None:
        event = self.event
        asked = hold.Work(event.key, event.stage, event.lesson_id, digest(event.business()))
        try:
            taken = hold.take(self.services.claims, asked, FUNCTIONS[event.stage], elapsed_s)
        except Unreadable as fault:
            self._bury(fault)
            return
        if isinstance(taken, hold.Settled):
            self.services.events.publish(taken.claim.emitted)
            log.info("Replayed", extra={"state": taken.claim.state})
            return
        with bind(attempt=taken.claim.attempts), taken:
            self._note_start(taken)
            if taken.out_of_budget:
                self._park(taken, Permanent("every attempt ended without an outcome"))
            else:
                self._worked(taken)

    def _worked(self, held: hold.Held) -> None:
        try:
            held.complete(self._emitted(self.work(self.event, self.services)))
        except (Refused, NeedsInput) as answer:
            emitted = self._emitted(self.otherwise(self.event, self.services, answer))
            held.complete(emitted, _told(answer))
            self._note_end(held, "refused", answer)
        except Permanent as fault:
            if isinstance(fault, Unreadable):
                self._bury(fault)
            emitted = self._emitted(self.otherwise(self.event, self.services, fault))
            held.fail(emitted, _told(fault))
            self._note_end(held, "failed", fault)
        except (LeaseLost, Busy):
            raise  # the claim is not ours to write
        except SystemExit:
            # The instance is told to stop: the next delivery need not wait for the lease to end.
            held.release({"class": "SystemExit", "message": "stopped"}, transient=True)
            raise
        except Transient as fault:
            held.release(_told(fault), transient=True)
            self._note_end(held, "retryable", fault)
            raise
        except Exception as fault:
            # Nobody named it, so it may pass: but not for ever.
            log.exception("A fault that nobody named")
            if held.claim.out_of_budget:
                self._park(held, fault)
                return
            held.release(_told(fault), transient=False)
            self._note_end(held, "retryable", fault)
            raise
        else:
            # Outside of the try: no fault may reopen a claim that is completed.
            self._note_end(held, "completed")

    def _park(self, held: hold.Held, fault: Exception) -> None:
        self._bury(Unreadable("attempts-used-up", type(fault).__name__))
        gone = Permanent("the attempts are used up")
        emitted = self._emitted(self.otherwise(self.event, self.services, gone))
        held.park(emitted, _told(fault))
        self._note_end(held, "parked", fault)

    def _bury(self, fault: Unreadable) -> None:
        bury(self.delivery, self.event.stage, fault, self.services, self.event.lesson_id)

    def _emitted(self, outgoing: Sequence[Outgoing]) -> tuple[Message, ...]:
        messages = tuple(event.message() for event in outgoing)
        self.services.events.publish(messages)
        small = sum(len(message.data) for message in messages) <= EMITTED_BYTES
        # Confirmed already: what is too large for the record needs no replay to be safe.
        return messages if small else ()

    def _note_start(self, held: hold.Held) -> None:
        if FUNCTIONS[self.event.stage].keeps_records:
            self.services.records.attempt_started(self._attempt(held))

    def _note_end(self, held: hold.Held, outcome: str, fault: Exception | None = None) -> None:
        error = type(fault).__name__ if fault else ""
        severity = log.info if fault is None or isinstance(fault, Refused) else log.warning
        severity("Stage ended", extra={"outcome": outcome, "error": error, "why": str(fault or "")})
        if FUNCTIONS[self.event.stage].keeps_records:
            self.services.records.attempt_ended(self._attempt(held), outcome, error)

    def _attempt(self, held: hold.Held) -> Attempt:
        claim = held.claim
        return Attempt(claim.key, claim.fence, claim.stage, claim.lesson_id)


def bury(
    delivery: Arrived, stage: str, fault: Unreadable, services: Services, lesson_id: str = ""
) -> None:
    """Record a delivery that no redelivery can help, so that it may be acknowledged."""
    log.warning("Dead letter", extra={"reason": fault.reason, "field": fault.field})
    if not FUNCTIONS[stage].keeps_records:
        dead = DeadLettered(
            stage, delivery.id, fault.reason, str(fault), fault.field, delivery.body
        )
        services.events.publish([dead.message()])
        return
    services.records.dead_letter(
        DeadLetter(
            stage=stage,
            message_id=delivery.id,
            reason=fault.reason,
            detail=str(fault),
            field=fault.field,
            body=delivery.body,
            attributes=delivery.attributes,
            request_id=fault.request_id,
            lesson_id=lesson_id,
        )
    )


def _nothing(event: Event, services: Services, fault: PipelineError) -> Sequence[Outgoing]:
    """End work that nobody waits for."""
    return ()


def _told(fault: Exception) -> dict[str, str]:
    return {"class": type(fault).__name__, "message": str(fault)[:500]}
