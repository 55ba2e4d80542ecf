"""The spine: decode -> claim -> work -> record -> emit.

The only place that chooses between acknowledge (return) and redeliver (raise).

  decode  what nobody can read is recorded as a dead letter and acknowledged
  claim   another run's live lease raises; settled work emits its events again, acknowledged
  work    a plain function: event and services in, next events out
  emit    the publish is confirmed first, only then the claim completed
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from cloudevents.http import CloudEvent

from shared import attempts, deadline, hold, stopping, trace, wiring
from shared.claim import Outcome
from shared.dead_letters import bury
from shared.envelope import opened
from shared.errors import (
    Busy,
    LeaseLost,
    Permanent,
    PipelineError,
    Refused,
    Superseded,
    Transient,
    Unnamed,
    Unreadable,
)
from shared.events import DeadLettered, Decoded, Event, Origin, Outgoing, digest
from shared.faults import redacted, stack, told
from shared.held import Held
from shared.limits import EMITTED_BYTES, FUNCTIONS
from shared.log import bind, log
from shared.messages import Arrived, Message
from shared.ports import Services

E = TypeVar("E", bound=Event)
D = TypeVar("D", bound=Decoded)
WorkOf = Callable[[E, Services], Sequence[Outgoing]]
Otherwise = Callable[[E, Services, PipelineError], Sequence[Outgoing]]
Ready = Callable[[E, Services], bool]
Ending = tuple[Outcome, Exception | None]
SOURCE = re.compile(r"/(topics|buckets)/([^/]+)")


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
    elapsed_s = deadline.stopwatch()
    with _delivered(arrived, kind.stage) as (delivery, services):
        try:
            _check_source(delivery, kind.source, services)
            event = kind.decode(delivery)
        except Superseded:
            return
        except Unreadable as fault:
            bury(delivery, kind.stage, fault, services)
            return
        trace.correlated(event.correlation_id)
        with bind(**_names(event)):
            if ready is None or _is_ready(ready, event, services):
                _Run(event, delivery, services, work, otherwise or _nothing).claimed(elapsed_s)


def run_unclaimed(
    arrived: CloudEvent, kind: type[D], work: Callable[[D, Services], Sequence[Outgoing]]
) -> None:
    """Do what may be done twice at once without harm, and so needs no claim."""
    with _delivered(arrived, kind.stage) as (delivery, services):
        outgoing = work(kind.decode(delivery), services)
        services.events.publish([event.message() for event in outgoing])


@dataclass(frozen=True, slots=True)
class _Run(Generic[E]):
    """One delivery on its way through claim, work and emit."""

    event: E
    delivery: Arrived
    services: Services
    work: WorkOf[E]
    otherwise: Otherwise[E]

    def claimed(self, elapsed_s: deadline.Monotonic) -> None:
        event = self.event
        asked = hold.Work(event.key, event.stage, event.lesson_id, digest(event.business()))
        try:
            taken = hold.take(self.services.claims, asked, FUNCTIONS[event.stage], elapsed_s)
        except Unreadable as fault:
            self._bury(fault)
            return
        if isinstance(taken, hold.Settled):
            self.services.events.publish(taken.claim.emitted)
            attempts.note_history(taken.claim, self.services)
            log.info("Claim replayed", extra={"state": taken.claim.state})
            return
        with bind(attempt=taken.claim.attempts, fence=taken.claim.fence), taken:
            self._worked(taken)

    def _worked(self, held: Held) -> None:
        try:
            outcome, why = self._attempted(held)
        except (LeaseLost, Busy):
            raise  # the claim is not ours to write
        except SystemExit as stop:
            # The instance is told to stop: the next delivery need not wait for the lease to end.
            held.release(self._told(stop), transient=True)
            raise
        except Exception as fault:
            # What nobody named may pass as well: but not for ever.
            held.release(self._told(fault), transient=isinstance(fault, Transient))
            self._note_end(held, "retryable", fault)
            raise
        # Outside of the try: no fault may reopen a claim that has its end.
        if held.unsent:
            self.services.events.publish(held.claim.emitted)
        self._note_end(held, outcome, why)

    def _attempted(self, held: Held) -> Ending:
        """Work, and end the claim as the work ended; what may pass is raised."""
        attempts.note_start(held, self.services)
        last = held.claim.last_error or {"class": "", "message": "no run told why"}
        if held.claim.out_of_parking:
            return self._left_to_repair(held, last)
        if held.out_of_budget:
            return self._parked(held, held.out_of_budget, last)
        try:
            return self._ended(held)
        except (Transient, Busy):
            raise
        except Exception as fault:
            if not held.claim.out_of_attempts:
                raise
            log.error("The last attempt failed", extra={"stack_trace": stack(fault)})
            # Whatever becomes of the parking, it was the work that ended this attempt.
            held.costs = True
            return self._parked(held, "attempts-used-up", self._told(fault))

    def _ended(self, held: Held) -> Ending:
        try:
            emitted = self._emitted(self.work(self.event, self.services))
        except Superseded as reason:
            held.complete((), "superseded", self._told(reason))
            return "superseded", reason
        except Refused as answer:
            held.complete(self._said(held, answer), "refused", self._told(answer))
            return "refused", answer
        except Permanent as fault:
            held.still_ours()
            if isinstance(fault, Unreadable):
                self._bury(fault)
            elif self.otherwise is _nothing:  # nobody else would say what became of it
                self._bury(Unreadable("permanent", redacted(fault)))
            held.fail(self._said(held, fault), self._told(fault))
            return "failed", fault
        held.complete(emitted)
        return "completed", None

    def _parked(self, held: Held, reason: str, last: Mapping[str, str]) -> Ending:
        held.still_ours()
        letter = Unreadable(reason, f"{last['class']}: {last['message']}")
        # An operator's replay may yet get it accepted.
        letter.ends_request = False
        self._bury(letter)
        gone = Permanent(f"{reason.replace('-', ' ')}: {last['class'] or last['message']}")
        held.park(self._said(held, gone), last)
        return "parked", gone

    def _left_to_repair(self, held: Held, last: Mapping[str, str]) -> Ending:
        """Park work that could not be parked with a word of its own: `repair` ends its lesson.

        The claim first, as `repair` judges by it; a run that dies before the letter leaves is
        made good by the next delivery, which finds the letter in the claim.
        """
        why = f"{last['class']}: {last['message']}"
        letter = DeadLettered(
            self.event.stage, f"{self.delivery.id}/untold", "untold", why, "", self.delivery.body
        )
        held.park((letter.message(),), last)
        held.unsent = True
        return "parked", Permanent("nobody could be told")

    def _said(self, held: Held, fault: PipelineError) -> tuple[Message, ...]:
        """End the work visibly: a run that was taken over would end it for its successor."""
        held.still_ours()
        return self._emitted(self.otherwise(self.event, self.services, fault))

    def _told(self, fault: BaseException) -> dict[str, str]:
        return told(fault, self.delivery.id)

    def _bury(self, fault: Unreadable) -> None:
        bury(self.delivery, self.event.stage, fault, self.services, self.event)

    def _emitted(self, outgoing: Sequence[Outgoing]) -> tuple[Message, ...]:
        messages = tuple(event.message() for event in outgoing)
        self.services.events.publish(messages)
        small = sum(len(message.data) for message in messages) <= EMITTED_BYTES
        # Confirmed already: what is too large for the record needs no replay to be safe.
        return messages if small else ()

    def _note_end(self, held: Held, outcome: Outcome, fault: Exception | None) -> None:
        attempts.note_end(held, outcome, fault, self.services)


@contextmanager
def _delivered(arrived: CloudEvent, stage: str) -> Iterator[tuple[Arrived, Services]]:
    """Open a delivery inside the function's time and its log context."""
    delivery = opened(arrived)
    limit = deadline.within(FUNCTIONS[stage].timeout_s)
    facts = bind(stage=stage, delivery=delivery.id)
    with stopping.heeded(), limit, trace.continued(delivery, stage), facts:
        try:
            yield delivery, wiring.services(stage)
        except PipelineError as fault:
            if isinstance(fault, Busy):
                log.info("Claim busy")
            elif fault.__context__ is not None:
                log.warning("A fault behind another", extra={"stack_trace": stack(fault)})
            raise fault from None  # the platform logs what is raised, with all that is behind it
        except Exception as fault:  # noqa: BLE001 - raised again, without its words
            log.error("A fault that nobody named", extra={"stack_trace": stack(fault)})
            raise Unnamed(f"{type(fault).__name__}: {redacted(fault)}") from None


def _check_source(delivery: Arrived, expected: Origin, services: Services) -> None:
    """Refuse what some other topic or bucket sent; an envelope may also name none."""
    kind, name = expected
    if expected[0] == "buckets":
        name = services.buckets[expected[1]]
    found = SOURCE.search(delivery.source)
    if found is not None and found.groups() != (kind, name):
        raise Unreadable("not-ours", f"this function listens to {kind}/{name}")


def _names(event: Event) -> dict[str, object]:
    """Give the ids by which a line is found; none of them is the student's."""
    return {
        "request_id": event.request_id,
        "correlation_id": event.correlation_id,
        "lesson_id": event.lesson_id,
        "key": event.key,
    }


def _is_ready(ready: Ready[E], event: E, services: Services) -> bool:
    try:
        return ready(event, services)
    except Permanent:
        return True  # the work meets the same fault under its claim, and ends visibly


def _nothing(event: Event, services: Services, fault: PipelineError) -> Sequence[Outgoing]:
    """End work that nobody waits for."""
    return ()
