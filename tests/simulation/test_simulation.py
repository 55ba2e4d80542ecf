"""The whole pipeline under two thousand seeds of faults: exactly one end for each request."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.functions import ROOT
from tests.simulation.simulate import Tally, simulate
from tests.simulation.summary import table, vacuous

BLOCK = 250


@pytest.mark.parametrize("first", range(0, 8 * BLOCK, BLOCK))
def test_whatever_happens_each_request_ends_once(first):
    """Every invariant holds in every seed, and each kind of fault has struck."""
    tally = Tally()
    for seed in range(first, first + BLOCK):
        tally.add(simulate(seed))

    print(table(tally))  # noqa: T201 - shown with -rP, and when it fails
    assert [] == vacuous(tally)


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_is_always_the_same_run(seed):
    """Two runs of a seed take the same steps in the same order."""
    assert _trace(seed) == _trace(seed)


def test_a_seed_is_the_same_run_in_every_process():
    """The order in which a process iterates over sets makes no difference."""
    one, other = (_printed(3, hash_seed) for hash_seed in ("1", "2"))

    assert one == other
    assert "acknowledged" in one


def test_seeds_that_show_nothing():
    """The command line fails when a kind of fault never struck, and names it."""
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "1"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert 1 == done.returncode
    assert "this shows nothing" in done.stdout
    assert "never: " in done.stdout


def _trace(seed):
    lines = []
    simulate(seed, tell=lines.append)
    return lines


def _printed(seed, hash_seed):
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--trace"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
