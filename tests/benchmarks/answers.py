"""The answers that left a stack: its content-completed messages, which nobody fetches there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.cloud.overview import kept
from shared.events import ContentCompleted

POLL_S = 0.02
MOST_S = 600  # before a benchmark gives up


@dataclass(frozen=True, slots=True)
class Answer:
    """One content-completed; `at_s` is when the cloud took it, in epoch seconds."""

    request_id: str
    lesson_id: str
    status: str
    at_s: float


def answers(folder: Path) -> dict[str, Answer]:
    """Read all answers of the stack that keeps its state in `folder`, by request."""
    found: dict[str, Answer] = {}
    for event in kept(folder / "cloud", ContentCompleted.topic):
        told = json.loads(event.data)
        answer = Answer(
            told["request_id"], told["lesson_id"], told["status"], event.published_us / 1e6
        )
        found.setdefault(answer.request_id, answer)
    return found


def wait(folder: Path, enough: Callable[[dict[str, Answer]], bool]) -> dict[str, Answer]:
    """Look until there are enough answers; raises TimeoutError."""
    give_up = time.monotonic() + MOST_S
    while not enough(found := answers(folder)):
        if time.monotonic() > give_up:
            raise TimeoutError(f"no answer within {MOST_S} s")
        time.sleep(POLL_S)
    return found
