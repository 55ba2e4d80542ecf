"""One soak from its first request to its verdict."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from local import bookshelf
from tests.benchmarks.stacks import free_addresses
from tests.soak import facts
from tests.soak.checker import findings
from tests.soak.flatness import NEEDED_S
from tests.soak.gauges import Gauges
from tests.soak.history import History, Planned, Rested, now_s
from tests.soak.load import planned
from tests.soak.nemesis import Nemesis
from tests.soak.sender import send, store_short_plans
from tests.soak.victim import LEASE_S, Victim

REST_S = 60 + 16 * LEASE_S  # a lesson's last event is lost, found, and its work begun afresh
POLL_S, QUIET_POLLS = 1.0, 3
CALM = 0.4  # share of the time in which nothing is hurt any more
SENDING = 0.95  # share of the time in which requests come

Progress = Callable[[str, History], None]


@dataclass(frozen=True, slots=True)
class Fire:
    """How a soak is to be; the same seed asks the same and strikes the same."""

    seed: int
    minutes: float
    requests: int

    @property
    def planned(self) -> Planned:
        """Divide the time: a calm long enough to judge what lives, where half is left to hurt."""
        seconds = 60 * self.minutes
        calm_s = CALM * seconds
        if seconds >= 2 * NEEDED_S:
            calm_s = max(calm_s, NEEDED_S)
        return Planned(seconds - calm_s, calm_s, self.requests)


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak left; the folder is there when something was found."""

    seed: int
    folder: Path
    history: History
    findings: tuple[str, ...]


def soak(fire: Fire, progress: Progress) -> Soaked:
    """Run a stack under fire, then undisturbed, let it come to rest, and judge it."""
    # Not a TemporaryDirectory: as root the database belongs to another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-soak-"))
    history = History(folder / "history.jsonl")
    victim = Victim(folder, free_addresses())
    try:
        _under_fire(victim, fire, history, progress)
    finally:
        victim.stop()
    found = tuple(findings(history))
    if not found:
        shutil.rmtree(folder)
    return Soaked(fire.seed, folder, history, found)


def _under_fire(victim: Victim, fire: Fire, history: History, progress: Progress) -> None:
    rng, time_s = random.Random(fire.seed), fire.planned  # noqa: S311  # no secret
    history.add(time_s)
    wishes = planned(rng, fire.requests, SENDING * (time_s.storm_s + time_s.calm_s))
    victim.start()
    url = victim.running().database_url
    nemesis, gauges = Nemesis(victim, history, rng), Gauges(victim, history, url)
    sent, rested, fired = threading.Event(), threading.Event(), threading.Event()
    with closing(victim.connected()) as connected:
        bookshelf.stock(connected, Console(quiet=True))
        store_short_plans(wishes, connected.objects, connected.books.corpus())
        events = connected.events
        with (
            _beside(rested, lambda: gauges.watch(rested)),
            _beside(sent, lambda: send(wishes, events, history, sent)),
        ):
            with _beside(fired, lambda: nemesis.strike(fired)):
                _wait(time_s.storm_s, "under fire", history, progress)
            nemesis.end()
            _wait(time_s.calm_s, "left alone", history, progress)
            _rest(victim, url, history, progress)
    gauges.objects()
    gauges.tell_objects()
    facts.tell(victim, url, history)


@contextmanager
def _beside(stop: threading.Event, work: Callable[[], None]) -> Iterator[None]:
    """Run work beside the block, until it ends: `stop` tells the work; its fault is raised."""
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            yield
        finally:
            stop.set()
    working.result()


def _wait(seconds: float, phase: str, history: History, progress: Progress) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        progress(f"{phase}, {left:.0f} s left", history)
        time.sleep(min(POLL_S, left))


def _rest(victim: Victim, url: str, history: History, progress: Progress) -> None:
    """Wait until everything is at rest, so long as that is allowed to take."""
    began, quiet, left = time.monotonic(), 0, ""
    while quiet < QUIET_POLLS and time.monotonic() - began < REST_S:
        left = facts.unfinished(victim, url)
        quiet = 0 if left else quiet + 1
        progress(f"coming to rest: {left or 'quiet'}", history)
        time.sleep(POLL_S)
    history.add(Rested(now_s(), time.monotonic() - began, left))
