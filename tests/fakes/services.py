"""All fakes together, as one stage sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

from shared.embedding.embedder import Embedder
from shared.lesson.plan import Brief, Shape, Speaker
from shared.ports import Author, Bucket, Claims, Events, Library, Objects, Records, Upkeep
from shared.versions import VOICE, versions
from shared.voice import PaidVoice, Voice
from shared.voices.settings import SpeechSettings
from tests.fakes.budget import MemoryBudget
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
    embedder: Embedder | None = None
    author: Author = None  # type: ignore[assignment]
    voice: Voice = None  # type: ignore[assignment]
    speech: SpeechSettings | None = None
    budget: MemoryBudget = field(default_factory=MemoryBudget)
    speak: Callable[[Speaker], PaidVoice] | None = None
    film_shape: Shape = "wide"

    def versions(self, brief: Brief) -> Mapping[str, str]:
        """Name what shapes a lesson."""
        voice = self.speech.speaker.voice if self.speech else VOICE
        return versions(self.film_shape, voice=voice)

    def speaking(self, speaker: Speaker) -> PaidVoice:
        """Give the voice that a plan names."""
        assert self.speak is not None
        return self.speak(speaker)

    def but(self, **others: object) -> FakeServices:
        """Give the same services with some of them changed."""
        return replace(self, **others)
