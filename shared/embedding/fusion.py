"""Two orders become one: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

DAMPING = 60  # as in the paper: so the first places of one order do not outvote the other


def fused(*orders: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Order what stands in any of some orders by the sum of its reciprocal ranks, best first."""
    scores: defaultdict[str, float] = defaultdict(float)
    for order in orders:
        for place, name in enumerate(order, 1):
            scores[name] += 1 / (DAMPING + place)
    # Of equals the first order decides, since `sorted` keeps what comes first.
    return tuple(sorted(scores.items(), key=lambda one: -one[1]))
