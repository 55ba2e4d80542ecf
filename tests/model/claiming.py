"""The claim's moves, one atomic call each: shared/read_back.py and shared/hold.py as a model.

Every call may end without an answer: its effect is there, is not, or comes later (`Wire`).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.world import NOBODY, Bounds, Record, Rules, Run, Wire, World

Next = tuple[str, World, bool]  # label, world, whether it is a fault


def went(world: World, i: int, run: Run | None, **changes: object) -> World:
    """Give the world after a step of run `i`."""
    return world._replace(runs=(*world.runs[:i], run, *world.runs[i + 1 :]), **changes)


def fault(world: World, **changes: object) -> World:
    """Pay for something that goes wrong."""
    return world._replace(faults=world.faults - 1, **changes)


def held(run: Run, stored: Record) -> Run:
    """hold.Held: this run wrote the record's present version."""
    at = "otherwise" if run.parks else "find"
    return run._replace(at=at, stored=stored, change=None, verb="", again=False)


def used_up(record: Record, bounds: Bounds) -> bool:
    """Claim.out_of_attempts."""
    return record.attempts - record.transients >= bounds.attempts


class Claiming:
    """What a run may do to its claim."""

    def __init__(self, rules: Rules, bounds: Bounds) -> None:
        self.rules = rules
        self.bounds = bounds

    def create(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """read_back.created: write a claim that must not exist yet."""
        fresh, asking = Record(run.owner), run._replace(at="read_create")
        if world.record is not None:
            yield "create: conflict", went(world, i, asking), False
            return
        yield "create", went(world, i, held(run, fresh), record=fresh), False
        if world.faults:
            lost = fault(world)
            yield "create: done, no answer", went(lost, i, asking, record=fresh), True
            yield "create: not done, no answer", went(lost, i, asking), True

    def read_create(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """read_back.created, after a conflict: whose record is it?"""
        found = world.record
        if found is None:
            after = None if run.again else run._replace(at="create", again=True)
            yield "read: no record", went(world, i, after), False
            return
        yield self.take(world, i, run._replace(again=False), found)

    def take(self, world: World, i: int, run: Run, found: Record) -> Next:
        """hold.take: settled work replays, a live lease is Busy, the rest is taken over."""
        if found.owner == run.owner:
            return "read: mine", went(world, i, held(run, found)), False
        if found.settled:
            ending = "replay" if self.rules.replay_emits else "acknowledge"
            run = run._replace(at=ending, content=found.emitted)
            return f"read: {found.state}", went(world, i, run), False
        if found.state == "in_progress" and found.live:
            return "read: Busy", went(world, i, None), False
        change = found._replace(
            owner=run.owner,
            state="in_progress",
            fence=found.fence + 1,
            attempts=found.attempts + 1,
            live=True,
        )
        parks = "before" if used_up(found, self.bounds) else ""
        run = run._replace(at="take_over", stored=found, change=change, parks=parks, late=False)
        return f"read: {found.state}, lease over", went(world, i, run), False

    def write(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """read_back.replaced: write one version over the one that was seen, with the next beat."""
        run = run._replace(change=run.change._replace(beat=run.stored.beat + 1))
        asking, verb = run._replace(at="read_back", verb=run.at), run.at
        if not self._lands(world.record, run):
            yield f"{verb}: conflict", went(world, i, asking), False
            return
        after = self._stored(run)
        yield verb, went(world, i, self.written(run, run.change), record=after), False
        if world.faults:
            lost = fault(world)
            yield f"{verb}: done, no answer", went(lost, i, asking, record=after), True
            yield f"{verb}: not done, no answer", went(lost, i, asking), True
            if world.wire is None and self.rules.ends_compare == "version":
                late = Wire(run.stored.version, run.change)
                yield f"{verb}: on the wire, no answer", went(lost, i, asking, wire=late), True

    def read_back(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """read_back.replaced, after a conflict: owner and beat say whether the write is ours."""
        now, verb = world.record, run.verb
        if self._mine(now, run.change):
            yield "read back: mine", went(world, i, self.written(run, now)), False
        elif now is None or now.version != run.stored.version:
            yield "read back: LeaseLost", went(world, i, None), False
        elif not run.again:
            yield "read back: as before", went(world, i, run._replace(at=verb, again=True)), False
        else:
            yield "read back: as before again", went(world, i, self._unsure(run)), False
        if world.faults:
            yield "read back: no answer", went(fault(world), i, self._unsure(run)), True

    def written(self, run: Run, stored: Record) -> Run | None:
        """What follows the write: hold.take, or a method of hold.Held."""
        verb = run.verb or run.at
        if verb == "take_over":
            overtaken = run.late and run.parks  # stage._parked: Held.still_ours
            return None if overtaken else held(run, stored)
        if verb == "release":
            return None  # stage raises what had gone wrong
        published = verb == "park" or self.rules.emit_first
        at = "publish" if verb == "raise_fence" or not published else "acknowledge"
        return run._replace(at=at, stored=stored, change=None, verb="", again=False)

    def complete(self, run: Run) -> Run:
        """Held.complete or Held.park: about to write."""
        emitted = run.content if self.bounds.emitted_fits else NOBODY
        at, state = ("park", "parked") if run.parks else ("complete", "completed")
        change = run.stored._replace(state=state, emitted=emitted)
        return run._replace(at=at, change=change, again=False)

    def adopted(self, run: Run, fence: int) -> Run:
        """hold.adopted: an output of a fence that was not reached yet; Held.raise_fence."""
        reached = run.stored is None or fence < run.stored.fence or run.content == run.owner
        if reached or not self.rules.reseeds:
            return run
        return run._replace(at="raise_fence", change=run.stored._replace(fence=fence + 1))

    def release(self, run: Run, *, transient: bool = True) -> Run:
        """Held.release: about to write."""
        # Held.costs: it was the work that failed, whatever became of the parking.
        transients = run.stored.transients + (transient and run.parks != "fault")
        change = run.stored._replace(state="retryable", transients=transients)
        return run._replace(at="release", change=change, verb="", again=False)

    def beats(self, world: World, i: int, run: Run) -> Iterator[Next]:
        """Held._keep: renew the lease beside the work; the run's own writes wait for it."""
        change = run.stored._replace(beat=run.stored.beat + 1, live=True)
        if run.beat in ("due", "again"):
            asked = run._replace(beat="asked" if run.beat == "due" else "asked again")
            if world.record is None or world.record.version != run.stored.version:
                yield "beat: conflict", went(world, i, asked), False
                return
            done = run._replace(stored=change, beat="over", late=False)
            yield "beat", went(world, i, done, record=change), False
            if world.faults:
                lost = fault(world)
                yield "beat: done, no answer", went(lost, i, asked, record=change), True
                yield "beat: not done, no answer", went(lost, i, asked), True
                if world.wire is None:
                    late = Wire(run.stored.version, change)
                    yield "beat: on the wire, no answer", went(lost, i, asked, wire=late), True
        elif run.beat in ("asked", "asked again"):
            now = world.record
            if self._mine(now, change):
                after = run._replace(stored=now, beat="over", late=not now.live)
            elif now is None or now.version != run.stored.version:
                after = run._replace(beat="lost")
            else:
                after = run._replace(beat="again" if run.beat == "asked" else "over")
            yield f"beat read back: {after.beat}", went(world, i, after), False

    def _unsure(self, run: Run) -> Run | None:
        # stage: a Transient out of Held.complete is released like any other
        ends = run.verb in ("raise_fence", "complete", "park")
        return self.release(run) if ends else None

    def _mine(self, now: Record | None, change: Record) -> bool:
        if now is None or now.version != change.version:
            return False
        return not self.rules.read_back_state or now.state == change.state

    def _lands(self, record: Record | None, run: Run) -> bool:
        compare = "version" if run.at == "take_over" else self.rules.ends_compare
        if compare == "nothing":
            return True
        if record is None:
            return False
        if compare == "owner":
            return record.owner == run.owner
        return record.version == run.stored.version

    def _stored(self, run: Run) -> Record | None:
        deletes = run.at == "release" and not self.rules.release_keeps
        return None if deletes else run.change
