"""What happens to a piece of work from outside: deliveries, time, late writes, an operator."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.claiming import Next, fault, went
from tests.model.world import Bounds, Run, World, reopened, unused

BEFORE = ("create", "read_create", "take_over", "find", "pay")


def around(world: World, bounds: Bounds) -> Iterator[Next]:
    """List what can happen while no run does anything."""
    for scene in range(bounds.scenes):
        bit = 1 << scene
        if not world.scenes & bit:
            stored = {"scenes": world.scenes | bit}
            left = world.unacknowledged | bit
            yield f"scene {scene} stored", world._replace(**stored, unacknowledged=left), False
        elif None in world.runs:
            yield from _deliver(world, bit, bounds)
    replayed = 1 << bounds.scenes
    if world.unacknowledged & replayed and None in world.runs:
        yield from _deliver(world, replayed, bounds)
    yield from _time(world)
    if world.reopens and world.record and world.record.state == "parked":
        yield "operator's replay", reopened(world, replayed), True


def _deliver(world: World, bit: int, bounds: Bounds) -> Iterator[Next]:
    i, first = world.runs.index(None), "ready" if bounds.scenes > 1 else "create"
    run = Run(first, bit, unused(world), beat="due" if bounds.beats else "over")
    if world.unacknowledged & bit:
        yield f"{i}: deliver event {bit}", went(world, i, run), False
    elif world.duplicates:
        left = world.duplicates - 1
        yield f"{i}: deliver event {bit} again", went(world, i, run, duplicates=left), True


def _time(world: World) -> Iterator[Next]:
    record, wire = world.record, world.wire
    if record is not None and record.live and record.state == "in_progress":
        holders = [run for run in world.runs if run and run.owner == record.owner]
        runs = tuple(run._replace(late=True) if _looks(run) else run for run in world.runs)
        over = {"record": record._replace(live=False), "runs": runs}
        if not holders:
            yield "lease over", world._replace(**over), False
        elif world.faults:  # a living run that does not beat is frozen
            # Past its last checkpoint it pays, or stores what it paid for, beside its successor.
            slack = world.paid_slack + any(run.at in ("pay", "store") for run in holders)
            yield "lease over, owner frozen", fault(world, **over, paid_slack=slack), True
    if wire is not None:
        lands = record is not None and record.version == wire.expected
        after = wire.change if lands else record
        yield "the write on the wire lands", world._replace(record=after, wire=None), True
        yield "the write on the wire is lost", world._replace(wire=None), False


def _looks(run: Run | None) -> bool:
    """Tell whether a run will still look at its own clock, to see whether its lease is over."""
    return run is not None and (run.at in BEFORE or run.verb == "take_over")
