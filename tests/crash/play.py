"""Play a lesson to its rest, with things happening to it on the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from local.cloud.overview import kept
from local.cloud.store import FILE
from local.failpoints import Strike
from shared.ports import StoredClaim
from shared.report import AttemptRow
from shared.rows import Lesson
from tests.crash.lessons import Asked, again
from tests.crash.stand import Stand

PATIENCE_S = 120.0
POLL_S = 0.2
STAGES = ("ingest", "script", "render", "finalize")
State = tuple[object, ...]


class NeverAtRest(AssertionError):
    """A lesson did not come to its end."""


@dataclass(frozen=True)
class Rest:
    """What is left of a lesson when nothing moves any more.

    `frozen` tells of each stopped run's work how things stood when that run went on, and how they
    stood in the end.
    """

    asked: Asked
    status: str
    lesson: Lesson
    completions: frozenset[tuple[str, bytes]]
    claims: Mapping[str, StoredClaim]
    attempts: tuple[AttemptRow, ...]
    objects: Mapping[str, int]
    frozen: Mapping[str, tuple[State, State]]


def play(stand: Stand, asked: Asked, strikes: Sequence[Strike]) -> Rest:
    """Ask for a lesson, let all of that happen to it, and wait until it is at rest."""
    for strike in strikes:
        stand.failpoints.arm(strike)
    stand.connected.events.publish([asked.message])
    return at_rest(stand, asked, strikes)


def waits(stand: Stand, asked: Asked) -> None:
    """Send a request that is asked back, and wait until it waits itself."""
    stand.connected.events.publish([asked.message])
    give_up = time.monotonic() + PATIENCE_S
    while moves(stand, asked):
        if time.monotonic() > give_up:
            raise NeverAtRest(f"{asked.request_id} was not asked back")
        time.sleep(POLL_S)


def at_rest(stand: Stand, asked: Asked, strikes: Sequence[Strike] = ()) -> Rest:
    """Wait until a request that was sent is at rest, and everything happened that was to."""
    waiting, before = {one for one in strikes if one.action == "stop"}, {}
    give_up = time.monotonic() + PATIENCE_S
    while moves(stand, asked) or not all(map(stand.failpoints.struck, strikes)):
        for strike in [one for one in waiting if stand.failpoints.struck(one)]:
            waiting.remove(strike)
            before[strike.key] = _taken_over(stand, asked, strike, give_up)
        if time.monotonic() > give_up:
            raise NeverAtRest(f"{asked.lesson_id}: {_standing(stand, asked, strikes)}")
        time.sleep(POLL_S)
    return _rest(stand, asked, before)


def _taken_over(stand: Stand, asked: Asked, strike: Strike, give_up: float) -> State:
    """Let another run finish a stopped one's work, then let that one go on."""
    stopped = stand.failpoints.struck(strike)
    again(stand, asked, strike.point.partition("/")[0])
    try:
        while True:
            found = stand.connected.claims.read(strike.key)
            if found is not None and found.claim.settled:
                break
            if time.monotonic() > give_up:
                raise NeverAtRest(f"nobody took {strike.key} over")
            time.sleep(POLL_S)
        return _state(stand, asked, strike.key)
    finally:
        os.kill(stopped.pid, signal.SIGCONT)


def _state(stand: Stand, asked: Asked, key: str) -> State:
    """Tell what a stale run must not change: its claim, and what it made."""
    found = stand.connected.claims.read(key)
    stage = key.partition("/")[0]
    objects = _objects(stand, asked) if stage == "finalize" else {}
    return found.claim.owner, found.update_time, objects


def _rest(stand: Stand, asked: Asked, before: Mapping[str, State]) -> Rest:
    report = stand.connected.reports.show(asked.request_id)
    found = {key: stand.connected.claims.read(key) for key in map(asked.key, STAGES)}
    done = kept(stand.folder / "cloud", "content-completed")
    return Rest(
        asked=asked,
        status=report.run.status,
        lesson=report.lesson.lesson,
        completions=frozenset(
            (one.attributes["event_id"], one.data)
            for one in done
            if asked.request_id.encode() in one.data
        ),
        claims={key: claim for key, claim in found.items() if claim is not None},
        attempts=report.attempts,
        objects=_objects(stand, asked),
        frozen={key: (state, _state(stand, asked, key)) for key, state in before.items()},
    )


def _objects(stand: Stand, asked: Asked) -> dict[str, int]:
    objects = stand.connected.objects
    found = [*objects.list("generated", asked.home), *objects.list("scenes", asked.home)]
    return {one.name.removeprefix(asked.home): one.generation for one in found}


def moves(stand: Stand, asked: Asked) -> int:
    """Count the deliveries that are still to be made for a lesson."""
    return unfinished(stand, asked.request_id, asked.lesson_id)


def unfinished(stand: Stand, *texts: str) -> int:
    """Count the deliveries that are still to be made of events that hold one of these texts."""
    holds = " or ".join("instr(data, ?)" for _ in texts)
    path = (stand.folder / "cloud" / FILE).resolve().as_uri()
    with closing(sqlite3.connect(f"{path}?mode=ro", uri=True)) as database:
        (count,) = database.execute(
            f"select count(*) from deliveries join events on events.id = event where {holds}",  # noqa: S608
            [text.encode() for text in texts],
        ).fetchone()
    return int(count)


def _standing(stand: Stand, asked: Asked, strikes: Sequence[Strike]) -> str:
    passed = [point for key, point in stand.failpoints.passed() if key.endswith(asked.lesson_id)]
    happened = [(one.point, one.action, bool(stand.failpoints.struck(one))) for one in strikes]
    return f"{moves(stand, asked)} deliveries open, {happened}, last {passed[-3:]}"
