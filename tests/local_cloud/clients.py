"""The production adapters, pointed at a local cloud."""

from __future__ import annotations

from collections.abc import Callable

from local.cloud.server import LocalCloud
from local.topology import BUCKETS, bucket_name
from shared.gcp.pubsub import PubSubEvents
from shared.gcp.storage import StorageObjects

StartCloud = Callable[..., LocalCloud]


def events_of(cloud: LocalCloud) -> PubSubEvents:
    """Give the way into a cloud's topics."""
    return PubSubEvents("demo", cloud.pubsub_host)


def objects_of(cloud: LocalCloud) -> StorageObjects:
    """Give a cloud's buckets."""
    buckets = {bucket: bucket_name("demo", bucket) for bucket in BUCKETS}
    return StorageObjects("demo", cloud.storage_host, buckets)
