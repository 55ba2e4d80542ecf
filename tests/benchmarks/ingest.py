"""How many requests one process of `ingest` takes in, with the threads that it has when deployed.

Each event is posted by us, as many at a time as there are threads; claims and events go to a
local cloud in a process of its own, rows to PostgreSQL.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

from local.ask import TOPIC
from local.cloud.courier import Courier
from shared.limits import FUNCTIONS
from tests.benchmarks.alone import cloud_alone, posted
from tests.benchmarks.measurement import Measurement

WARM_UP, REQUESTS, ROUNDS = 100, 600, 3
LEAST_PER_S = 150

Asked = Callable[[int], bytes]


def measure() -> Iterator[Measurement]:
    """Measure distinct requests, and equal ones under ids of their own, by turns."""
    with cloud_alone() as cloud, cloud.server("ingest") as courier:
        rate(courier, distinct, WARM_UP)
        rates = [
            (rate(courier, distinct, REQUESTS), rate(courier, equal, REQUESTS))
            for _ in range(ROUNDS)
        ]
    least = [min(kind) for kind in zip(*rates, strict=True)]
    several, same = [median(kind) for kind in zip(*rates, strict=True)]
    yield Measurement("distinct requests", several, "1/s", least=LEAST_PER_S)
    yield Measurement("equal requests", same, "1/s", least=LEAST_PER_S)
    yield Measurement("distinct requests, slowest round", least[0], "1/s")
    yield Measurement("equal requests, slowest round", least[1], "1/s")


def rate(courier: Courier, asked: Asked, many: int) -> float:
    """Post so many requests, as many at once as deployed; gives requests per second."""
    began = perf_counter()
    with ThreadPoolExecutor(FUNCTIONS["ingest"].threads) as pool:
        for answered in [pool.submit(_ask, courier, asked, n) for n in range(many)]:
            answered.result()
    return many / (perf_counter() - began)


def distinct(n: int) -> bytes:
    """Ask what nobody asked before."""
    return message(f"Does question {uuid.uuid4().hex} differ from all others?")


def equal(n: int) -> bytes:
    """Ask what everybody asks."""
    return message("Why does a moving object keep moving?")


def message(question: str, request_id: str = "") -> bytes:
    """Encode a request."""
    return json.dumps(
        {
            "request_id": request_id or str(uuid.uuid4()),
            "student_id": "local",
            "student_query": question,
            "grade_level": 10,
            "requested_modalities": ["text"],
        }
    ).encode()


def _ask(courier: Courier, asked: Asked, n: int) -> float:
    return posted(courier, TOPIC, uuid.uuid4().hex, asked(n))
