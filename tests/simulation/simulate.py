"""One seed from its first request to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.faults import Fault
from tests.simulation.invariants import check, every_request_has_its_end
from tests.simulation.witness import Broken
from tests.simulation.workload import Workload
from tests.simulation.world import NeverAtRest, World


class SeedFailed(AssertionError):
    """A seed breaks an invariant; the text says which, and how to see it again."""


@dataclass(slots=True)
class Tally:
    """What came of one seed or of many."""

    seeds: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    lessons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another one in."""
        self.seeds += other.seeds
        self.faults += other.faults
        self.requests += other.requests
        self.lessons += other.lessons


def simulate(seed: int, *, tell: Callable[[str], None] | None = None) -> Tally:
    """Play one seed and hold every invariant; raises SeedFailed."""
    world = World(seed, tell=tell)
    workload = Workload(world)
    workload.plan()
    try:
        world.run(lambda: _is_over(world, workload))
        check(world, workload)
    except (Broken, NeverAtRest) as wrong:
        left = list(every_request_has_its_end(world, workload))[:3]
        again = f"python -m tests.simulation --seed {seed} --trace"
        raise SeedFailed(f"seed {seed}: {wrong}; {left}\nsee it again: {again}") from wrong
    rows = world.inside.records.runs(1000)
    lessons = {row.lesson_id: row.lesson_status or "" for row in rows if row.lesson_id}
    return Tally(
        seeds=1,
        faults=world.nemesis.counts,
        requests=Counter(row.status for row in rows),
        lessons=Counter(lessons.values()),
    )


def _is_over(world: World, workload: Workload) -> bool:
    """Whether there is nothing left that `repair` should heal."""
    if not world.repairs:
        return True
    waits = any(every_request_has_its_end(world, workload))
    return not waits and not world.inside.records.untold()
