"""How long bad messages hold up good ones.

Fifty good requests go into a running stack, first alone, then among a thousand messages that
nobody can read; each time spread over the same few seconds in a random order.  A latency is that
from just before the publish until the request's row is there, by the clock of this machine.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from local.ask import TOPIC
from shared.messages import Message
from tests.benchmarks.ingest import message
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.overhead import STAND_INS
from tests.benchmarks.stacks import FreshStack, fresh_stack

GOOD, BAD, WARM_UP = 50, 1000, 20
SPREAD_S = 10.0
MOST_S = 1.0
PATIENCE_S = 120.0
POLL_S = 0.05
SEED = 1

Latencies = list[float]


def measure() -> Iterator[Measurement]:
    """Send good ones alone, among bad ones, and behind all bad ones at once."""
    with fresh_stack(STAND_INS) as stack:
        _latencies(stack, WARM_UP, 0, spread_s=1.0)
        alone = _latencies(stack, GOOD, 0, SPREAD_S)
        among = _latencies(stack, GOOD, BAD, SPREAD_S)
        burst = _latencies(stack, GOOD, BAD, spread_s=0.0)
    delay_s = _p95(among) - _p95(alone)
    every_ms = 1e3 * SPREAD_S / BAD
    yield Measurement(
        f"delay by a bad message every {every_ms:.0f} ms, p95", delay_s, "s", most=MOST_S
    )
    yield Measurement("good ones alone, p95", _p95(alone), "s")
    yield Measurement("good ones alone, p50", median(alone), "s")
    yield Measurement("good ones among bad ones, p95", _p95(among), "s")
    yield Measurement(f"delay when all {BAD} come at once, p95", _p95(burst) - _p95(alone), "s")


def _latencies(stack: FreshStack, good: int, bad: int, spread_s: float) -> Latencies:
    """Send all of them over so many seconds; gives the good ones' seconds until accepted."""
    rng = random.Random(SEED)  # noqa: S311  # an order, no secret
    ids = [str(uuid.uuid4()) for _ in range(good)]
    messages = [Message(TOPIC, one, _good(one)) for one in ids]
    messages += [Message(TOPIC, f"bad-{n}", f'{{"student_query": "{n}') for n in range(bad)]
    rng.shuffle(messages)
    sent: dict[str, float] = {}
    sender = threading.Thread(target=_send, args=(stack, messages, spread_s, sent))
    sender.start()
    accepted = _accepted(stack, ids)
    sender.join()
    return [accepted[one] - sent[one] for one in ids]


def _send(
    stack: FreshStack, messages: Sequence[Message], spread_s: float, sent: dict[str, float]
) -> None:
    began = time.monotonic()
    for n, one in enumerate(messages):
        time.sleep(max(0.0, began + n * spread_s / len(messages) - time.monotonic()))
        sent[one.id] = time.time()
        stack.connected.events.publish([one])


def _accepted(stack: FreshStack, ids: Sequence[str]) -> dict[str, float]:
    """Wait until all are accepted; gives the database's times, in epoch seconds."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        rows = stack.connected.reports.runs(len(ids) + BAD)
        times = {row.request_id: row.created_at.timestamp() for row in rows}
        if times.keys() >= set(ids):
            return times
        time.sleep(POLL_S)
    raise TimeoutError(f"not all requests were accepted within {PATIENCE_S:.0f} s")


def _good(request_id: str) -> str:
    return message(f"Is question {request_id} held up?", request_id).decode()


def _p95(latencies: Latencies) -> float:
    return quantiles(latencies, n=20)[-1]
