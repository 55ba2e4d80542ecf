"""A function of one thread that is told to stop, as Cloud Run tells it: SIGTERM to its server."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from local.addresses import PROJECT, Addresses
from local.cloud.courier import Courier
from local.cloud.server import LocalCloud
from local.services import Connected
from local.stack import Running
from shared.claim import Claim
from shared.events import SceneRequested
from shared.lesson import codec
from shared.ports import Claims
from tests.film.plans import LESSON_ID, brief_lesson, say
from tests.functions.alone import FRAMEWORK, ROOT, Alone
from tests.local_cloud.sink import free_port

KILLED_S = 10.0  # after SIGTERM, by Cloud Run
SENTENCES = tuple(f"Sentence number {n} takes a while to say." for n in range(60))
PATIENCE_S = 60.0


@contextmanager
def rendering(folder: Path) -> Iterator[tuple[Alone, Connected, subprocess.Popen[bytes]]]:
    """Run `render` with the one thread that it has in production."""
    addresses, port = Addresses(free_port()), free_port()
    cloud = LocalCloud(
        folder, {}, project=PROJECT, grpc_port=addresses.grpc, storage_port=addresses.storage
    )
    cloud.start()
    variables = addresses.environment("")
    command = [
        str(FRAMEWORK), "--source", "functions/render/main.py", "--target", "render",
        "--signature-type", "cloudevent", "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    settings = {**os.environ, **variables, "PYTHONPATH": str(ROOT), "THREADS": "1", "WORKERS": "1"}
    connected = Connected(Running(variables))
    try:
        with subprocess.Popen(command, cwd=ROOT, env=settings) as process:
            try:
                Courier(f"http://127.0.0.1:{port}/").wait_for_door()
                yield Alone(folder, {"render": port}, connected.objects, ""), connected, process
            finally:
                process.kill()
    finally:
        cloud.stop()


def asked(alone: Alone) -> SceneRequested:
    """Store a plan whose scenes take long to make, and ask for the first."""
    plan = brief_lesson(("audio",))
    lines = tuple(map(say, SENTENCES))
    content = codec.encode(
        replace(plan, scenes=tuple(replace(one, say=lines) for one in plan.scenes))
    )
    name = f"lessons/{LESSON_ID}/plan.json"
    stored = alone.objects.create("generated", name, content, content_type="application/json")
    return SceneRequested(LESSON_ID, 1, stored.generation)


def claim_in(claims: Claims, key: str, *states: str) -> Claim | None:
    """Wait until a claim is in one of these states."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = claims.read(key)
        if found is not None and found.claim.state in states:
            return found.claim
        time.sleep(0.02)
    return None


def test_a_run_gives_its_claim_back_before_it_is_killed(tmp_path):
    """No attempt is spent, and the next delivery need not wait for the lease to end."""
    with rendering(tmp_path / "cloud") as (alone, connected, process):
        event = asked(alone)
        data = event.message().data.encode()
        answers = []
        post = threading.Thread(
            target=lambda: answers.append(alone.post("render", "scene-requested", data=data))
        )
        post.start()
        assert claim_in(connected.claims, event.key, "in_progress")
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        claim = claim_in(connected.claims, event.key, "retryable", "completed")
        took_s = time.monotonic() - told
        post.join()
        ended = process.wait(KILLED_S)

    assert claim is not None
    assert ("retryable", "the instance stops", 1) == (
        claim.state,
        claim.last_error["message"],
        claim.transients,
    )
    assert took_s < KILLED_S
    assert ([500], 0) == (answers, ended)
