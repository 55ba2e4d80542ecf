"""Simulate many seeds, or show one.  python -m tests.simulation --seeds 100000 | --seed 7 --trace.

Ends with 1 at the first seed that breaks an invariant, and names it; and after too few seeds to
tell anything, when a kind of fault never struck or few lessons were completed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.simulate import SeedFailed, Tally, simulate
from tests.simulation.summary import bar, table, vacuous

BLOCK = 100  # seeds that a process simulates before it reports


def main() -> int:
    """Read the command line and simulate."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000, help="how many seeds")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    parser.add_argument("--seed", type=int, help="one seed alone")
    parser.add_argument("--trace", action="store_true", help="show each step of it")
    asked = parser.parse_args()
    try:
        if asked.seed is None:
            tally = _many(asked.first, asked.seeds)
        else:
            tally = simulate(asked.seed, tell=print if asked.trace else None)
    except SeedFailed as failed:
        print(f"\n{failed}")  # noqa: T201 - a command line prints
        return 1
    return 0 if asked.seed is not None else _said(tally)


def _said(tally: Tally) -> int:
    """Print what came of many seeds; 1 when it is worth nothing."""
    empty = vacuous(tally)
    print(table(tally))  # noqa: T201 - a command line prints
    if empty:
        print("\nthis shows nothing:", *empty, sep="\n  ")  # noqa: T201 - a command line prints
    return 1 if empty else 0


def _many(first: int, seeds: int) -> Tally:
    """Simulate on every core; raises SeedFailed."""
    tally = Tally()
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        starts = range(first, first + seeds, BLOCK)
        ends = itertools.repeat(first + seeds)
        try:
            for done in processes.map(_block, starts, ends):
                tally.add(done)
                sys.stderr.write(bar(tally.seeds, seeds))
        except SeedFailed:
            processes.shutdown(wait=False, cancel_futures=True)
            raise
    sys.stderr.write("\n")
    return tally


def _block(start: int, end: int) -> Tally:
    tally = Tally()
    for seed in range(start, min(start + BLOCK, end)):
        tally.add(simulate(seed))
    return tally


if __name__ == "__main__":
    sys.exit(main())
