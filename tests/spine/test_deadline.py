"""No call takes longer than what is left of the function's time."""

import pytest

from shared.deadline import left_s, within
from shared.errors import Transient


def test_a_call_outside_of_any_function_has_its_own_time():
    """The command line has no deadline."""
    assert 10 == left_s(10)


def test_a_call_gets_what_is_left():
    """However long it would take by itself."""
    with within(5):
        assert left_s(10) <= 5


def test_a_short_call_keeps_its_own_time():
    """Plenty of time is no reason to wait longer."""
    with within(500):
        assert 10 == left_s(10)


def test_no_call_starts_when_the_time_is_used_up():
    """It would end after the function, when somebody else may have taken over."""
    with within(0), pytest.raises(Transient):
        left_s(10)


def test_the_time_ends_with_its_block():
    """The next delivery in this process has its own."""
    with within(0):
        pass

    assert 10 == left_s(10)
