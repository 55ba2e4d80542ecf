"""shared/stage.py as a model: deliver, claim, work, emit, acknowledge; and what the world does.

One piece of work with its claim, its output (create-only object or row) and its events.  With more
than one scene it is `finalize`: each stored scene sends an event for the same work.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.claiming import Claiming, Next, fault, used_up, went
from tests.model.explore import Model, Step
from tests.model.promises import broken, remembered
from tests.model.surroundings import around
from tests.model.world import FAILED, NOBODY, Bounds, Rules, Run, World, same

WORKING = ("find", "pay", "store", "publish", "otherwise")


class Spine:
    """All that can happen next."""

    def __init__(self, rules: Rules, bounds: Bounds) -> None:
        self.rules = rules
        self.bounds = bounds
        self.claiming = Claiming(rules, bounds)
        self.every_scene = (1 << bounds.scenes) - 1

    def model(self) -> Model[World]:
        """Put the parts together."""
        bounds, stored = self.bounds, 1 if self.bounds.scenes == 1 else 0
        start = World(
            runs=(None,) * bounds.runs,
            scenes=stored,
            unacknowledged=stored,
            faults=bounds.faults,
            duplicates=bounds.duplicates,
            reopens=bounds.reopens,
            losses=bounds.losses,
        )
        return Model(start, self.steps, self.at_rest, self.wrong_at_rest, same)

    def steps(self, world: World) -> Iterator[Step[World]]:
        """List what can happen, each with the promise that it breaks."""
        for i, run in enumerate(world.runs):
            if run is not None:
                for label, after, failing in self._run(world, i, run):
                    wrong = broken(world, run, after, self.every_scene)
                    yield Step(f"{i}: {label}", remembered(world, after), failing, wrong)
        for label, after, failing in around(world, self.bounds):
            wrong = broken(world, None, after, self.every_scene)
            yield Step(label, remembered(world, after), failing, wrong)
        if world.record is not None and world.losses:
            # What was held and what was paid for is forgotten with it.
            left, slack = world.losses - 1, world.paid_slack + 1
            gone = world._replace(record=None, losses=left, paid_slack=slack, top_fence=0)
            yield Step("the record is lost", gone, fault=True)

    def at_rest(self, world: World) -> bool:
        """Whether every scene is stored, every event acknowledged and nobody works."""
        everything = world.scenes == self.every_scene and not world.unacknowledged
        return everything and not any(world.runs) and world.wire is None

    def wrong_at_rest(self, world: World) -> str:
        """No lost work: what was acknowledged is published, and its claim says so."""
        if not world.published:
            return "lost"
        kept = self.rules.join != "claimed" and world.losses == self.bounds.losses
        settled = world.record is not None and world.record.settled
        return "unsettled" if kept and not settled else ""

    def _run(self, world: World, i: int, run: Run) -> Iterator[Next]:
        yield from getattr(self, f"_{run.at}")(world, i, run)
        if run.at in WORKING and run.stored is not None:
            yield from self.claiming.beats(world, i, run)
        if world.faults:
            # The paid call's answer dies with its run.
            slack = world.paid_slack + (run.at == "store")
            yield "crash", went(fault(world), i, None, paid_slack=slack), True

    def _ready(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """stage.run, `ready`: an incomplete set is acknowledged without a claim."""
        if self.rules.join == "counter":
            count = world.counter + 1
            at = "create" if count == self.bounds.scenes else "acknowledge"
            yield f"count {count}", went(world, i, run._replace(at=at), counter=count), False
        elif world.scenes != self.every_scene:
            yield "set incomplete", went(world, i, run._replace(at="acknowledge")), False
        elif self.rules.join == "claimed":
            at = "acknowledge" if world.joined else "find"
            yield "mark the join", went(world, i, run._replace(at=at), joined=True), False
        else:
            yield "set complete", went(world, i, run._replace(at="create")), False

    def _create(self, world: World, i: int, run: Run) -> Iterator[Next]:
        return self.claiming.create(world, i, run)

    def _read_create(self, world: World, i: int, run: Run) -> Iterator[Next]:
        return self.claiming.read_create(world, i, run)

    def _write(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """Held._write: the beat rests first."""
        if run.beat not in ("asked", "asked again", "again"):
            yield from self.claiming.write(world, i, run._replace(beat="over"))
        else:
            yield from self.claiming.beats(world, i, run)

    _take_over = _raise_fence = _complete = _release = _park = _write

    def _read_back(self, world: World, i: int, run: Run) -> Iterator[Next]:
        return self.claiming.read_back(world, i, run)

    def _find(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """Adopt what an earlier run stored; else hold.checkpoint, then the paid step."""
        if world.sink != NOBODY and self.rules.adopts:
            after = self._emitting(run._replace(at="publish", content=world.sink))
            after = self.claiming.adopted(after, world.sink_fence)
            yield "adopt", went(world, i, after), False
        elif run.beat == "lost" or (run.late and self.rules.own_clock):
            yield "checkpoint: LeaseLost", went(world, i, None), False
        else:
            yield "checkpoint", went(world, i, run._replace(at="pay")), False

    def _pay(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """The paid call, which may fail by name or by a fault that nobody named."""
        paid = run._replace(at="store", content=run.owner)
        yield "pay", went(world, i, paid, paid_slack=world.paid_slack - 1), False
        if world.faults and run.stored is not None:
            yield "Transient", went(fault(world), i, self.claiming.release(run)), True
            if used_up(run.stored, self.bounds) and run.late:
                after = None  # stage._parked: Held.still_ours
            elif used_up(run.stored, self.bounds):
                after = run._replace(at="otherwise", parks="fault")
            else:
                after = self.claiming.release(run, transient=False)
            yield "a fault that nobody named", went(fault(world), i, after), True

    def _store(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """Objects.create: first writer wins, the loser adopts; or the rows' guarded move."""
        fence = run.stored.fence if run.stored else 1
        fenced = self.rules.sink == "fenced" and fence >= world.sink_fence
        if world.sink == NOBODY or self.rules.sink == "last" or fenced:
            after = self._emitting(run._replace(at="publish"))
            yield "store", went(world, i, after, sink=run.content, sink_fence=fence), False
        elif self.rules.sink == "fenced":
            yield "store: fence refused", went(world, i, None), False
        else:
            after = self._emitting(run._replace(at="publish", content=world.sink))
            after = self.claiming.adopted(after, world.sink_fence)
            yield "store: adopt the winner's", went(world, i, after), False
        if world.faults and run.stored is not None:
            slack = world.paid_slack + 1
            after = self.claiming.release(run)
            yield "store: Transient", went(fault(world), i, after, paid_slack=slack), True

    def _otherwise(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """stage._park: say in the output's place that it will never be there."""
        after = run._replace(at="publish", content=world.sink or FAILED)
        fence = world.sink_fence if world.sink else run.stored.fence
        stored = {"sink": after.content, "sink_fence": fence}
        yield "store the failure", went(world, i, after, **stored), False

    def _publish(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """stage._emitted: confirmed first, only then the claim is completed."""
        ending = run.stored is not None and (self.rules.emit_first or run.parks)
        after = self.claiming.complete(run) if ending else run._replace(at="acknowledge")
        out = world.published | {run.content}
        yield "publish", went(world, i, after, published=out), False
        if world.faults:
            released = self.claiming.release(run) if ending else None
            yield "publish: not sent", went(fault(world), i, released), True
            yield "publish: sent, no answer", went(fault(world), i, released, published=out), True

    def _emitting(self, run: Run) -> Run:
        late = not self.rules.emit_first and run.stored is not None
        return self.claiming.complete(run) if late else run

    def _replay(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """stage: settled work publishes again what it emitted, without any work."""
        after, out = run._replace(at="acknowledge"), world.published | {run.content}
        yield "replay", went(world, i, after, published=out - {NOBODY}), False
        if world.faults:
            yield "replay: not sent", went(fault(world), i, None), True

    def _acknowledge(self, world: World, i: int, run: Run) -> Iterator[Next]:
        left = world.unacknowledged & ~run.event
        yield "acknowledge", went(world, i, None, unacknowledged=left), False
