"""What a simulation did, in words and numbers: no green result may hide that little happened."""

from __future__ import annotations

from tests.simulation.faults import Fault
from tests.simulation.simulate import Tally

SHARE = 0.6  # of lessons and requests: so many complete, whatever goes wrong
WIDTH = 40


def vacuous(tally: Tally) -> list[str]:
    """Name what makes a result worth nothing: a kind of fault that never struck, few lessons."""
    found = [f"never: {kind}" for kind in Fault if not tally.faults[kind]]
    for what, ends in (("lessons", tally.lessons), ("requests", tally.requests)):
        if ends["completed"] < SHARE * ends.total() or ends["completed"] < tally.seeds * SHARE:
            found.append(f"only {ends['completed']} {what} of {ends.total()} completed")
    return found


def table(tally: Tally) -> str:
    """List the faults by kind, and what became of lessons and requests."""
    lines = [f"{tally.seeds:,} seeds, no invariant broken", "", "faults"]
    lines += [f"  {kind:<34}{tally.faults[kind]:>12,}" for kind in Fault]
    for what, ends in (("lessons", tally.lessons), ("requests", tally.requests)):
        lines += ["", what, *(f"  {end:<34}{count:>12,}" for end, count in ends.most_common())]
    return "\n".join(lines)


def bar(done: int, of: int) -> str:
    """Draw how far a simulation is."""
    full = WIDTH * done // of
    return f"\r[{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {of:,} seeds"
