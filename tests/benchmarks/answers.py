"""The answers that left a stack: its content-completed messages, which nobody fetches there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from local.cloud.overview import kept
from shared.events import ContentCompleted


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
