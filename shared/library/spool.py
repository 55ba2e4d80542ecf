"""An archive from the bucket as a local file: hundreds of small reads would be as many requests."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from shared.errors import Unreadable
from shared.hold import checkpoint

_CHUNK_BYTES = 8 * 1024 * 1024


@contextmanager
def spooled(archive: IO[bytes], object_name: str) -> Iterator[IO[bytes]]:
    """Copy an archive that lies at `books/<slug>/<sha256>.zip`, and give it back when done.

    Raises Unreadable when its bytes are not those that its name promises; between two pieces, what
    `checkpoint` raises.
    """
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as copy:
        while chunk := archive.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
            checkpoint()
        if f"/{digest.hexdigest()}.zip" not in object_name:
            raise Unreadable("wrong-digest", f"{object_name}: holds other bytes than it says")
        copy.seek(0)
        yield copy
