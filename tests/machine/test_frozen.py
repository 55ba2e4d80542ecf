"""A run stands still until its lease is over, and wakes up beside its successor."""

import pytest

from shared.errors import LeaseLost
from shared.limits import LEASE_S
from tests.machine.bench import Bench


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.close()


def until(run, call):
    """Let a run go on until it stands before a call."""
    while run.call != call:
        run.proceed()
    return run


@pytest.mark.parametrize("overtaken", [True, False])
def test_a_run_that_wakes_up_pays_for_nothing(bench, overtaken):
    """Its beat did not notice either: only its own clock tells that it may have a successor."""
    frozen = until(bench.deliver(), "find")
    bench.pass_by(LEASE_S + 1)
    if overtaken:
        until(bench.deliver(), "store")
    frozen.proceed()

    assert ("", LeaseLost) == (frozen.call, type(frozen.fault))
    assert bench.paid == overtaken
