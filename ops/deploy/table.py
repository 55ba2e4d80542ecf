"""Tell `deploy.sh` the pipeline's numbers and arrows.  limits and topology -> shell assignments.

Runs with any plain `python3`: nothing that it imports needs a package.

    eval "$(python3 ops/deploy/table.py)"
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from local.topology import (  # noqa: E402, TID251 - found above, and plain
    CANARY_TICK,
    KEPT_TOPICS,
    PIPELINE,
    TICK,
    TICK_TOPIC,
)
from shared import limits  # noqa: E402 - found above


def lines() -> Iterator[str]:
    """Give one assignment a line; functions without a folder are not there yet."""
    there = [name for name in limits.FUNCTIONS if (ROOT / "functions" / name / "main.py").exists()]
    least_s, most_s = limits.BACKOFF_S
    yield _words("FUNCTIONS", there)
    yield _words("TOPICS", PIPELINE.topics)
    yield _words("KEPT_TOPICS", KEPT_TOPICS)
    yield _table("ARROW", {name: _trigger(name) for name in there})
    dead = {one.function: one.dead_topic for one in PIPELINE.subscriptions if one.dead_topic}
    yield _words("DEAD_TOPICS", list(dead.values()))
    yield _table("DEAD_TOPIC", dead)
    for name, attribute in COLUMNS.items():
        yield _table(name, {one: getattr(limits.FUNCTIONS[one], attribute) for one in there})
    numbers = {
        "ACK_DEADLINE_S": limits.ACK_DEADLINE_S,
        "MAX_DELIVERIES": limits.MAX_DELIVERIES,
        "LEAST_BACKOFF_S": least_s,
        "MOST_BACKOFF_S": most_s,
        "SUBSCRIPTION_KEPT_DAYS": limits.SUBSCRIPTION_KEPT_DAYS,
        "DEAD_KEPT_DAYS": limits.DEAD_KEPT_DAYS,
        "CLAIM_KEPT_DAYS": limits.CLAIM_KEPT_DAYS,
        "MAX_CONNECTIONS": limits.MAX_CONNECTIONS,
        "TICK_TOPIC": TICK_TOPIC,
        "TICK": TICK.decode(),
        "CANARY_TICK": CANARY_TICK.decode(),
    }
    for name, value in numbers.items():
        yield f"{name}={shlex.quote(str(value))}"


COLUMNS = {
    "MEMORY_MIB": "memory_mib",
    "CPU": "cpu",
    "THREADS": "threads",
    "TIMEOUT_S": "timeout_s",
    "INSTANCES": "instances",
    "POOL": "pool",
}


def _trigger(function: str) -> str:
    """Name the arrow a function is created with, as kind:source; repair's others come later."""
    arrows = PIPELINE.of(function)
    return f"{arrows[0].kind}:{arrows[0].source}" if arrows else "http"


def _words(name: str, values: Sequence[str]) -> str:
    return f"{name}=({' '.join(shlex.quote(value) for value in values)})"


def _table(name: str, values: Mapping[str, object]) -> str:
    cells = (f"[{key}]={shlex.quote(str(value))}" for key, value in values.items() if value)
    return f"declare -gA {name}=({' '.join(cells)})"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
