"""Objects in Cloud Storage: created once, read by generation, never overwritten.

A create says "must not exist".  When the answer is no, or gets lost, what is stored decides: our
own object or that of a run that was faster, which is as good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from shared.errors import Missing, Transient
from shared.gcp.tries import each_try, while_time_is_left
from shared.limits import CALL_TIMEOUT_S
from shared.ports import Bucket, StoredObject

if TYPE_CHECKING:
    from google.cloud.storage import Blob, Client

TRANSFER_TIMEOUT_S = 60  # the longest silence within one try of moving bytes
READER_CHUNK_BYTES = 1024 * 1024


class StorageObjects:
    """The port Objects; `emulator` is "http://host:port", or empty for Google Cloud."""

    def __init__(self, project: str, emulator: str, buckets: Mapping[Bucket, str]) -> None:
        self._client = _connect(project, emulator)
        self._buckets = dict(buckets)

    def create(
        self,
        bucket: Bucket,
        name: str,
        content: bytes | Path,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Create an object, or adopt the one that has this name already; raises Transient.

        A path is streamed.  The metadata, with the content's `sha256`, travels with the create.
        """
        blob = self._blob(bucket, name)
        blob.metadata = {**(metadata or {}), "sha256": _sha256(content)}
        try:
            with _translated(bucket, name):
                _upload(blob, content, content_type)
                return _stored(bucket, blob)
        except (Missing, Transient) as error:
            adopted = self.find(bucket, name)
            if adopted is None:
                raise Transient(f"could not create {bucket}/{name}") from error
            return adopted

    def find(self, bucket: Bucket, name: str) -> StoredObject | None:
        """Look one object up; None when it is not there.  Raises Transient."""
        blob = self._blob(bucket, name)
        try:
            with _translated(bucket, name):
                blob.reload(timeout=each_try(CALL_TIMEOUT_S), retry=while_time_is_left)
        except Missing:
            return None
        return _stored(bucket, blob)

    def read(self, bucket: Bucket, name: str, generation: int | None = None) -> bytes:
        """Fetch a whole object; raises Missing or Transient."""
        with _translated(bucket, name):
            content: bytes = self._blob(bucket, name, generation).download_as_bytes(
                timeout=each_try(TRANSFER_TIMEOUT_S), retry=while_time_is_left
            )
            return content

    @contextmanager
    def open(self, bucket: Bucket, name: str, generation: int) -> Iterator[IO[bytes]]:
        """Open a seekable reader that fetches only the ranges that are read; raises Missing."""
        blob = self._blob(bucket, name, generation)
        with _translated(bucket, name):
            blob.reload(timeout=each_try(CALL_TIMEOUT_S), retry=while_time_is_left)
            with blob.open(
                "rb",
                chunk_size=READER_CHUNK_BYTES,
                timeout=each_try(TRANSFER_TIMEOUT_S),
                retry=while_time_is_left,
            ) as reader:
                yield reader

    def list(self, bucket: Bucket, prefix: str) -> tuple[StoredObject, ...]:
        """List all objects below a prefix, by name; strongly consistent.  Raises Transient."""
        try:
            with _translated(bucket, prefix):
                blobs = self._client.list_blobs(
                    self._buckets[bucket],
                    prefix=prefix,
                    timeout=each_try(CALL_TIMEOUT_S),
                    retry=while_time_is_left,
                )
                return tuple(_stored(bucket, blob) for blob in blobs)
        except Missing as error:
            raise Transient(f"the bucket {bucket} is not there") from error

    def erase(self, bucket: Bucket, name: str) -> None:
        """Take an object away; one that is not there is no fault.  Raises Transient."""
        with suppress(Missing), _translated(bucket, name):
            self._blob(bucket, name).delete(
                timeout=each_try(CALL_TIMEOUT_S), retry=while_time_is_left
            )

    def _blob(self, bucket: Bucket, name: str, generation: int | None = None) -> Blob:
        return self._client.bucket(self._buckets[bucket]).blob(name, generation=generation)


def _connect(project: str, emulator: str) -> Client:
    from google.cloud.storage import Client

    if not emulator:
        return Client(project=project)
    return Client(
        project=project,
        client_options={"api_endpoint": emulator},
        use_auth_w_custom_endpoint=False,
    )


def _upload(blob: Blob, content: bytes | Path, content_type: str) -> None:
    how = {"if_generation_match": 0, "timeout": each_try(TRANSFER_TIMEOUT_S)}
    if isinstance(content, Path):
        blob.upload_from_filename(
            content, content_type=content_type, retry=while_time_is_left, **how
        )
    else:
        blob.upload_from_string(content, content_type=content_type, retry=while_time_is_left, **how)


@contextmanager
def _translated(bucket: str, name: str) -> Iterator[None]:
    """Turn what the client raises into the errors of the port."""
    import requests
    from google.api_core import exceptions as api
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

    try:
        yield
    except api.NotFound as error:
        raise Missing(f"{bucket}/{name} is not there") from error
    except (
        api.GoogleAPICallError, api.RetryError, requests.RequestException, GoogleAuthError,
        DataCorruption, InvalidResponse,
    ) as error:  # fmt: skip
        raise Transient(f"storage failed on {bucket}/{name}") from error


def _sha256(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(bucket: Bucket, blob: Blob) -> StoredObject:
    return StoredObject(
        bucket=bucket,
        name=blob.name,
        generation=blob.generation,
        size=blob.size,
        content_type=blob.content_type or "",
        metadata=blob.metadata or {},
    )
