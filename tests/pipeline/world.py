"""The whole pipeline in one process: real functions behind the real framework, fakes behind them.

Deliveries are binary CloudEvents, as Eventarc sends them.  What a function publishes, and every
object that it creates, is delivered until it is acknowledged; a seed decides order and duplicates.
"""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import functions_framework

from shared import wiring
from shared.library.book import Book
from shared.library.pack import pack
from shared.library.read import read_book
from shared.limits import QUIET_S
from tests.fakes.claims import MemoryClaims
from tests.fakes.library import MemoryLibrary
from tests.fakes.objects import MemoryObjects
from tests.fakes.records import MemoryRecords
from tests.fakes.services import FakeServices
from tests.fakes.upkeep import MemoryUpkeep
from tests.fakes.voice import HummingVoice
from tests.pipeline.brevity import BriefAuthor

ROOT = Path(__file__).parents[2]
STAGES = {"content-requests": "ingest", "script-requested": "script", "scene-requested": "render"}
BUCKETS = {"scenes": "finalize", "oer": "library"}
DEAD = {f"{stage}-dead": "repair" for stage in (*STAGES.values(), *BUCKETS.values())}
TOPICS = STAGES | DEAD
PUBSUB = "google.cloud.pubsub.topic.v1.messagePublished"
STORAGE = "google.cloud.storage.object.v1.finalized"
BACKOFF = timedelta(seconds=10)
QUIET = timedelta(seconds=QUIET_S + 1)
MANY = 5000  # deliveries; a world that needs more never comes to rest


@cache
def function(name):
    """Give a test client of one function."""
    source = ROOT / "functions" / name / "main.py"
    return functions_framework.create_app(name, str(source), "cloudevent").test_client()


@cache
def sampler() -> Book:
    """Read the book that the project ships."""
    with TemporaryDirectory() as folder:
        packed = pack(ROOT / "local" / "sampler", Path(folder))
        with packed.file.open("rb") as archive:
            return read_book(archive, packed.name, 1)


class World:
    """Services, and the deliveries between them."""

    def __init__(self, seed=0, copies=1):
        self.random = random.Random(seed)  # noqa: S311 - a test's order, no secret
        self.copies = copies
        self.waiting = []
        self.seen = 0
        self.at = ""  # the function that works now
        self.outcomes = Counter()
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        library = MemoryLibrary()
        records = MemoryRecords(lambda: self.now)
        library.add(sampler())
        self.services = FakeServices(
            claims=MemoryClaims(lambda: self.now),
            objects=MemoryObjects(self._finalized),
            records=records,
            upkeep=MemoryUpkeep(records, library, lambda: self.now),
            library=library,
            author=BriefAuthor(),
            voice=HummingVoice(),
        )

    def send(self, *messages):
        """Put raw messages on content-requests."""
        for message in messages:
            body = message if isinstance(message, bytes) else json.dumps(message).encode()
            self.post("ingest", *pubsub_event("content-requests", body, str(self.random.random())))

    def tick(self, after=QUIET):
        """Let time pass, until `repair` looks around once."""
        self.now += after
        unique = str(self.random.random())
        self.post("repair", *pubsub_event("repair-tick", b'{"kind":"tick"}', unique))

    def run(self):
        """Deliver until nothing waits any more."""
        for _ in range(MANY):
            self.collect()
            if not self.waiting:
                return
            at = self.random.randrange(len(self.waiting))
            name, headers, body = self.waiting.pop(at)
            if self.deliver(name, headers, body) >= 300:
                self.now += BACKOFF
                self.waiting.append((name, headers, body))
        raise AssertionError("the world never came to rest")

    def deliver(self, name, headers, body):
        """Deliver one event; gives the answer's status."""
        self.at = name
        with wiring.provided(self.services):
            status = function(name).post("/", headers=headers, data=body).status_code
        self.outcomes[name, status] += 1
        return status

    def status(self, request_id):
        """Report on a request."""
        return self.services.records.show(request_id)

    def completions(self):
        """List what was published for the product, without duplicates."""
        done = [m for m in self.services.events.published if m.topic == "content-completed"]
        return {message.id: json.loads(message.data) for message in done}

    def collect(self):
        """Take up what was published since the last time."""
        published = self.services.events.published
        for message in published[self.seen :]:
            if message.topic in TOPICS:
                envelope = pubsub_event(
                    message.topic, message.data.encode(), message.id, message.attributes
                )
                self.post(TOPICS[message.topic], *envelope)
        self.seen = len(published)

    def _finalized(self, stored):
        if stored.bucket in BUCKETS:
            self.post(BUCKETS[stored.bucket], *_object(stored))

    def post(self, name, headers, body):
        """Have an event delivered to a function."""
        self.waiting.extend([(name, headers, body)] * self.copies)


def pubsub_event(topic, data, unique, attributes=None):
    """Write a message as it arrives: headers and body."""
    source = f"//pubsub.googleapis.com/projects/demo/topics/{topic}"
    message = {"data": base64.b64encode(data).decode(), "messageId": unique}
    message["attributes"] = dict(attributes or {})
    return _headers(PUBSUB, source, unique), json.dumps({"message": message})


def _object(stored):
    source = f"//storage.googleapis.com/projects/_/buckets/{stored.bucket}"
    resource = {
        "name": stored.name,
        "bucket": stored.bucket,
        "generation": str(stored.generation),
        "size": str(stored.size),
        "metadata": dict(stored.metadata),
    }
    return _headers(STORAGE, source, f"{stored.name}#{stored.generation}"), json.dumps(resource)


def _headers(kind, source, unique):
    return {
        "ce-id": unique,
        "ce-specversion": "1.0",
        "ce-type": kind,
        "ce-source": source,
        "content-type": "application/json",
    }
