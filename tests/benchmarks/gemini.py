"""A lesson of text that a model writes: how soon it can be read, and what a new instance costs.

The model is the fake of Vertex AI, asked through Google's own SDK over HTTP; for the latency it
answers in two seconds, for the cold start at once.  A latency counts from the request's publish to
its content-completed; a cold start from the birth of `script`'s process to the end of its first
event, so it holds what `ingest` and the way between them take as well.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from rich.console import Console

from local import bookshelf
from local.addresses import HOST
from local.ask import Question, ask
from tests.benchmarks.answers import POLL_S, wait
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.memory import peak_of_workers
from tests.benchmarks.stacks import FreshStack, fresh_stack
from tests.fakes.vertex_server import FakeVertex

QUESTION = "Why does a moving object keep moving?"
INTERESTS = (
    "basketball", "soccer", "tennis", "swimming", "chess", "cooking", "guitar", "dancing", "cars",
    "cycling",
)  # fmt: skip
GRADES = ("7", "10")  # of two bands: those of one band share a lesson
MODEL_S = 2.0
MOST_S, MOST_COLD_S, MOST_MB = 3.0, 2.5, 200.0
COLD_STARTS = 3


def measure() -> Iterator[Measurement]:
    """Measure lessons one at a time, then new instances; raises RuntimeError for one unwritten."""
    fake = FakeVertex()  # type: ignore[no-untyped-call]
    with fake as model, _author(model.url), fresh_stack() as stack:
        bookshelf.stock(stack.connected, Console(quiet=True))
        _answered(stack, _question("skiing", "10"))
        model.delay_s = MODEL_S
        latencies = [_answered(stack, _question(*one)) for one in _varied()]
        yield Measurement("request to readable text, p50", median(latencies), "s", MOST_S)
        yield Measurement("request to readable text, p95", quantiles(latencies, n=20)[-1], "s")
        model.delay_s = 0.0
        colds = [_cold(stack, f"juggling {n} balls") for n in range(COLD_STARTS)]
        yield Measurement("script: process start to first answer", median(colds), "s", MOST_COLD_S)
        pid, _ = _script(stack)
        yield Measurement("script: peak memory", peak_of_workers(pid) / 1e6, "MB", MOST_MB)
        paid = model.calls - len(latencies) - len(colds) - 1
        yield Measurement("calls beyond one a lesson", paid, "calls", 0)


def _varied() -> list[tuple[str, str]]:
    """Give questions that are lessons of their own."""
    return [(interest, grade) for interest in INTERESTS for grade in GRADES]


def _question(interest: str, grade: str) -> Question:
    return Question(QUESTION, interest, grade, ("text",))


def _answered(stack: FreshStack, question: Question) -> float:
    """Ask and wait; gives the seconds in between."""
    sent_s = time.time()
    request_id = ask(stack.connected.events, question)
    found = wait(stack.folder, lambda found: request_id in found)[request_id]
    if found.status != "completed":
        raise RuntimeError(f"a lesson ended as {found.status}")
    return found.at_s - sent_s


def _cold(stack: FreshStack, interest: str) -> float:
    """Kill `script`, and have the one that takes its place write a lesson; seconds of its life."""
    old, _ = _script(stack)
    os.killpg(old, signal.SIGKILL)
    while _script(stack)[0] == old or not _listens(stack):
        time.sleep(POLL_S)
    _, born_s = _script(stack)
    request_id = ask(stack.connected.events, _question(interest, "10"))
    return wait(stack.folder, lambda found: request_id in found)[request_id].at_s - born_s


def _script(stack: FreshStack) -> tuple[int, float]:
    """Give the process of `script`, and when it was born in epoch seconds."""
    known = json.loads((stack.folder / "functions.json").read_text("utf-8"))["script"]
    return known["pid"], known["created"]


def _listens(stack: FreshStack) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HOST, stack.ports["script"])) == 0


@contextmanager
def _author(url: str) -> Iterator[None]:
    """Let the functions that start meanwhile have the fake as their author's model."""
    os.environ.update({"AUTHOR": "gemini", "VERTEX_EMULATOR_HOST": url})
    try:
        yield
    finally:
        del os.environ["AUTHOR"], os.environ["VERTEX_EMULATOR_HOST"]
