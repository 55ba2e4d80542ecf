"""A write that nobody answered may still reach the server, after it was looked for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.claim import Claim
from shared.errors import LeaseLost, Transient, Unsure
from shared.read_back import replaced
from tests.fakes.claims import MemoryClaims

NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Slow(MemoryClaims):
    """Claims whose writes reach the server only when they are let through."""

    def __init__(self):
        super().__init__()
        self.on_the_wire = []

    def replace(self, seen, claim):
        self.on_the_wire.append((seen, claim))
        raise Unsure("no answer")

    def land(self):
        """Let the first write through."""
        super().replace(*self.on_the_wire[0])


def test_a_late_beat_is_not_taken_for_the_completion():
    """A run's beat and its completion rest on one version: they bear the same owner and beat."""
    claims = Slow()
    seen = claims.create(Claim("key", "script", "lesson", "hash", "me", 90.0, NOW))
    with pytest.raises(Transient):
        replaced(claims, seen, replace(seen.claim, lease_s=60.0))
    claims.land()

    with pytest.raises(LeaseLost):
        replaced(claims, seen, replace(seen.claim, state="completed"))
    assert "in_progress" == claims.read("key").claim.state


def test_an_end_that_lands_late_stays():
    """A completion whose answer got lost is not undone, nor taken for the claim's release."""
    claims = Slow()
    seen = claims.create(Claim("key", "script", "lesson", "hash", "me", 90.0, NOW))
    with pytest.raises(Transient):
        replaced(claims, seen, replace(seen.claim, state="completed"))
    claims.land()

    with pytest.raises(LeaseLost):
        replaced(claims, seen, replace(seen.claim, state="retryable"))
    assert "completed" == claims.read("key").claim.state


def test_a_dead_run_that_beats_again_keeps_its_claim():
    """Who takes over must not go on from the other's write."""
    claims = MemoryClaims()
    seen = claims.create(Claim("key", "script", "lesson", "hash", "me", 90.0, NOW))
    claims.replace(seen, replace(seen.claim, beat=2, lease_s=60.0))

    with pytest.raises(LeaseLost):
        replaced(claims, seen, seen.claim.taken_over("you", 90.0, NOW))
