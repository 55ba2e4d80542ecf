"""Objects in a dictionary."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from shared.errors import Missing
from shared.ports import Bucket, StoredObject


class MemoryObjects:
    """The port Objects; `finalized` is told of each new object, after its creator could see it."""

    def __init__(self, finalized: Callable[[StoredObject], None] | None = None) -> None:
        self._finalized = finalized
        self._lock = threading.Lock()
        self._generation = 0
        self._stored: dict[tuple[Bucket, str], tuple[StoredObject, bytes]] = {}

    def create(
        self,
        bucket: Bucket,
        name: str,
        content: bytes | Path,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Create an object, or adopt the one that has this name already."""
        data = content.read_bytes() if isinstance(content, Path) else content
        signed = {**(metadata or {}), "sha256": hashlib.sha256(data).hexdigest()}
        with self._lock:
            if (bucket, name) in self._stored:
                return self._stored[bucket, name][0]
            self._generation += 1
            stored = StoredObject(bucket, name, self._generation, len(data), content_type, signed)
            self._stored[bucket, name] = (stored, data)
        if self._finalized:
            self._finalized(stored)
        return stored

    def erase(self, bucket: Bucket, name: str) -> None:
        """Take an object away; one that is not there is no fault."""
        with self._lock:
            self._stored.pop((bucket, name), None)

    def tamper(self, bucket: Bucket, name: str, content: bytes) -> None:
        """Change the bytes under a name, as a disk or a stranger might; nobody is told."""
        with self._lock:
            self._stored[bucket, name] = (self._stored[bucket, name][0], content)

    def find(self, bucket: Bucket, name: str) -> StoredObject | None:
        """Look one object up; None when it is not there."""
        with self._lock:
            return self._stored.get((bucket, name), (None, b""))[0]

    def read(self, bucket: Bucket, name: str, generation: int | None = None) -> bytes:
        """Fetch a whole object; raises Missing."""
        with self._lock:
            stored, data = self._stored.get((bucket, name), (None, b""))
        if stored is None or generation not in (None, stored.generation):
            raise Missing(f"{bucket}/{name}")
        return data

    @contextmanager
    def open(self, bucket: Bucket, name: str, generation: int) -> Iterator[IO[bytes]]:
        """Open a seekable reader; raises Missing."""
        yield io.BytesIO(self.read(bucket, name, generation))

    def list(self, bucket: Bucket, prefix: str) -> tuple[StoredObject, ...]:
        """List all objects below a prefix, by name."""
        with self._lock:
            below = [
                stored
                for (where, name), (stored, _) in self._stored.items()
                if where == bucket and name.startswith(prefix)
            ]
        return tuple(sorted(below, key=lambda stored: stored.name.encode()))
