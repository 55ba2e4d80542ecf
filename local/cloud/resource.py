"""A storage object: as its sender describes it, as it is kept, as the JSON API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.cloud.cloud_event import rfc3339


@dataclass(frozen=True, slots=True)
class NewObject:
    """What an upload says about itself; `crc32c` is empty when its sender did not say."""

    bucket: str
    name: str
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    must_be_generation: int | None = None
    crc32c: str = ""


@dataclass(frozen=True, slots=True)
class KeptObject:
    """The live generation of an object; `size` in bytes, the checksums in base64."""

    bucket: str
    name: str
    generation: int
    size: int
    content_type: str
    metadata: Mapping[str, str]
    crc32c: str
    md5: str


def resource(kept: KeptObject) -> dict[str, object]:
    """Describe an object as the JSON API does; int64 is text there."""
    created = rfc3339(kept.generation)
    described: dict[str, object] = {
        "kind": "storage#object",
        "id": f"{kept.bucket}/{kept.name}/{kept.generation}",
        "name": kept.name,
        "bucket": kept.bucket,
        "generation": str(kept.generation),
        "metageneration": "1",
        "contentType": kept.content_type,
        "storageClass": "STANDARD",
        "size": str(kept.size),
        "md5Hash": kept.md5,
        "crc32c": kept.crc32c,
        "etag": f"{kept.generation}/1",
        "timeCreated": created,
        "updated": created,
    }
    return described | ({"metadata": dict(kept.metadata)} if kept.metadata else {})
