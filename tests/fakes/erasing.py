"""Taking claims and objects away, from dictionaries."""

from __future__ import annotations

from shared.ports import Bucket
from tests.fakes.services import FakeServices


class MemoryErasing:
    """The port Erasing."""

    def __init__(self, services: FakeServices) -> None:
        self._services = services

    def claim(self, key: str) -> None:
        """Take a claim away; one that is not there is no fault."""
        self._services.claims.erase(key)

    def object(self, bucket: Bucket, name: str) -> None:
        """Take an object away; one that is not there is no fault."""
        self._services.objects.erase(bucket, name)
