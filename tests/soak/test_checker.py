"""The soak's checker finds what it is there for, each shown to it alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.soak.checker import findings
from tests.soak.flatness import NEEDED_S
from tests.soak.history import (
    Answered,
    AttemptRow,
    Connected,
    Fact,
    Gauged,
    History,
    Kept,
    LessonRow,
    Letter,
    Planned,
    RequestRow,
    Rested,
    Sent,
    Struck,
    read,
)
from tests.soak.soaking import Fire
from tests.soak.summary import summary
from tests.soak.vacuity import DECK_S, KINDS

LESSON = "a" * 32
FILES = {"plan": f"lessons/{LESSON}/plan.json", "film": f"lessons/{LESSON}/film.mp4"}
LONG = Planned(DECK_S, NEEDED_S, 2)
FULL = Fire(seed=1, minutes=10, requests=200)
GOOD: tuple[Fact, ...] = (
    LONG,
    Sent(1.0, "r1", "first", "video", "completed", "hobby-0001"),
    Sent(2.0, "", "broken", "", "", "hobby-0002"),
    Rested(3.0, 1.0, ""),
    RequestRow("r1", "completed", LESSON, ""),
    LessonRow(LESSON, "completed", ("video",), 7, 1, FILES),
    AttemptRow("ingest/r1", 1, "ingest", "completed", 1.0, 2.0),
    AttemptRow(f"finalize/{LESSON}", 1, "finalize", "lost", 1.0, 2.0),
    AttemptRow(f"finalize/{LESSON}", 2, "finalize", "completed", 2.0, 3.0),
    Letter("ingest", "17", "not-json", ("hobby-0002",)),
    Kept("generated", FILES["plan"], (7,)),
    Kept("generated", FILES["film"], (9,)),
    Kept("scenes", f"lessons/{LESSON}/scenes/01/scene.json", (8,)),
    Answered("r1", LESSON, "completed", "e1"),
    *(Struck(1.0, kind, "somebody") for kind in KINDS),
    *(Gauged(float(at_s), "render", 1, 300.0, 20) for at_s in range(0, 240, 2)),
)


def changed(kind: type[Fact], change: Callable[[Fact], Fact]) -> History:
    """Give the good history with the first fact of a kind changed."""
    at = next(n for n, fact in enumerate(GOOD) if isinstance(fact, kind))
    return History(facts=(*GOOD[:at], change(GOOD[at]), *GOOD[at + 1 :]))


def without(kind: type[Fact]) -> History:
    """Give the good history without the facts of a kind."""
    return History(facts=(fact for fact in GOOD if not isinstance(fact, kind)))


def samples(slope_mib: float, files: int = 0) -> list[Fact]:
    """Gauge one process for ten minutes: memory that grows so much a minute, with noise."""
    noise = random.Random(7)  # noqa: S311
    return [
        Gauged(
            float(at_s), "script", 5,
            200 + slope_mib * at_s / 60 + noise.uniform(-5, 5), 20 + files * at_s // 600,
        )
        for at_s in range(0, 600, 2)
    ]  # fmt: skip


def test_good_history():
    """A run that kept every promise has no finding."""
    assert [] == findings(History(facts=GOOD))


SPOILED = {
    "a request without a row": (without(RequestRow), "request r1 is lost"),
    "a request without an end": (
        changed(RequestRow, lambda row: replace(row, status="accepted")),
        "request r1 has no end",
    ),
    "a good request that failed": (
        changed(RequestRow, lambda row: replace(row, status="failed", reason="why")),
        "request r1 was to be completed: failed, why",
    ),
    "a film done twice": (
        History(facts=(*GOOD, Kept("generated", f"lessons/{LESSON}/film-2.mp4", (11,)))),
        "has 2 films and names 1",
    ),
    "a plan written over": (
        changed(Kept, lambda kept: replace(kept, generations=(7, 8))),
        "plan.json was written 2 times",
    ),
    "a scene that is missing": (
        changed(LessonRow, lambda row: replace(row, scenes=2)),
        "has 1 of 2 scenes",
    ),
    "a file that is named and not there": (
        changed(LessonRow, lambda row: replace(row, files={**FILES, "text": "lessons/no.md"})),
        "its text is not there",
    ),
    "nobody told": (without(Answered), "nobody was told"),
    "two answers": (
        History(facts=(*GOOD, Answered("r1", LESSON, "completed", "e2"))),
        "answered in 2 ways",
    ),
    "an answer that the rows deny": (
        changed(Answered, lambda one: replace(one, status="failed")),
        "r1 is completed, its answer says failed",
    ),
    "an answer to nobody": (
        History(facts=(*GOOD, Answered("r9", LESSON, "completed", "e9"))),
        "went to r9",
    ),
    "an open attempt": (
        changed(AttemptRow, lambda row: replace(row, outcome="", ended_s=0)),
        "attempt ingest/r1 #1 is open at rest",
    ),
    "an attempt that nobody told of": (
        changed(AttemptRow, lambda row: replace(row, fence=2)),
        "the attempts of ingest/r1 are [2]",
    ),
    "work that was completed twice": (
        History(facts=(*GOOD, AttemptRow("ingest/r1", 2, "ingest", "completed", 2.0, 3.0))),
        "ingest/r1 was completed 2 times",
    ),
    "a broken message without a letter": (without(Letter), "hobby-0002 has no dead letter"),
    "a letter without a reason": (
        changed(Letter, lambda letter: replace(letter, reason="")),
        "has no reason",
    ),
    "a good message among the letters": (
        changed(Letter, lambda letter: replace(letter, marks=("hobby-0001", "hobby-0002"))),
        "was good but is a dead letter",
    ),
    "something that never rests": (
        changed(Rested, lambda rested: replace(rested, left="1 for render")),
        "not at rest",
    ),
    "memory that rises": (History(facts=(*GOOD, *samples(10.0))), "script (5) grows by"),
    "files that stay open": (History(facts=(*GOOD, *samples(0, files=60))), "opened"),
    "an empty history": (History(), "nothing was planned"),
    "a run in which nothing happened": (History(facts=[LONG]), "only 0 of 2 messages were sent"),
    "lessons that nobody completed": (without(LessonRow), "only 0 of 1 lessons were completed"),
    "too few messages": (
        changed(Planned, lambda planned: replace(planned, requests=9)),
        "only 2 of 9 messages were sent",
    ),
    "faults that never struck": (without(Struck), "cut the power never struck"),
    "processes that were never looked at": (without(Gauged), "no process was gauged"),
    "processes that never lived long": (
        History(facts=(*GOOD, Gauged(1.0, "script", 5, 200.0, 20))),
        "no process of script lived long enough",
    ),
    "connections without end": (
        History(facts=(*GOOD, Connected(9.0, 90))),
        "90 database connections",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILED)
def test_spoiled_history(what):
    """Each breach is named."""
    history, sentence = SPOILED[what]

    assert any(sentence in found for found in findings(history))


def test_flat_memory():
    """Noise around a level, and what a process loads at first, are no leak."""
    warming = [Gauged(float(s), "render", 6, 100.0 + 3 * s, 20) for s in range(0, 80, 2)]
    level = [Gauged(float(s), "render", 6, 340.0, 20) for s in range(80, 400, 2)]

    assert [] == findings(History(facts=(*GOOD, *samples(0), *warming, *level)))


def test_history_on_disk(tmp_path):
    """A kept history gives the same verdict as the run itself."""
    kept = History(tmp_path / "history.jsonl", GOOD)

    assert kept.facts == read(tmp_path / "history.jsonl").facts


def test_a_short_soak_is_excused():
    """What it has no time for is no finding, and is told."""
    short = [Planned(DECK_S - 1, NEEDED_S - 1, 2), *GOOD[1:]]
    history = History(facts=(fact for fact in short if not isinstance(fact, (Struck, Gauged))))

    assert [] == findings(history)
    assert "cut the power never struck" in str(summary(history)["not shown"])
    assert "no process was gauged" in str(summary(history)["not shown"])


def test_the_full_soak_has_time_for_everything():
    """Storm and calm are long enough for their findings to count."""
    planned = FULL.planned

    assert planned.storm_s >= DECK_S
    assert planned.calm_s >= NEEDED_S
    assert planned.storm_s + planned.calm_s == 60 * FULL.minutes
