"""Which cases are played is told, can be told, and is the same for everybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.conftest import pytest_configure, pytest_configure_node
from tests.crash.conftest import SAMPLE, chosen, leaves_untold
from tests.crash.points import EVERY

ROOT = Path(__file__).resolve().parents[2]


def test_the_same_seed_draws_the_same_cases():
    """A failing sample can be played again."""
    assert chosen(7) == chosen(7)
    assert chosen(7) != chosen(8)


def test_no_death_after_an_effect_is_left_to_chance():
    """Whatever the day, what was done untold is played, at every call that does something."""
    always = [case for case in EVERY if leaves_untold(case)]

    assert "text: ingest/records.accept#1 kill-after" in map(str, always)
    assert always == chosen(7)[: len(always)]
    assert len(always) + SAMPLE == len(chosen(7))


def test_the_complete_matrix_can_be_asked_for():
    """Nothing is left out, and no failpoint is there twice."""
    assert EVERY == chosen(7, every=True)
    assert len(set(EVERY)) == len(EVERY)


def test_a_worker_draws_the_sample_of_the_run():
    """What began before midnight goes on after it with the same cases."""
    yesterday = SimpleNamespace(option=SimpleNamespace(crash_seed=7))
    node = SimpleNamespace(config=yesterday, workerinput={})
    pytest_configure_node(node)
    worker = SimpleNamespace(option=SimpleNamespace(crash_seed=None), workerinput=node.workerinput)
    pytest_configure(worker)

    assert 7 == worker.option.crash_seed


def test_the_options_are_known_wherever_the_tests_are_started():
    """They name no folder, and the header says which sample it is."""
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    asked += ["--every-crash", "--crash-seed", "7", "tests/local_cloud/test_refusals.py"]
    told = subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True)

    assert (0, True) == (told.returncode, "--crash-seed 7" in told.stdout), told.stderr
