"""`repair` alone: what it emits stays where it is, and a test says what it finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

from shared import trace
from shared.claim import Claim, State
from shared.errors import Permanent, Transient
from shared.events import SCENE_NUDGE, SceneRequested, ScriptRequested, digest
from shared.faults import told
from shared.messages import Message
from tests.pipeline.world import World
from tests.records.given import LESSON, PLAN, SCENES, VIDEO, asked, files

STATES = get_args(State)
NO_COLOUR = Permanent("no such colour")
FORWARDED = {
    "CloudPubSubDeadLetterSourceDeliveryCount": "20",
    "CloudPubSubDeadLetterSourceSubscription": "a-subscription",
    "CloudPubSubDeadLetterSourceSubscriptionProject": "demo",
    "CloudPubSubDeadLetterSourceTopicPublishTime": "2030-01-01T00:00:00Z",
}


class Ledger:
    """The port Records, which also keeps the dead letters that it was given."""

    def __init__(self, records):
        self._records = records
        self.given = []

    def __getattr__(self, name):
        return getattr(self._records, name)

    def dead_letter(self, letter):
        """Keep a letter."""
        self._records.dead_letter(letter)
        self.given.append(letter)


class Down:
    """A port that does not answer."""

    def __getattr__(self, name):
        def fails(*_, **__):
            raise Transient("it does not answer")

        return fails


class Alone(World):
    """A world in which nobody but `repair` gets what is delivered."""

    def __init__(self):
        super().__init__()
        self.services = self.services.but(records=Ledger(self.services.records))

    def sweep(self, *words):
        """Tick once, and give what was published, without the sweep's own trace."""
        before = len(self.services.events.published)
        self.tick(*words)
        self.run()
        return tuple(map(untraced, self.services.events.published[before:]))

    def bury(self, stage, message, **attributes):
        """Have Pub/Sub give a message up; gives the row that was made."""
        data = message.data if isinstance(message, Message) else message
        known = message.attributes if isinstance(message, Message) else {}
        dead = Message(f"{stage}-dead", f"dead-{stage}", data, {**known, **attributes})
        self.services.events.publish([dead])
        self.run()
        return self.services.records.given[-1]

    def asked(self):
        """Give the messages that ask for work again, in order."""
        sent = self.services.events.published
        return [untraced(one) for one in sent if not one.topic.endswith("-dead")]

    def names(self, bucket, prefix=""):
        """Name the objects of a bucket."""
        return [stored.name for stored in self.services.objects.list(bucket, prefix)]

    def nudges(self):
        """Name the lessons that `finalize` was nudged for."""
        return [SCENE_NUDGE.fullmatch(name)[1] for name in self.names("scenes", "nudges/")]

    def requested(self):
        """Begin a lesson."""
        request = asked()
        self.services.records.accept(request, LESSON)
        return request

    def scripted(self, *there):
        """Bring a lesson to its plan, and some of its scenes to their end."""
        request = self.requested()
        self.services.records.scripted(LESSON, PLAN, SCENES)
        for n, name in there:
            self.store("scenes", f"lessons/{LESSON}/scenes/{n:02d}/{name}.json")
        return request

    def completed(self):
        """Bring a lesson to its end, but not its request."""
        request = self.scripted()
        self.services.records.completed(LESSON, files(VIDEO))
        return request

    def store(self, bucket, name):
        """Store an object."""
        return self.services.objects.create(bucket, name, b"{}", content_type="application/json")

    def claimed(self, event, state="in_progress", emitted=(), lease_s=90.0, error=NO_COLOUR):
        """Claim what an event asks for, as a run that came so far."""
        claim = Claim(
            key=event.key,
            stage=event.stage,
            lesson_id=event.lesson_id,
            payload_hash=digest(event.business()),
            owner="somebody",
            lease_s=lease_s,
            began=datetime.now(UTC),
            state=state,
            emitted=tuple(emitted),
            last_error=told(error, "m1"),
        )
        return self.services.claims.create(claim)

    def post(self, name, headers, body):
        """Have an event delivered to `repair`."""
        if name == "repair":
            super().post(name, headers, body)


def script_requested():
    """Ask for the lesson's script, as the request that began it."""
    return ScriptRequested(LESSON, "trace-1")


def scene_requested(n):
    """Ask for one scene of the lesson's plan."""
    return SceneRequested(LESSON, n, PLAN.generation, "trace-1")


def untraced(message):
    """Give a message as it would be in no trace."""
    attributes = {name: text for name, text in message.attributes.items() if name != trace.NAME}
    return replace(message, attributes=attributes)
