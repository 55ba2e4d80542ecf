"""Resumable uploads: bytes that arrive in pieces, and survive a cut line or a killed cloud."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.cloud.objects import Corrupt, NotThere, ObjectStore, PreconditionFailed
from local.cloud.resource import KeptObject, NewObject
from local.cloud.store import Store


class Uploads:
    """Uploads under way; an upload's bytes lie in a file of its name until they are an object."""

    def __init__(self, store: Store, objects: ObjectStore) -> None:
        self._store = store
        self._objects = objects
        self._folder = store.folder / "uploads"
        self._folder.mkdir(exist_ok=True)

    def sweep(self) -> None:
        """Forget uploads that are done, and files that belong to none."""
        with self._store.transaction() as transaction:
            transaction.execute("delete from uploads where generation is not null")
            open_uploads = {row[0] for row in transaction.execute("select id from uploads")}
        for path in self._folder.iterdir():
            if path.name not in open_uploads:
                path.unlink()

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """Lend a file name; what is still there at the end is removed."""
        path = self._folder / secrets.token_hex(16)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def begin(self, new: NewObject) -> str:
        """Open an upload; the answer is its id.  Raises PreconditionFailed at once if it can."""
        self._objects.check(new)
        upload = secrets.token_hex(16)
        (self._folder / upload).touch()
        with self._store.transaction() as transaction:
            transaction.execute(
                "insert into uploads values (?, ?, ?, ?, ?, ?, null)",
                (
                    upload, new.bucket, new.name, new.content_type,
                    json.dumps(dict(new.metadata)), new.must_be_generation,
                ),
            )  # fmt: skip
        return upload

    def path(self, upload: str) -> Path:
        """Say where the bytes go, and so how many there are; raises NotThere."""
        if not self._store.read("select id from uploads where id = ?", upload):
            raise NotThere("no such upload")
        path = self._folder / upload
        path.touch()  # a kill between the object and the upload's own row leaves no file
        return path

    def name(self, upload: str) -> str:
        """Say what an upload will be called; empty when there is no such upload."""
        rows = self._store.read("select name from uploads where id = ?", upload)
        return str(rows[0][0]) if rows else ""

    def result(self, upload: str) -> KeptObject | None:
        """Give the object that a finished upload became; None while it goes on."""
        rows = self._store.read("select bucket, name, generation from uploads where id = ?", upload)
        if not rows:
            raise NotThere("no such upload")
        bucket, name, generation = rows[0]
        if generation is None:
            return None
        return self._objects.find(bucket, name, generation)

    def finish(self, upload: str, crc32c: str) -> KeptObject:
        """Turn all bytes into an object; raises PreconditionFailed or Corrupt, for good."""
        (row,) = self._store.read(
            "select bucket, name, content_type, metadata, must_be_generation from uploads"
            " where id = ?", upload,
        )  # fmt: skip
        bucket, name, content_type, metadata, must_be = row
        new = NewObject(bucket, name, content_type, json.loads(metadata), must_be, crc32c)
        try:
            kept = self._objects.put(new, self._folder / upload)
        except (PreconditionFailed, Corrupt):
            self._forget(upload)
            raise
        with self._store.transaction() as transaction:
            transaction.execute(
                "update uploads set generation = ? where id = ?", (kept.generation, upload)
            )
        return kept

    def _forget(self, upload: str) -> None:
        with self._store.transaction() as transaction:
            transaction.execute("delete from uploads where id = ?", (upload,))
        (self._folder / upload).unlink(missing_ok=True)
