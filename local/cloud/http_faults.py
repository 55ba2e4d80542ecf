"""Faults on storage's port: requests that are refused, cut off, or done without an answer."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from typing import NoReturn

from local.cloud.exchange import Answer, Asked, Route, failure
from local.cloud.fault_rules import Fault
from local.cloud.faults import Faults
from local.cloud.uploads import Uploads

PREVIEW_BYTES = 16 * 1024  # an object's description lies before its content
REFUSALS = {
    "unavailable": failure(503, "backendError", "a fault was asked for"),
    "429": failure(429, "rateLimitExceeded", "a fault was asked for"),
}


class HttpFaults:
    """Stands before every request."""

    def __init__(self, faults: Faults, uploads: Uploads) -> None:
        self._faults = faults
        self._uploads = uploads

    def answered(self, route: Route, asked: Asked, connection: socket.socket) -> Answer:
        """Answer a request, unless a fault befalls it; raises ConnectionResetError then."""
        strike = self._faults.strike(route.call, lambda: self._names(route, asked))
        if strike is None:
            return route.answer(asked)
        fault = strike.fault
        if fault.action in REFUSALS:
            return REFUSALS[fault.action]
        if fault.action == "reset":
            raise _reset(connection)
        if fault.action == "truncate":
            asked.body.left = min(asked.body.left, fault.bytes)
        try:
            route.answer(asked)
        finally:  # also a refusal gets lost
            _lose(fault, asked, connection)

    def _names(self, route: Route, asked: Asked) -> Iterator[str]:
        bucket, *rest = asked.path
        if route.call == "storage.bucket":
            yield bucket
            return
        name = rest[0] if rest else self._name(route, asked)
        yield from (name, f"{bucket}/{name}")

    def _name(self, route: Route, asked: Asked) -> str:
        if route.call == "storage.list":
            return asked.query.get("prefix", "")
        if "upload_id" in asked.query:
            return self._uploads.name(asked.query["upload_id"])
        return asked.query.get("name") or _described_name(asked.body.preview(PREVIEW_BYTES))


def _described_name(begin: bytes) -> str:
    """Find the name in the JSON that an upload begins with; empty when there is none."""
    text = begin[max(begin.find(b"{"), 0) :].decode("utf-8", "replace")
    try:
        described, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return ""
    return str(described.get("name", ""))


def _lose(fault: Fault, asked: Asked, connection: socket.socket) -> NoReturn:
    if fault.action == "hang":
        asked.body.skip()
        connection.settimeout(fault.seconds)
        connection.recv(1, socket.MSG_PEEK)  # until the client has had enough, or we stop
    raise _reset(connection)


def _reset(connection: socket.socket) -> ConnectionResetError:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return ConnectionResetError("a fault was asked for")
