"""All fakes together, as one stage sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

from shared.lesson.plan import Brief, Shape
from shared.ports import Author, Bucket, Claims, Events, Library, Objects, Records, Upkeep, Voice
from shared.versions import versions
from tests.fakes.claims import MemoryClaims
from tests.fakes.events import MemoryEvents
from tests.fakes.objects import MemoryObjects
from tests.fakes.records import MemoryRecords


@dataclass
class FakeServices:
    """Services that live in memory; what a test does not give, it may not use."""

    buckets: Mapping[Bucket, str] = field(
        default_factory=lambda: {bucket: bucket for bucket in get_args(Bucket)}
    )
    claims: Claims = field(default_factory=MemoryClaims)
    objects: Objects = field(default_factory=MemoryObjects)
    events: Events = field(default_factory=MemoryEvents)
    records: Records = field(default_factory=MemoryRecords)
    upkeep: Upkeep = None  # type: ignore[assignment]
    library: Library = None  # type: ignore[assignment]
    author: Author = None  # type: ignore[assignment]
    voice: Voice = None  # type: ignore[assignment]
    film_shape: Shape = "wide"

    def versions(self, brief: Brief) -> Mapping[str, str]:
        """Name what shapes a lesson."""
        return versions(self.film_shape)

    def but(self, **others: object) -> FakeServices:
        """Give the same services with some of them changed."""
        return replace(self, **others)
