"""A soak in numbers."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.soak.flatness import judged
from tests.soak.history import (
    AttemptRow,
    Connected,
    Gauged,
    History,
    LessonRow,
    Letter,
    RequestRow,
    Rested,
    Sent,
    Struck,
)
from tests.soak.vacuity import gaps

Summary = dict[str, object]


def summary(history: History) -> Summary:
    """Count what was sent, what came of it, what was done to the stack and how it healed."""
    sent, rows = history.of(Sent), history.of(RequestRow)
    return {
        "messages": len(sent),
        "by role": dict(Counter(one.role for one in sent)),
        "requests": dict(Counter(row.status for row in rows)),
        "why not": dict(Counter(row.reason for row in rows if row.status in ("failed", "refused"))),
        "lessons": dict(
            Counter(f"{'+'.join(one.modalities)} {one.status}" for one in history.of(LessonRow))
        ),
        "dead letters": dict(Counter(letter.reason for letter in history.of(Letter))),
        "faults": dict(sorted(Counter(one.fault for one in history.of(Struck)).items())),
        "attempts": dict(Counter(row.outcome or "open" for row in history.of(AttemptRow))),
        "takeovers": sum(row.fence > 1 for row in history.of(AttemptRow)),
        "longest time to heal, s": round(max(_healings(history), default=0.0), 1),
        "came to rest after, s": round(sum(one.waited_s for one in history.of(Rested)), 1),
        "database connections at most": max(
            (one.count for one in history.of(Connected)), default=0
        ),
        "processes judged for leaks": dict(Counter(name for name, _ in judged(history))),
        "not shown": "\n".join(gap.what for gap in gaps(history)) or "nothing",
        "memory, MiB": _memory(history),
    }


def _healings(history: History) -> list[float]:
    """Give, for all work that was not done at once, the time from its first begin to its end."""
    runs: dict[str, list[AttemptRow]] = defaultdict(list)
    for row in history.of(AttemptRow):
        runs[row.key].append(row)
    return [
        max(row.ended_s for row in rows) - min(row.began_s for row in rows)
        for rows in runs.values()
        if len(rows) > 1
    ]


def _memory(history: History) -> dict[str, str]:
    """Show for each function how much its longest-lived process had at first and at last."""
    lives: dict[tuple[str, int], list[Gauged]] = defaultdict(list)
    for one in history.of(Gauged):
        lives[one.process, one.pid].append(one)
    longest: dict[str, list[Gauged]] = {}
    for (name, _), samples in lives.items():
        if len(samples) > len(longest.get(name, ())):
            longest[name] = samples
    return {
        name: f"{samples[0].rss_mib:.0f} -> {samples[-1].rss_mib:.0f}"
        f" in {samples[-1].at_s - samples[0].at_s:.0f} s"
        for name, samples in sorted(longest.items())
    }
