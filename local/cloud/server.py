"""The local cloud as one thing that starts and stops."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import grpc

from local.cloud.arrows import topic_path
from local.cloud.attempts import Attempts
from local.cloud.calls import serve
from local.cloud.control_port import ControlPort
from local.cloud.deliver import Deliverer
from local.cloud.documents import Documents
from local.cloud.faults import Faults
from local.cloud.http_faults import HttpFaults
from local.cloud.http_port import HttpPort
from local.cloud.objects import ObjectStore
from local.cloud.post import Post
from local.cloud.storage import Storage
from local.cloud.store import Store
from local.cloud.ticker import Ticker
from local.cloud.topics import Topics
from local.cloud.uploads import Uploads
from local.topology import BUCKETS, PIPELINE, TICK, TICK_S, TICK_TOPIC, Topology, bucket_name

# A laptop's backoff is 0.5 to 30 s instead of 10 to 600: the next try after a killed run's lease of
# 90 s comes at 91.5 s.
TIME_SCALE = 0.05


class LocalCloud:
    """Firestore and Pub/Sub on one gRPC port, storage on an HTTP port, delivery to functions.

    State lies in `folder` and is taken up again by the next start.  `functions` maps a function's
    name to the URL that its events are posted to; one that is not named gets nothing, and its
    events wait.  Port 0 takes a free one.  `tick_every_s` None leaves the ticks to somebody else.
    """

    def __init__(  # noqa: PLR0913  # what differs between a laptop's stack and a test's
        self,
        folder: Path,
        functions: Mapping[str, str],
        *,
        project: str = "demo",
        host: str = "127.0.0.1",
        grpc_port: int = 0,
        storage_port: int = 0,
        control_port: int = 0,
        topology: Topology = PIPELINE,
        time_scale: float = TIME_SCALE,
        tick_every_s: float | None = TICK_S,
    ) -> None:
        self._folder = folder
        self._host = host
        self._grpc_port = grpc_port
        self._storage_port = storage_port
        self._control_port = control_port
        self._topology = topology
        self._project = project
        self._time_scale = time_scale
        self._tick_every_s = tick_every_s
        self.faults = Faults(topology.functions)
        self._deliverers = {
            name: Deliverer(topology.in_flight(name), functions[name], project, self.faults)
            for name in topology.functions
            if name in functions
        }
        self._open = ExitStack()
        self.firestore_host = ""  # "127.0.0.1:PORT", known once started
        self.pubsub_host = ""
        self.storage_host = ""  # "http://127.0.0.1:PORT"
        self.control_host = ""

    def start(self) -> None:
        """Open both ports, then take up the deliveries; raises OSError when a port is taken."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the ports and end all threads; what was not done is taken up by the next start."""
        self._open.close()

    def _start(self) -> None:
        store = Store(self._folder)
        self._open.callback(store.close)
        post = Post(store, self._topology, self._project, self._wake)
        attempts = Attempts(store, post, self._time_scale, self._wake)
        topics, objects = Topics(store, post), ObjectStore(store, post)
        uploads = Uploads(store, objects)
        for topic in self._topology.topics:
            topics.ensure(topic_path(self._project, topic))
        for bucket in BUCKETS:
            objects.ensure_bucket(bucket_name(self._project, bucket))
        objects.sweep()
        uploads.sweep()
        self._listen(
            Documents(store).calls() | topics.calls(),
            Storage(objects, uploads),
            HttpFaults(self.faults, uploads),
        )
        post.resume()
        for deliverer in self._deliverers.values():
            self._open.callback(deliverer.stop)
            deliverer.start(attempts)
        if self._tick_every_s is not None and TICK_TOPIC in self._topology.topics:
            ticker = Ticker(lambda: post.remind(TICK_TOPIC, TICK), self._tick_every_s)
            ticker.start()
            self._open.callback(ticker.stop)

    def _listen(
        self, calls: Mapping[str, grpc.RpcMethodHandler], storage: Storage, faults: HttpFaults
    ) -> None:
        http = HttpPort(storage, faults, self._host, self._storage_port)
        self._open.callback(http.stop)
        http.start()
        server, grpc_port = serve(calls, self._host, self._grpc_port, self.faults)
        self._open.callback(lambda: server.stop(grace=0.5).wait())
        self.firestore_host = self.pubsub_host = f"{self._host}:{grpc_port}"
        self.storage_host = f"http://{self._host}:{http.server_port}"
        control = ControlPort(self.faults, self._host, self._control_port)
        self._open.callback(control.stop)
        control.start()
        self.control_host = f"http://{self._host}:{control.server_port}"

    def _wake(self, function: str, delivery: int, due_s: float) -> None:
        if function in self._deliverers:
            self._deliverers[function].line.put(delivery, due_s)
