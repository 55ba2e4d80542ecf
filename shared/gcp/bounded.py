"""An HTTP transport whose answers end in time: a limit per read lets a slow drip go on for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx


class Bounded(httpx.HTTPTransport):
    """Takes the read timeout of a request as the limit of its whole answer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.ReadTimeout while the answer is read."""
        most_s = request.extensions["timeout"]["read"]
        end = time.monotonic() + most_s
        answer = super().handle_request(request)
        assert isinstance(answer.stream, httpx.SyncByteStream)  # noqa: S101 - the sync transport
        stream = _Until(answer.stream, end)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=stream, extensions=answer.extensions
        )


class _Until(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if time.monotonic() > self._end:
                raise httpx.ReadTimeout("the answer took too long")
            yield part

    def close(self) -> None:
        self._stream.close()
