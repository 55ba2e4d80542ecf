"""Cloud Storage's JSON API: the requests that our adapter makes, as answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from local.cloud.exchange import (
    COPY_BYTES,
    Answer,
    Asked,
    NotImplementedHere,
    Route,
    as_json,
    failure,
)
from local.cloud.objects import ObjectStore
from local.cloud.resource import KeptObject, NewObject, resource
from local.cloud.uploads import Uploads

MULTIPART_BYTES = 16 * 1024 * 1024
PAGE = 1000
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
ROUTES = (
    ("GET", re.compile(r"/storage/v1/b/([^/]+)"), "storage.bucket"),
    ("GET", re.compile(r"/storage/v1/b/([^/]+)/o"), "storage.list"),
    ("GET", re.compile(r"/storage/v1/b/([^/]+)/o/([^/]+)"), "storage.get"),
    ("GET", re.compile(r"/download/storage/v1/b/([^/]+)/o/([^/]+)"), "storage.download"),
    ("DELETE", re.compile(r"/storage/v1/b/([^/]+)/o/([^/]+)"), "storage.delete"),
    ("POST", re.compile(r"/upload/storage/v1/b/([^/]+)/o"), "storage.insert"),
    ("PUT", re.compile(r"/upload/storage/v1/b/([^/]+)/o"), "storage.insert"),
)
CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


class Storage:
    """What a storage client may ask."""

    def __init__(self, objects: ObjectStore, uploads: Uploads) -> None:
        self._objects = objects
        self._uploads = uploads
        self._answers: Mapping[str, Callable[[Asked], Answer]] = {
            "storage.bucket": self._bucket,
            "storage.list": self._list,
            "storage.get": self._find,
            "storage.download": self._download,
            "storage.delete": self._delete,
            "storage.begin": self._begin_upload,
            "storage.insert": self._insert,
        }

    def route(self, method: str, path: str, upload_type: str) -> Route:
        """Find what answers a request; raises NotImplementedHere."""
        for verb, pattern, call in ROUTES:
            found = pattern.fullmatch(path)
            if verb == method and found:
                begins = verb == "POST" and upload_type == "resumable"
                name = "storage.begin" if begins else call
                parts = tuple(unquote(part) for part in found.groups())
                return Route(name, parts, self._answers[name])
        raise NotImplementedHere(f"{method} {path}")

    def _bucket(self, asked: Asked) -> Answer:
        asked.only()
        (bucket,) = asked.path
        if not self._objects.bucket_exists(bucket):
            return failure(404, "notFound", f"the bucket {bucket} does not exist")
        return as_json(
            {"kind": "storage#bucket", "id": bucket, "name": bucket, "location": "LOCAL"}
        )

    def _list(self, asked: Asked) -> Answer:
        asked.only("prefix", "pageToken", "maxResults")
        (bucket,) = asked.path
        most = min(int(asked.query.get("maxResults", PAGE)), PAGE)
        after = asked.query.get("pageToken", "")
        found = self._objects.list(bucket, asked.query.get("prefix", ""), after, most + 1)
        page: dict[str, object] = {"kind": "storage#objects"}
        page["items"] = [resource(kept) for kept in found[:most]]
        if len(found) > most:
            page["nextPageToken"] = found[most - 1].name
        return as_json(page)

    def _find(self, asked: Asked) -> Answer:
        asked.only("generation")
        return as_json(resource(self._live(asked)))

    def _download(self, asked: Asked) -> Answer:
        asked.only("generation")
        kept = self._live(asked)
        headers = {
            "content-type": kept.content_type,
            "x-goog-hash": f"crc32c={kept.crc32c},md5={kept.md5}",
            "x-goog-generation": str(kept.generation),
            "x-goog-metageneration": "1",
            "etag": f"{kept.generation}/1",
        }
        path = self._objects.path(kept)
        wanted = asked.headers.get("range")
        if wanted is None:
            return Answer(200, headers, file=path, length=kept.size)
        return _part(kept, path, headers, wanted)

    def _delete(self, asked: Asked) -> Answer:
        asked.only("generation")
        self._objects.remove(self._live(asked))
        return Answer(204, {})

    def _live(self, asked: Asked) -> KeptObject:
        bucket, name = asked.path
        generation = asked.query.get("generation")
        return self._objects.find(bucket, name, None if generation is None else int(generation))

    def _insert(self, asked: Asked) -> Answer:
        if "upload_id" in asked.query:
            return self._continue(asked)
        asked.only("uploadType", "name", "ifGenerationMatch")
        kind = asked.query.get("uploadType")
        if kind != "multipart":
            raise NotImplementedHere(f"the upload type {kind}")
        if asked.body.left > MULTIPART_BYTES:
            return failure(413, "uploadTooLarge", "too large for a multipart upload")
        described, content_type, content = _split(asked)
        with self._uploads.temporary() as path:
            path.write_bytes(content)
            return as_json(resource(self._objects.put(_new(asked, described, content_type), path)))

    def _begin_upload(self, asked: Asked) -> Answer:
        asked.only("uploadType", "name", "ifGenerationMatch")
        described = json.loads(asked.body.read(asked.body.left) or b"{}")
        content_type = asked.headers.get("x-upload-content-type", "")
        upload = self._uploads.begin(_new(asked, described, content_type))
        here = f"http://{asked.headers['host']}/upload/storage/v1/b/{asked.path[0]}/o"
        return Answer(200, {"location": f"{here}?uploadType=resumable&upload_id={upload}"})

    def _continue(self, asked: Asked) -> Answer:
        asked.only("uploadType", "upload_id", "name", "ifGenerationMatch")
        upload = asked.query.get("upload_id", "")
        done = self._uploads.result(upload)
        if done:
            return as_json(resource(done))
        found = CONTENT_RANGE.fullmatch(asked.headers.get("content-range", ""))
        if found is None:
            return failure(400, "badRequest", "no content-range")
        path = self._uploads.path(upload)
        if found[1] and int(found[1]) <= path.stat().st_size:
            _append(path, int(found[1]), asked)
        size = path.stat().st_size
        if found[3] == str(size):
            crc32c = _declared_crc32c(asked.headers.get("x-goog-hash", ""))
            return as_json(resource(self._uploads.finish(upload, crc32c)))
        return Answer(308, {"range": f"bytes=0-{size - 1}"} if size else {})


def _part(kept: KeptObject, path: Path, headers: dict[str, str], wanted: str) -> Answer:
    found = RANGE.fullmatch(wanted)
    if found is None:
        raise NotImplementedHere(f"the range {wanted}")
    start = int(found[1])
    if start >= kept.size:
        return failure(416, "requestedRangeNotSatisfiable", "the range starts past the end")
    end = min(int(found[2] or kept.size), kept.size - 1)
    headers["content-range"] = f"bytes {start}-{end}/{kept.size}"
    return Answer(206, headers, file=path, start=start, length=end - start + 1)


def _new(asked: Asked, described: Mapping[str, Any], content_type: str) -> NewObject:
    must_be = asked.query.get("ifGenerationMatch")
    return NewObject(
        bucket=asked.path[0],
        name=described.get("name") or asked.query["name"],
        content_type=content_type or described.get("contentType", "application/octet-stream"),
        metadata=described.get("metadata") or {},
        must_be_generation=None if must_be is None else int(must_be),
        crc32c=described.get("crc32c", ""),
    )


def _split(asked: Asked) -> tuple[dict[str, Any], str, bytes]:
    """Read a multipart body: the object's description, its content type, its content."""
    boundary = b"--" + str(asked.headers.get_param("boundary")).encode()
    body = asked.body.read(asked.body.left)
    _, described, rest = body.split(boundary, 2)
    content = rest[: rest.rindex(b"\r\n" + boundary)]
    head, _, content = content.partition(b"\r\n\r\n")
    content_type = head.partition(b":")[2].strip().decode()
    return json.loads(described.partition(b"\r\n\r\n")[2]), content_type, content


def _append(path: Path, start: int, asked: Asked) -> None:
    with path.open("r+b") as file:
        file.truncate(start)
        file.seek(start)
        while chunk := asked.body.read(COPY_BYTES):
            file.write(chunk)


def _declared_crc32c(header: str) -> str:
    return next(
        (part[7:] for part in header.replace(" ", "").split(",") if part.startswith("crc32c=")), ""
    )
