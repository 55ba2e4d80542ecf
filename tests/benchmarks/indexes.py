"""How fast the five indexes of requests answer on a million of them.

Each question is asked with other values each time, by the statement that `status` uses: what the
server needs, which index its plan reads, and what a process waits until it has read the rows.
Of three tries with the same values the best counts, as others use the machine too.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles

from local.postgres import EmbeddedPostgres
from shared.gcp.indexes import SqlIndexes
from shared.gcp.postgres import Postgres
from shared.ops.indexes import judged
from tests.benchmarks.measurement import Measurement
from tests.records.many import fill
from tests.records.plans import QUESTIONS, Answered, Question, explained

REQUESTS = 1_000_000
TIMES, BEST_OF = 200, 3
MEBIBYTE = 1024 * 1024


def measure() -> Iterator[Measurement]:
    """Fill a database, then ask."""
    # Not a TemporaryDirectory: as root the database belongs to another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-bench-"))
    server = EmbeddedPostgres(folder / "postgres")
    try:
        url = server.start()
        began = time.monotonic()
        fill(url, REQUESTS)
        yield Measurement(f"storing {REQUESTS:,} and indexing them", time.monotonic() - began, "s")
        postgres = Postgres(url)
        yield from _asked(postgres)
        yield from _sizes(postgres)
        postgres.close()
    finally:
        server.stop()
        shutil.rmtree(folder)


def _asked(postgres: Postgres) -> Iterator[Measurement]:
    for question in QUESTIONS:
        answers = [_best(postgres, question, n) for n in range(TIMES)]
        read = set[str]().union(*(one.indexes for one in answers))
        if read != {question.index}:
            raise RuntimeError(f"{question.name} reads {', '.join(sorted(read))}")
        server_ms = [one.server_ms for one in answers]
        waited_ms = [_waited_ms(postgres, question, n) for n in range(TIMES)]
        yield Measurement(f"{question.name}: server p95", _p95(server_ms), "ms", question.most_ms)
        yield Measurement(f"  by {question.index}", median(server_ms), "ms at p50")
        yield Measurement("  most rows read", max(one.rows for one in answers), "rows")
        yield Measurement("  with way and decoding, p50", median(waited_ms), "ms")
        yield Measurement("  with way and decoding, p95", _p95(waited_ms), "ms")


def _best(postgres: Postgres, question: Question, n: int) -> Answered:
    asked = (explained(postgres, question, _chance(n)) for _ in range(BEST_OF))
    return min(asked, key=lambda one: one.server_ms)


def _waited_ms(postgres: Postgres, question: Question, n: int) -> float:
    values = question.values(_chance(n))

    def once() -> float:
        began = time.perf_counter()
        postgres.alone(lambda sql: sql.all(question.statement, *values))
        return 1e3 * (time.perf_counter() - began)

    return min(once() for _ in range(BEST_OF))


def _chance(n: int) -> Random:
    return Random(n)  # noqa: S311 - the n-th values, the same in each run


def _p95(taken_ms: list[float]) -> float:
    return quantiles(taken_ms, n=20)[-1]


def _sizes(postgres: Postgres) -> Iterator[Measurement]:
    wanted = {question.index for question in QUESTIONS}
    for one in judged(SqlIndexes(postgres).all()):
        if one.index.name in wanted:
            size = one.index.size_bytes / MEBIBYTE
            yield Measurement(f"{one.index.name}: {one.said}", size, "MiB")
