"""What the tests of records begin with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shared.lesson.plan import Brief
from shared.ports import Records, StoredObject
from shared.rows import Request

LESSON, OTHER = "a" * 32, "b" * 32
PLAN = StoredObject("generated", f"lessons/{LESSON}/plan.json", 17, 100, "application/json")
VIDEO = ("plan", "film", "captions", "transcript", "chapters", "thumbnail", "sources", "checks")
AUDIO = ("plan", "audio", "captions", "transcript", "sources", "checks")
SCENES = ("title", "concept", "recap")
Result = TypeVar("Result")


def asked(*modalities: str, request_id: str = "") -> Request:
    """Make a request with an id of its own."""
    brief = Brief("Why is the sky blue?", "soccer", "9-12", modalities or ("video",))
    return Request(
        request_id or str(uuid.uuid4()), "trace-1", "student-1", "school-1", "test", 10, brief
    )


def scripted(records: Records, *modalities: str) -> Request:
    """Bring a lesson to its plan."""
    request = asked(*modalities)
    records.accept(request, LESSON)
    records.scripted(LESSON, PLAN, SCENES)
    return request


def completed(records: Records) -> Request:
    """Bring a lesson to its end."""
    request = scripted(records)
    records.completed(LESSON, files(VIDEO))
    return request


def files(names: tuple[str, ...]) -> dict[str, str]:
    """Name a file of the lesson for each name."""
    return {name: f"lessons/{LESSON}/{name}" for name in names}


def at_once(count: int, work: Callable[[int], Result]) -> list[Result]:
    """Do the work `count` times in threads that start together."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))
