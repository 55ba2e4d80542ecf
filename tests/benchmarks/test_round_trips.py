"""Calls are counted, not timed: what is promised of them must hold on any machine."""

from __future__ import annotations

from tests.benchmarks.round_trips import MOST, counts


def test_claim_path() -> None:
    """Taking a claim costs one call when it is new, and never more than three."""
    claims = {name: claim for name, (claim, _) in counts().items()}

    assert 1 == claims["fresh event"]
    assert 2 == claims["duplicate of a finished one"]
    assert all(count <= MOST for count in claims.values()), claims
