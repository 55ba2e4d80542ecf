"""Cloud Storage's state: objects by generation, each one file, their metadata in the store.

A new generation's file is in place before its row is; a file without a row is swept at start.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import google_crc32c

from local.cloud.cloud_event import rfc3339
from local.cloud.post import Post
from local.cloud.resource import KeptObject, NewObject, resource
from local.cloud.store import Store, Transaction

CHUNK_BYTES = 1024 * 1024


class NotThere(Exception):
    """No such bucket, object, generation or upload: HTTP 404."""


class PreconditionFailed(Exception):
    """Another generation is live: HTTP 412."""


class Corrupt(Exception):
    """The content is not what its sender said: HTTP 400."""


class ObjectStore:
    """Buckets and the objects in them."""

    def __init__(self, store: Store, post: Post) -> None:
        self._store = store
        self._post = post
        self._folder = store.folder / "objects"
        self._folder.mkdir(exist_ok=True)

    def ensure_bucket(self, bucket: str) -> None:
        """Make a bucket unless it is there."""
        with self._store.transaction() as transaction:
            transaction.execute("insert or ignore into buckets values (?)", (bucket,))

    def bucket_exists(self, bucket: str) -> bool:
        """Look a bucket up."""
        return bool(self._store.read("select name from buckets where name = ?", bucket))

    def sweep(self) -> None:
        """Remove files that no row names: uploads that a kill cut short of their answer."""
        live = {str(row[0]) for row in self._store.read("select generation from objects")}
        for path in self._folder.iterdir():
            if path.name not in live:
                path.unlink()

    def check(self, new: NewObject) -> None:
        """Hold an upload's precondition against what is live; raises PreconditionFailed."""
        if not self.bucket_exists(new.bucket):
            raise NotThere(f"the bucket {new.bucket} does not exist")
        live = self._live(new.bucket, new.name)
        generation = live.generation if live else 0
        if new.must_be_generation not in (None, generation):
            raise PreconditionFailed(f"{new.name} has generation {generation}")

    def put(self, new: NewObject, content: Path) -> KeptObject:
        """Make a generation of the file `content`, which moves, and tell the subscribers."""
        crc32c, md5 = checksums(content)
        if new.crc32c and new.crc32c != crc32c:
            raise Corrupt(f"the content of {new.name} has crc32c {crc32c}, not {new.crc32c}")
        size = content.stat().st_size
        with self._store.transaction() as transaction:
            self.check(new)
            replaced = self._live(new.bucket, new.name)
            kept = KeptObject(
                new.bucket, new.name, self._store.tick(), size, new.content_type,
                new.metadata, crc32c, md5,
            )  # fmt: skip
            content.rename(self.path(kept))
            self._write(transaction, kept)
            self._announce(transaction, kept)
        if replaced:
            self.path(replaced).unlink()
        return kept

    def remove(self, kept: KeptObject) -> None:
        """Take a generation away for good; nobody is told, as nobody listens to that."""
        with self._store.transaction() as transaction:
            transaction.execute("delete from objects where generation = ?", (kept.generation,))
        self.path(kept).unlink(missing_ok=True)

    def find(self, bucket: str, name: str, generation: int | None = None) -> KeptObject:
        """Look up the live generation; raises NotThere when it is none or another one."""
        live = self._live(bucket, name)
        if live is None or generation not in (None, live.generation):
            raise NotThere(f"no such object: {bucket}/{name}")
        return live

    def list(self, bucket: str, prefix: str, after: str, most: int) -> list[KeptObject]:
        """List up to `most` objects whose names follow `after`, in the order of their UTF-8."""
        if not self.bucket_exists(bucket):
            raise NotThere(f"the bucket {bucket} does not exist")
        rows = self._store.read(
            "select * from objects where bucket = ? and name > ? and substr(name, 1, ?) = ?"
            " order by name limit ?", bucket, after, len(prefix), prefix, most,
        )  # fmt: skip
        return [_kept(row) for row in rows]

    def path(self, kept: KeptObject) -> Path:
        """Say where a generation's bytes lie."""
        return self._folder / str(kept.generation)

    def _live(self, bucket: str, name: str) -> KeptObject | None:
        rows = self._store.read("select * from objects where bucket = ? and name = ?", bucket, name)
        return _kept(rows[0]) if rows else None

    def _write(self, transaction: Transaction, kept: KeptObject) -> None:
        transaction.execute(
            "insert or replace into objects values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kept.bucket, kept.name, kept.generation, kept.size, kept.content_type,
                json.dumps(dict(kept.metadata)), kept.crc32c, kept.md5,
            ),
        )  # fmt: skip

    def _announce(self, transaction: Transaction, kept: KeptObject) -> None:
        attributes = {
            "bucketId": kept.bucket,
            "objectId": kept.name,
            "objectGeneration": str(kept.generation),
            "eventType": "OBJECT_FINALIZE",
            "eventTime": rfc3339(kept.generation),
            "payloadFormat": "JSON_API_V1",
            "notificationConfig": f"projects/_/buckets/{kept.bucket}/notificationConfigs/1",
        }
        body = json.dumps(resource(kept)).encode()
        self._post.add(transaction, "bucket", kept.bucket, body, attributes)


def checksums(content: Path) -> tuple[str, str]:
    """Compute (crc32c, md5) of a file, in base64, a chunk at a time."""
    crc32c, md5 = 0, hashlib.md5(usedforsecurity=False)
    with content.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            crc32c = google_crc32c.extend(crc32c, chunk)
            md5.update(chunk)
    return _base64(crc32c.to_bytes(4, "big")), _base64(md5.digest())


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _kept(row: tuple[Any, ...]) -> KeptObject:
    bucket, name, generation, size, content_type, metadata, crc32c, md5 = row
    return KeptObject(
        bucket, name, generation, size, content_type, json.loads(metadata), crc32c, md5
    )
