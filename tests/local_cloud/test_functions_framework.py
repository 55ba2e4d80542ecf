"""A real functions-framework server receives what the local cloud delivers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.topology import Subscription
from shared.messages import Message
from tests.local_cloud.clients import StartCloud, events_of, objects_of
from tests.local_cloud.sink import Sink, free_port, listening

SOURCE = Path(__file__).with_name("telling_function.py")


@contextmanager
def server(port: int, sink: Sink) -> Iterator[None]:
    """Run the functions-framework for a block."""
    command = [
        sys.executable, "-m", "functions_framework", "--source", str(SOURCE), "--target", "tell",
        "--signature-type", "cloudevent", "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    with subprocess.Popen(command, env={**os.environ, "SINK": sink.url, "THREADS": "1"}) as process:
        try:
            yield
        finally:
            process.terminate()


def test_both_kinds_of_events_arrive_in_a_function(start_cloud: StartCloud) -> None:
    """A message and an object, sent before the server is up, arrive once each, as Eventarc's do."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ingest = Subscription("ingest", "topic", "requests", in_flight=1, deadline_s=10)
    finalize = Subscription("finalize", "bucket", "scenes", in_flight=1, deadline_s=10)
    cloud = start_cloud({"ingest": url, "finalize": url}, ingest, finalize)
    events_of(cloud).publish([Message("requests", "id", "{}", {"event_id": "id"})])
    stored = objects_of(cloud).create("scenes", "a/x.json", b"{}", content_type="text/plain")
    with listening() as sink, server(port, sink):
        told = {one.decoded["attributes"]["type"]: one.decoded for one in sink.wait_for(2)}
    message = told["google.cloud.pubsub.topic.v1.messagePublished"]
    finalized = told["google.cloud.storage.object.v1.finalized"]

    assert {"event_id": "id"} == message["data"]["message"]["attributes"]
    assert 1 == message["data"]["deliveryAttempt"]
    assert ("a/x.json", str(stored.generation)) == (
        finalized["data"]["name"], finalized["data"]["generation"],
    )  # fmt: skip
    assert "objects/a/x.json" == finalized["attributes"]["subject"]
