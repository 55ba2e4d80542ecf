"""The order of the numbers."""

import pytest

from shared.limits import ACK_DEADLINE_S, BEAT_S, FUNCTIONS, LEASE_S


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_stale_run_writes_after_the_next_delivery(name):
    """Work deadline < function timeout < last write of a stale run < ack deadline."""
    limits = FUNCTIONS[name]
    order = [limits.work_deadline_s, limits.timeout_s, limits.last_lease_end_s, ACK_DEADLINE_S]

    assert sorted(set(order)) == order


def test_a_lease_survives_two_lost_beats():
    """A lease outlives the beats that should renew it twice over."""
    assert LEASE_S >= 3 * BEAT_S


def test_the_ack_deadline_is_one_that_pubsub_allows():
    """Pub/Sub refuses more than 600 seconds."""
    assert ACK_DEADLINE_S <= 600
