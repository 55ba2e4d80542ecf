"""The port Erasing: what an operator may take away, and no stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from shared.ports import Bucket, Services

if TYPE_CHECKING:
    from shared.gcp.firestore import FirestoreClaims
    from shared.gcp.storage import StorageObjects


class CloudErasing:
    """Firestore and Cloud Storage, through the clients that are open anyway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def claim(self, key: str) -> None:
        """Take a claim away; one that is not there is no fault."""
        cast("FirestoreClaims", self._services.claims).erase(key)

    def object(self, bucket: Bucket, name: str) -> None:
        """Take an object away; one that is not there is no fault."""
        cast("StorageObjects", self._services.objects).erase(bucket, name)
