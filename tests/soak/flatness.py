"""Whether memory, open files and connections stay flat.

A process first loads what it needs, so only what it does after that is judged, and only when it
lived long enough for a line through its samples to mean something.  Under fire none does: that is
what the calm after the storm is for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import median

from tests.soak.history import Connected, Gauged, History

WARM_S, JUDGED_S = 90.0, 120.0
RESTART_S = 20.0  # until whatever was hurt last runs again
NEEDED_S = RESTART_S + WARM_S + JUDGED_S  # so long must a stack be left alone to be judged
MOST_MIB_A_MINUTE, MOST_MIB = 4.0, 40.0  # a leak is steep, and is more than the noise of an arena
MOST_FILES = 12
MOST_CONNECTIONS = 20  # all pools of all processes twice: a killed one's may not be gone yet
THIN = 60  # samples through which a line is drawn


def leaks(history: History) -> Iterator[str]:
    """Find what grew."""
    for (process, pid), samples in _lives(history).items():
        memory = [(one.at_s, one.rss_mib) for one in samples]
        slope, gained = 60 * slope_of(memory), _gained([one.rss_mib for one in samples])
        if slope > MOST_MIB_A_MINUTE and gained > MOST_MIB:
            yield f"{process} ({pid}) grows by {slope:.1f} MiB a minute, by {gained:.0f} in all"
        opened = _gained([one.files for one in samples])
        if opened > MOST_FILES:
            yield f"{process} ({pid}) opened {opened:.0f} files more than it closed"
    peak = max((one.count for one in history.of(Connected)), default=0)
    if peak > MOST_CONNECTIONS:
        yield f"{peak} database connections at once"


def judged(history: History) -> list[tuple[str, int]]:
    """List the processes that lived long enough, as (name, pid)."""
    return sorted(_lives(history))


def slope_of(points: Sequence[tuple[float, float]]) -> float:
    """Give the median of the slopes between all pairs of samples (Theil 1950, Sen 1968)."""
    thin = points[:: max(1, len(points) // THIN)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(thin, 2) if b[0] > a[0]]
    return median(slopes) if slopes else 0.0


def _lives(history: History) -> dict[tuple[str, int], list[Gauged]]:
    """Give the samples of each process past its warm-up, of those that lived on for long."""
    lives: dict[tuple[str, int], list[Gauged]] = defaultdict(list)
    for one in history.of(Gauged):
        lives[one.process, one.pid].append(one)
    warm = {
        who: [one for one in samples if one.at_s - samples[0].at_s >= WARM_S]
        for who, samples in lives.items()
    }
    return {
        who: samples
        for who, samples in warm.items()
        if samples and samples[-1].at_s - samples[0].at_s >= JUDGED_S
    }


def _gained(values: Sequence[float]) -> float:
    third = max(1, len(values) // 3)
    return median(values[-third:]) - median(values[:third])
