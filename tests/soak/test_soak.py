"""A short soak: a few requests, a few blows, and the checker's verdict."""

from __future__ import annotations

from tests.soak.soaking import Fire, soak

SHORT = Fire(seed=11, minutes=0.5, requests=12)


def test_short_soak():
    """Nothing is lost and nothing done twice; a history with findings is kept for who looks."""
    soaked = soak(SHORT, lambda phase, history: None)

    assert () == soaked.findings, f"seed {soaked.seed}, kept in {soaked.folder}"
