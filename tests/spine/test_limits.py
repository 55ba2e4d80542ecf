"""The order of the numbers."""

import pytest

from shared.limits import (
    ACK_DEADLINE_S,
    BEAT_S,
    FUNCTIONS,
    LEASE_S,
    LESSON_BUDGET_S,
    MAX_CONNECTIONS,
    RESERVED_CONNECTIONS,
    ROLLOUT,
)


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


def test_the_database_has_connections_for_everybody():
    """Every instance of two releases with its pool full, and some are left for the operator."""
    # The threads of an instance share its pool, so concurrency does not multiply it.
    most = sum(limits.instances * limits.pool for limits in FUNCTIONS.values())

    assert ROLLOUT * most <= MAX_CONNECTIONS - RESERVED_CONNECTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_pool_is_wider_than_its_threads(name):
    """A connection that no thread can use is one that another function lacks."""
    assert FUNCTIONS[name].pool <= FUNCTIONS[name].threads


@pytest.mark.parametrize("name", ["script", "render", "finalize"])
def test_a_stage_is_parked_before_its_lesson_is_failed(name):
    """So that the reason is the stage's own, with its last error."""
    assert FUNCTIONS[name].budget_s < LESSON_BUDGET_S
