"""The state of the model of one piece of work, and the rules that a broken variant changes.

Tokens stand for what is unique in the code: a run's `owner` also names what it pays for, so that
two runs never make equal content.  The server's `update_time` is (owner, beat): `shared.read_back`
lets every write raise the beat.
"""

from __future__ import annotations

from typing import NamedTuple

NOBODY = 0
FAILED = -1  # what `otherwise` stores in the place of content


class Rules(NamedTuple):
    """The guards, all on; each broken variant switches some of them off."""

    ends_compare: str = "version"  # complete, release, park: "version", "owner" or "nothing"
    sink: str = "first"  # who writes second: "first" adopts, "fenced" by fence, "last" overwrites
    release_keeps: bool = True  # a release keeps the record and its fence
    emit_first: bool = True  # events are confirmed before the claim completes
    replay_emits: bool = True  # a delivery that finds completed work emits its events again
    adopts: bool = True  # an output that is there is used, not paid for again
    join: str = "set"  # "set" compares sets, "counter" counts events, "claimed" marks, then works
    reseeds: bool = True  # who adopts an output goes above its fence
    read_back_state: bool = True  # a write is ours by owner, beat and state
    own_clock: bool = True  # a run whose own clock says that its lease is over pays for nothing


class Bounds(NamedTuple):
    """How much may happen; `attempts` is the budget that `shared.limits` calls CLAIM_ATTEMPTS."""

    runs: int = 2
    scenes: int = 1
    faults: int = 2
    duplicates: int = 1
    reopens: int = 0
    losses: int = 0  # of the record itself: deleted too early, or an old backup
    beats: bool = True
    attempts: int = 2
    emitted_fits: bool = True


class Record(NamedTuple):
    """A claim as the server holds it; `live` is whether its lease is."""

    owner: int
    state: str = "in_progress"
    fence: int = 1
    beat: int = 1
    attempts: int = 1
    transients: int = 0
    live: bool = True
    emitted: int = NOBODY

    @property
    def settled(self) -> bool:
        """Whether no delivery may work on it any more."""
        return self.state in ("completed", "parked")

    @property
    def version(self) -> tuple[int, int]:
        """What a compare-and-set compares."""
        return self.owner, self.beat


class Run(NamedTuple):
    """One delivery on its way; `at` is what it does next."""

    at: str
    event: int
    owner: int
    stored: Record | None = None  # Held._stored: the version that this run wrote last
    change: Record | None = None  # what it tries to write
    verb: str = ""  # the write whose answer it asks for
    again: bool = False  # the second of the two tries
    content: int = NOBODY  # what it will publish
    transient: bool = True  # how a release counts
    parks: str = ""  # the budget was used up "before" the work, or by its "fault"
    beat: str = "none"  # none -> try, again -> over: what the beat thread does
    late: bool = False  # its lease is over by its own clock, since it asked for it


class Wire(NamedTuple):
    """A write that nobody answered and that lands later, or never."""

    expected: tuple[int, int]
    change: Record


class World(NamedTuple):
    """Everything, with what is left of the bounds."""

    runs: tuple[Run | None, ...]
    scenes: int  # bits: whose committing object is stored
    unacknowledged: int  # bits: whose event is to be delivered
    faults: int
    duplicates: int
    reopens: int
    losses: int
    record: Record | None = None
    sink: int = NOBODY
    sink_fence: int = 0
    published: frozenset[int] = frozenset()
    wire: Wire | None = None
    paid_slack: int = 1  # paid calls that are still explained
    top_fence: int = 0  # the highest fence that anybody held
    counter: int = 0
    joined: bool = False


def reopened(world: World, event: int) -> World:
    """hold.reopen, and a message of its own: a fresh budget, a higher fence."""
    record = world.record
    again = record._replace(
        owner=unused(world),
        state="retryable",
        fence=record.fence + 1,
        beat=record.beat + 1,
        transients=record.attempts,
    )
    sink = NOBODY if world.sink == FAILED else world.sink
    left = world.unacknowledged | event
    return world._replace(record=again, sink=sink, unacknowledged=left, reopens=world.reopens - 1)


def unused(world: World) -> int:
    """Give a token that nothing bears any more: as good as a fresh one."""
    records = [world.record, world.wire and world.wire.change]
    used = {world.sink, *world.published, world.wire.expected[0] if world.wire else NOBODY}
    for run in world.runs:
        if run is not None:
            used.update((run.owner, run.content))
            records += [run.stored, run.change]
    for record in records:
        if record is not None:
            used.update((record.owner, record.emitted))
    return next(token for token in range(1, 99) if token not in used)


def same(world: World) -> World:
    """Forget which run has which number."""
    return world._replace(runs=tuple(sorted(world.runs, key=hash)))
