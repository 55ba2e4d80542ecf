"""Nudges: create-only objects whose own event stands for a storage event that got lost."""

from __future__ import annotations

from shared import trace
from shared.events import BookStored, SceneStored
from shared.ports import Bucket, Objects


def nudge(objects: Objects, lost: SceneStored | BookStored, name: str) -> None:
    """Have a lesson's scenes, or a book, looked at again; one name nudges once."""
    if isinstance(lost, SceneStored):
        _create(objects, "scenes", f"nudges/{lost.lesson_id}/{name}.json", lost.correlation_id)
    else:
        _create(objects, "oer", f"nudges/{lost.name}@{lost.generation}/{name}.json")


def _create(objects: Objects, bucket: Bucket, name: str, correlation_id: str = "") -> None:
    kind, metadata = "application/json", trace.stored(correlation_id)
    objects.create(bucket, name, b"{}\n", content_type=kind, metadata=metadata)
