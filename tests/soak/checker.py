"""Hold a history against what the pipeline promises; every finding is a sentence.

lost      each request that was taken has its end, and a good one its lesson
twice     one plan, one set of scenes, one film; each object one generation; each answer one event
attempts  at rest no run is open, none is missing, and work was completed once
letters   what nobody can read has its dead letter with a reason
leaks     memory, open files and connections stay flat
empty     there was load, every kind of fault, and time to judge; else all of the above says little
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.soak.flatness import leaks
from tests.soak.history import (
    Answered,
    AttemptRow,
    History,
    Kept,
    LessonRow,
    Letter,
    RequestRow,
    Rested,
    Sent,
)
from tests.soak.vacuity import empty

ENDS = ("completed", "refused", "failed", "cancelled")
OUTCOMES = (
    "completed", "refused", "superseded", "failed", "parked", "retryable", "lost",
)  # fmt: skip
ONCE = ("completed", "refused")


def findings(history: History) -> list[str]:
    """Name everything that the pipeline did not keep; empty when it kept all."""
    parts: tuple[Callable[[History], Iterator[str]], ...] = (
        unrest, lost, answers, twice, attempts, letters, leaks, empty,
    )  # fmt: skip
    return [found for part in parts for found in part(history)]


def unrest(history: History) -> Iterator[str]:
    """Find what still moved when the waiting ended."""
    for rested in history.of(Rested):
        if rested.left:
            yield f"not at rest after {rested.waited_s:.0f} s: {rested.left}"


def lost(history: History) -> Iterator[str]:
    """Find requests without an end, and good ones that did not end well."""
    rows = {row.request_id: row for row in history.of(RequestRow)}
    for sent in history.of(Sent):
        if sent.role == "broken":
            continue
        row = rows.get(sent.request_id)
        if row is None:
            yield f"request {sent.request_id} is lost: no row"
        elif row.status not in ENDS:
            yield f"request {sent.request_id} has no end: {row.status}"
        elif row.status != sent.end:
            yield f"request {sent.request_id} was to be {sent.end}: {row.status}, {row.reason}"


def answers(history: History) -> Iterator[str]:
    """Find requests whose published answers are none, several, or not those of the rows."""
    told: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for one in history.of(Answered):
        told[one.request_id].add((one.status, one.lesson_id, one.event_id))
    for row in history.of(RequestRow):
        published = told.pop(row.request_id, set())
        if row.lesson_id and row.status in ENDS and not published:
            yield f"request {row.request_id} was {row.status} but nobody was told"
        if len(published) > 1:
            yield f"request {row.request_id} was answered in {len(published)} ways"
        for status, lesson_id, _ in published:
            if (status, lesson_id) != (row.status, row.lesson_id):
                yield f"request {row.request_id} is {row.status}, its answer says {status}"
    for request_id in told:
        yield f"an answer went to {request_id}, which has no row"


def twice(history: History) -> Iterator[str]:
    """Find objects that were written over, and lessons with more than one result."""
    names: dict[tuple[str, str], Kept] = {}
    for kept in history.of(Kept):
        names[kept.bucket, kept.name] = kept
        if len(kept.generations) > 1:
            yield f"{kept.bucket}/{kept.name} was written {len(kept.generations)} times"
    for lesson in history.of(LessonRow):
        if lesson.status != "completed":
            continue
        home = f"lessons/{lesson.lesson_id}/"
        plan = names.get(("generated", f"{home}plan.json"))
        if plan is None or plan.generations != (lesson.plan_generation,):
            yield f"lesson {lesson.lesson_id}: its plan is not the one of its row"
        mine = [name for bucket, name in names if bucket == "generated" and name.startswith(home)]
        films = sum(name.endswith(".mp4") for name in mine)
        wanted = sum(name.endswith(".mp4") for name in lesson.files.values())
        if films != wanted:
            yield f"lesson {lesson.lesson_id} has {films} films and names {wanted}"
        for what, name in lesson.files.items():
            if ("generated", name) not in names:
                yield f"lesson {lesson.lesson_id}: its {what} is not there"
        scenes = [
            name for bucket, name in names
            if bucket == "scenes" and name.startswith(home) and name.endswith("/scene.json")
        ]  # fmt: skip
        if lesson.modalities != ("text",) and len(scenes) != lesson.scenes:
            yield f"lesson {lesson.lesson_id} has {len(scenes)} of {lesson.scenes} scenes"


def attempts(history: History) -> Iterator[str]:
    """Find runs that nobody closed, numbers that nobody told, and work that was done twice."""
    runs: dict[str, list[AttemptRow]] = defaultdict(list)
    for row in history.of(AttemptRow):
        runs[row.key].append(row)
        if not row.outcome:
            yield f"attempt {row.key} #{row.fence} is open at rest"
        elif row.outcome not in OUTCOMES:
            yield f"attempt {row.key} #{row.fence} ended as {row.outcome}"
    for key, rows in runs.items():
        fences = sorted(row.fence for row in rows)
        if fences != list(range(1, len(fences) + 1)):
            yield f"the attempts of {key} are {fences}"
        done = Counter(row.outcome for row in rows if row.outcome in ONCE)
        if done.total() > 1:
            yield f"{key} was completed {done.total()} times"


def letters(history: History) -> Iterator[str]:
    """Find broken messages without a dead letter, and letters of messages that were good."""
    known: dict[str, Letter] = {}
    for letter in history.of(Letter):
        known |= dict.fromkeys(letter.marks, letter)
        if not letter.reason:
            yield f"the dead letter {letter.stage}/{letter.message_id} has no reason"
    for sent in history.of(Sent):
        if sent.role == "broken" and sent.mark not in known:
            yield f"the broken message {sent.mark} has no dead letter"
        if sent.role != "broken" and sent.mark in known:
            letter = known[sent.mark]
            yield f"request {sent.request_id} was good but is a dead letter: {letter.reason}"
