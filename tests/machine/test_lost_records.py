"""The claim's record is lost while others remember its runs."""

import pytest

from tests.machine.bench import KEY, Bench
from tests.machine.stepped import Answer


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.close()


def test_a_first_run_that_was_never_noted_does_not_hide_the_loss(bench):
    """The rows know of fence 2, though not of fence 1, whose run died before it was noted."""
    bench.deliver().proceed(Answer.KILLED_AFTER)
    bench.pass_by(91)
    second = bench.deliver()
    while second.call != "find":
        second.proceed()
    second.proceed(Answer.KILLED_BEFORE)
    bench.claims.lose(KEY)
    third = bench.deliver()
    while third.call != "find":
        third.proceed()

    assert bench.claim.fence == 3
