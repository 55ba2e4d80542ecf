"""What is explored: the protocol as it is, and broken variants that must each be found broken."""

from __future__ import annotations

from dataclasses import dataclass

from tests.model.attach import Attach, Order
from tests.model.explore import Model
from tests.model.spine import Spine
from tests.model.sweep import Repair, Sweep
from tests.model.world import Bounds, Rules

FEW = Bounds(beats=False)
JOIN = Bounds(scenes=2, faults=1, beats=False)


@dataclass(frozen=True, slots=True)
class Whole:
    """The protocol within some bounds, and how many states there are at least."""

    model: Model
    states: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A variant of the protocol, and a promise that it does not keep."""

    model: Model
    breaks: str


def spine(bounds: Bounds, **broken: object) -> Model:
    """Model one piece of work."""
    return Spine(Rules(**broken), bounds).model()


OURS = {
    "two runs, two faults": Whole(spine(Bounds(duplicates=0)), 50_000),
    "three runs, one fault": Whole(spine(Bounds(runs=3, faults=1, beats=False)), 30_000),
    "the record is lost": Whole(spine(Bounds(faults=1, losses=1, beats=False)), 20_000),
    "an operator's replay": Whole(spine(Bounds(faults=1, reopens=1, attempts=1)), 40_000),
    "events too many to remember": Whole(spine(Bounds(faults=1, emitted_fits=False)), 5_000),
    "two scenes, one fault": Whole(spine(JOIN), 40_000),
    "three scenes": Whole(spine(Bounds(scenes=3, faults=0, beats=False)), 10_000),
    "two requests attach as their lesson ends": Whole(Attach(Order(), runs=2).model(), 15_000),
    "three runs beside its end": Whole(Attach(Order(), faults=0).model(), 15_000),
    "two events are lost, repair sweeps": Whole(Sweep(Repair(), faults=1).model(), 20_000),
}

BROKEN = {
    "no owner check": Broken(
        spine(FEW, ends_compare="nothing", sink="last", release_keeps=False), "stale write"
    ),
    "no owner check, first writer wins": Broken(spine(FEW, ends_compare="nothing"), "stale write"),
    "owner check, last writer wins": Broken(
        spine(FEW, ends_compare="owner", sink="last"), "two outputs"
    ),
    "owner check, a completed claim is released": Broken(
        spine(FEW, ends_compare="owner"), "completed left"
    ),
    "a release deletes": Broken(
        spine(FEW, ends_compare="owner", release_keeps=False), "fence restarted"
    ),
    "a release deletes, so the sink's fence is passed": Broken(
        spine(FEW, ends_compare="owner", sink="fenced", release_keeps=False), "stale output"
    ),
    "the join counts events, early": Broken(spine(JOIN, join="counter"), "early"),
    "the join counts events, never": Broken(spine(JOIN, join="counter"), "lost"),
    "the join is claimed, then published": Broken(spine(JOIN, join="claimed"), "lost"),
    "commit, publish, acknowledge duplicates": Broken(
        spine(FEW, emit_first=False, replay_emits=False), "lost"
    ),
    "completed before published": Broken(spine(FEW, emit_first=False), "completed unpublished"),
    "completed before published, too much to remember": Broken(
        spine(FEW._replace(emitted_fits=False), emit_first=False), "lost"
    ),
    "a stored output is paid for again": Broken(spine(FEW, adopts=False), "paid twice"),
    "a run does not look at its own clock": Broken(spine(FEW, own_clock=False), "paid twice"),
    "a lost record's fence is not raised": Broken(
        spine(FEW._replace(losses=1), reseeds=False), "output above its fence"
    ),
    "a late beat is taken for the completion": Broken(
        spine(Bounds(), read_back_state=False), "unsettled"
    ),
    "requests are listed, then the lesson ends": Broken(
        Attach(Order(end_then_list=False), runs=2).model(), "unanswered"
    ),
    "the lesson is read, then the request accepted": Broken(
        Attach(Order(accept_then_read=False), runs=2).model(), "unanswered"
    ),
    "only open requests are listed": Broken(
        Attach(Order(lists_answered=False), runs=2).model(), "unanswered"
    ),
    "nobody sweeps": Broken(Sweep(Repair(sweeps=False)).model(), "stuck"),
    "a stored scene is asked for again": Broken(
        Sweep(Repair(nudges=False), faults=1).model(), "stuck"
    ),
    "nobody reads a dead letter": Broken(Sweep(Repair(letters=False), faults=1).model(), "stuck"),
}
