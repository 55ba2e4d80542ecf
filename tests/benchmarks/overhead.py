"""What the pipeline itself costs, when nobody in it has anything to do.

publish -> ingest -> script -> render x8 -> finalize -> completed, through real functions-framework
processes, the local cloud and PostgreSQL; the work of script, render and finalize is replaced by
next to nothing (`empty/`), ingest's is its own.  A latency begins just before the request is
published and ends when the cloud has taken its content-completed; all clocks are this machine's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

from local.ask import Question, ask
from tests.benchmarks.answers import POLL_S, Answer, answers, wait
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.stacks import FreshStack, fresh_stack

EMPTY = Path(__file__).parent / "empty"
STAND_INS = {name: EMPTY / name for name in ("script", "render", "finalize")}
WARM_UP, ONE_BY_ONE, IN_FLIGHT, CROWD = 10, 40, 100, 300  # requests
MOST_MS = 400

Moments = dict[str, float]  # epoch seconds, in the order of the lesson's way


def measure() -> Iterator[Measurement]:
    """Measure one request at a time, where its time goes, and a crowd."""
    with fresh_stack(STAND_INS) as stack:
        asked = _Asked(stack)
        yield Measurement("first request of a cold stack", 1e3 * asked.alone(), "ms")
        for _ in range(WARM_UP):
            asked.alone()
        latencies_ms = [1e3 * asked.alone() for _ in range(ONE_BY_ONE)]
        yield Measurement("one request, p50", median(latencies_ms), "ms", most=MOST_MS)
        yield Measurement("one request, p95", quantiles(latencies_ms, n=20)[-1], "ms")
        ways = [_way(stack, *one) for one in asked.latest(ONE_BY_ONE)]
        for hop, length in _hops(ways).items():
            yield Measurement(f"{hop}, p50", 1e3 * length, "ms")
        rate = asked.crowd()
        yield Measurement(f"lessons at {IN_FLIGHT} in flight", rate, "1/s")


class _Asked:
    """The questions that were put to a stack, each one a lesson of its own."""

    def __init__(self, stack: FreshStack) -> None:
        self._stack = stack
        self._sent: dict[str, float] = {}  # epoch seconds by request

    def alone(self) -> float:
        """Ask one question and wait for its answer; gives the seconds in between."""
        request_id = self._ask()
        found = wait(self._stack.folder, lambda found: request_id in found)
        return found[request_id].at_s - self._sent[request_id]

    def latest(self, many: int) -> list[tuple[float, Answer]]:
        """Give the latest requests: when each was sent, and its answer."""
        found = answers(self._stack.folder)
        return [(self._sent[one], found[one]) for one in list(self._sent)[-many:]]

    def crowd(self) -> float:
        """Keep many questions in flight; gives lessons per second."""
        before, began = len(self._sent), time.time()
        while (asked := len(self._sent) - before) < CROWD:
            done = len(answers(self._stack.folder)) - before
            for _ in range(min(CROWD - asked, IN_FLIGHT - (asked - done))):
                self._ask()
            time.sleep(POLL_S)
        found = wait(self._stack.folder, lambda found: len(found) == before + CROWD)
        return CROWD / (max(answer.at_s for answer in found.values()) - began)

    def _ask(self) -> str:
        words = f"Does question number {len(self._sent)} differ from all others?"
        now = time.time()
        request_id = ask(self._stack.connected.events, Question(words, "", "10", ("video",)))
        self._sent[request_id] = now
        return request_id


def _way(stack: FreshStack, sent_s: float, answer: Answer) -> Moments:
    """Tell when a request passed each point of its way."""
    report = stack.connected.reports.show(answer.request_id)
    began = {one.stage: one.started_at.timestamp() for one in report.attempts}
    ended = {one.stage: _seconds(one.ended_at) for one in report.attempts}
    prefix = f"lessons/{answer.lesson_id}/scenes/"
    # The local cloud's generations are microseconds since the epoch.
    stored = [one.generation / 1e6 for one in stack.connected.objects.list("scenes", prefix)]
    return {
        "": sent_s,
        "to ingest's claim": began["ingest"],
        "to ingest's end": ended["ingest"],
        "to script's claim": began["script"],
        "to script's end": ended["script"],
        "to the first scene": min(stored),
        "to the last scene": max(stored),
        "to finalize's claim": began["finalize"],
        "to the answer": answer.at_s,
    }


def _hops(ways: list[Moments]) -> dict[str, float]:
    """Give the median seconds from each moment to the next."""
    names = list(ways[0])
    return {
        then: median(way[then] - way[before] for way in ways) for before, then in pairwise(names)
    }


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("nan")
