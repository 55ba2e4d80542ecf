"""How long after `kill -9` of everything the work that was cut off begins again.

A stack renders; every process of it is killed at once, the database too, and the stack is started
again as its user would.  Counted from the kill until the next run of the first cut-off scene has
the claim; the lease is the real one.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console

from local import ask, bookshelf
from local.services import Connected
from shared.claim import Claim
from shared.limits import LEASE_S
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.stacks import free_addresses
from tests.stack.home import Home, until

QUESTION = ask.Question("How does sound travel?", "", "10", ("video",))
ABOVE_LEASE_S = 5.0
PATIENCE_S = 3 * LEASE_S


def measure() -> Iterator[Measurement]:
    """Kill a stack in the middle of its first scenes, and start it again."""
    with _home() as home:
        home.up()
        victims = home.processes()  # known beforehand: the middle of a scene does not last
        with closing(home.connected()) as connected:
            bookshelf.stock(connected, Console(quiet=True))
            request_id = ask.ask(connected.events, QUESTION)
            begun = until(lambda: _running(connected, request_id), "the first scenes begin")
        killed_s = time.time()
        for victim in victims:
            victim.kill()
        home.kill_everything()
        home.up()
        started_s = time.time()
        with closing(home.connected()) as connected:
            taken = until(lambda: _taken_over(connected, begun), "a run begins again", PATIENCE_S)
    again_s = min(claim.began.timestamp() for claim in taken) - killed_s
    most_s = LEASE_S + ABOVE_LEASE_S
    yield Measurement("from kill to the first run that goes on", again_s, "s", most=most_s)
    yield Measurement("from kill to a stack that runs", started_s - killed_s, "s")
    yield Measurement("lease", LEASE_S, "s")


def _running(connected: Connected, request_id: str) -> list[Claim] | None:
    """Give the claims under which scenes are rendered, once there are any."""
    run = next((row for row in connected.reports.runs(1) if row.request_id == request_id), None)
    if run is None or not run.scenes:
        return None
    keys = [f"render/{run.lesson_id}/{n:02d}" for n in range(1, run.scenes + 1)]
    found = [stored.claim for stored in map(connected.claims.read, keys) if stored]
    return [claim for claim in found if claim.state == "in_progress"] or None


def _taken_over(connected: Connected, begun: list[Claim]) -> list[Claim] | None:
    found = [stored.claim for one in begun if (stored := connected.claims.read(one.key))]
    fences = {one.key: one.fence for one in begun}
    return [claim for claim in found if claim.fence > fences[claim.key]] or None


@contextmanager
def _home() -> Iterator[Home]:
    # Not a TemporaryDirectory: as root the database belongs to another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-bench-"))
    home = Home(folder, free_addresses().first)
    try:
        yield home
    finally:
        home.close()
        shutil.rmtree(folder)
