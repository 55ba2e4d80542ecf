"""How many polls of an unchanged request one process of `status` answers in a second.

A real server process, with the threads that it has in production, and keep-alive connections that
each send the tag of the answer they have.  Who asks takes turns, as no caller may ask so often.
"""

from __future__ import annotations

import itertools
import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from local.addresses import HOST
from shared.gcp.dial import connect
from tests.benchmarks.alone import PATIENCE_S, Cloud, cloud_alone
from tests.benchmarks.measurement import Measurement

CONNECTIONS, CALLERS = 8, 400
WARM_UP_S, SECONDS = 2.0, 6.0
LEAST_HZ = 1_000
ROW = """
insert into content_requests (id, correlation_id, student_id, organization_id, status,
  error_stage, error_reason, failed_at, finished_at)
values (%s, 'c-1', 's-1', 'o-1', 'failed', 'ingest', 'grade_level: must be there', now(), now())"""
READS = "select idx_scan from pg_stat_user_indexes where indexrelname = 'content_requests_pkey'"
POLL = (
    "GET /requests/{} HTTP/1.1\r\nHost: status\r\n"
    "Authorization: Development organization_id=o-1&sub={}\r\nIf-None-Match: {}\r\n\r\n"
)


def measure() -> Iterator[Measurement]:
    """Poll one request from several connections, for some seconds."""
    request_id = str(uuid.uuid4())
    with cloud_alone() as cloud, cloud.server("status"):
        _store(cloud, request_id)
        began = time.perf_counter()
        tag = _tag(cloud, request_id)
        yield Measurement("first answer of a process", 1e3 * (time.perf_counter() - began), "ms")
        _polled(cloud, request_id, tag, WARM_UP_S)
        before = _reads(cloud)
        polls, unchanged = _polled(cloud, request_id, tag, SECONDS)
        reads = _reads(cloud) - before
        yield Measurement("unchanged polls", polls / SECONDS, "per s", least=LEAST_HZ)
        yield Measurement("answered with 304", 100 * unchanged / polls, "%", least=100)
        yield Measurement("the row was read", reads / SECONDS, "times per s", most=1.5)


def _store(cloud: Cloud, request_id: str) -> None:
    with closing(connect(cloud.variables["DATABASE_URL"], PATIENCE_S)) as connection:
        connection.cursor().execute(ROW, (request_id,))


def _reads(cloud: Cloud) -> int:
    time.sleep(1.5)  # the server adds up what its sessions did a second ago
    with closing(connect(cloud.variables["DATABASE_URL"], PATIENCE_S)) as connection:
        cursor = connection.cursor()
        cursor.execute(READS)
        return int(cursor.fetchone()[0])


def _tag(cloud: Cloud, request_id: str) -> str:
    with _connected(cloud) as connection:
        answer = _asked(connection, POLL.format(request_id, "first", '"none"').encode())
    head = answer.partition(b"\r\n\r\n")[0].decode()
    return next(line[6:] for line in head.splitlines() if line.startswith("ETag: "))


def _polled(cloud: Cloud, request_id: str, tag: str, seconds: float) -> tuple[int, int]:
    """Poll for so long; gives how many answers came, and how many of them said: unchanged."""
    end = time.monotonic() + seconds

    def polls(first: int) -> tuple[int, int]:
        count = unchanged = 0
        texts = [
            POLL.format(request_id, f"{first}-{n}", tag).encode()
            for n in range(CALLERS // CONNECTIONS)
        ]
        with _connected(cloud) as connection:
            for text in itertools.cycle(texts):
                unchanged += _asked(connection, text).startswith(b"HTTP/1.1 304")
                count += 1
                if time.monotonic() >= end:
                    return count, unchanged
        return count, unchanged

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        counted = list(threads.map(polls, range(CONNECTIONS)))
    return sum(one[0] for one in counted), sum(one[1] for one in counted)


def _connected(cloud: Cloud) -> socket.socket:
    connection = socket.create_connection(
        (HOST, cloud.addresses.function("status")), timeout=PATIENCE_S
    )
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _asked(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    return connection.recv(65_536)
