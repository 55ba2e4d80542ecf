"""The bridge beside what every delivery promises."""

from __future__ import annotations

from local.bridge import Bridge
from local.emulators import Absent, Emulators, find
from local.topology import Subscription, Topology
from shared.gcp.pubsub import PubSubEvents
from shared.messages import Message
from tests.contract.sides import PROJECTS
from tests.local_cloud.sink import free_port, listening

TOPOLOGY = Topology((Subscription("ingest", "topic", "requests", in_flight=1, deadline_s=10),))


def test_a_second_bridge_takes_over(emulators: Emulators) -> None:
    """Topics and subscriptions that are there already are used, with what waits in them."""
    project = next(PROJECTS)
    url = f"http://127.0.0.1:{free_port()}/"
    first = Bridge(emulators.pubsub_host, {"ingest": url}, project=project, topology=TOPOLOGY)
    first.start()
    PubSubEvents(project, emulators.pubsub_host).publish([Message("requests", "id", "waits")])
    first.stop()
    with listening() as sink:
        functions = {"ingest": sink.url}
        second = Bridge(emulators.pubsub_host, functions, project=project, topology=TOPOLOGY)
        second.start()
        (posted,) = sink.wait_for(1)
        second.stop()

    assert posted.data == "waits"


def test_absent_emulators_say_what_is_missing(monkeypatch: object) -> None:
    """Without the SDK there is a reason, not an error."""
    monkeypatch.setenv("PATH", "")

    assert isinstance(find(), Absent)
    assert "gcloud" in find().reason
