"""What it costs to learn that a request is finished already.

The same event of a finished request is posted again and again to a real process of `ingest`; in
turn, the same event goes to a functions-framework function that does nothing.  The difference is
what deduplication costs above the bare HTTP hop.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from local.ask import TOPIC
from tests.benchmarks.alone import cloud_alone, posted
from tests.benchmarks.ingest import message
from tests.benchmarks.measurement import Measurement

EMPTY = Path(__file__).parent / "empty" / "nothing"
WARM_UP, POSTS = 30, 300
MOST_MS = 5.0


def measure() -> Iterator[Measurement]:
    """Post by turns, one at a time."""
    request_id = str(uuid.uuid4())
    finished = message("Does an answered question cost anything?", request_id)
    with (
        cloud_alone() as cloud,
        cloud.server("ingest") as ingest,
        cloud.server("script", EMPTY) as nothing,
    ):
        for _ in range(WARM_UP):
            posted(nothing, TOPIC, request_id, finished)
            posted(ingest, TOPIC, request_id, finished)
        hops_ms, again_ms = zip(
            *(
                (
                    1e3 * posted(nothing, TOPIC, request_id, finished),
                    1e3 * posted(ingest, TOPIC, request_id, finished),
                )
                for _ in range(POSTS)
            ),
            strict=True,
        )
    above_ms = median(again_ms) - median(hops_ms)
    yield Measurement("finished request again, above the hop, p50", above_ms, "ms", most=MOST_MS)
    yield Measurement("finished request again, p50", median(again_ms), "ms")
    yield Measurement("finished request again, p95", quantiles(again_ms, n=20)[-1], "ms")
    yield Measurement("bare hop to an empty function, p50", median(hops_ms), "ms")
