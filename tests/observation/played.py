"""Lessons of every end, played once through the whole pipeline, and all that was logged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache

from shared.errors import Permanent
from shared.lesson.gemini.faults import NotNow
from shared.messages import Message
from tests.fakes.claims import MemoryClaims
from tests.fakes.vertex_server import FakeVertex
from tests.gemini.desk import Desk
from tests.observation.lines import written
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World, pubsub_event
from tests.repair.alone import FORWARDED

# Words that no line may hold: a question, an interest, whose they are, and what nobody can read.
CANARIES = ("Quizzlethorp", "Brambleknot", "s-Vexwallow", "o-Humperdinck", "Gnashfeather")
QUESTION = "Why does a moving object keep moving, Quizzlethorp?"
UNCOVERED = "Who is Quizzlethorp the juggler of Brambleknot?"


def asked(question=QUESTION, modalities=("text",), **others):
    """Write a request whose every word of a student's is a canary."""
    whose = {"student_id": "s-Vexwallow", "organization_id": "o-Humperdinck"}
    return request(question, modalities, **{"interest": "Brambleknot", **whose, **others})


class Ends:
    """An author that ends as told, quoting what it stumbles over."""

    name = "ends"

    def __init__(self, fault):
        self._fault = fault

    def write(self, lesson_id, brief, material):
        raise self._fault(brief.question)


class OutOfRules(Permanent):
    """A named fault, whose words are ours."""

    def __init__(self, _):
        super().__init__("the plan breaks a rule")


class Refuses429:
    """A model that is asked too often."""

    def ask(self, name, location, prompt, timeout_s):
        raise NotNow("429 RESOURCE_EXHAUSTED", billed=False)


@cache
def lines():
    """Play everything, and give every line that was logged, in order."""
    with written() as read, FakeVertex() as server:
        for play in PLAYS:
            play()
        paid(server)
        return tuple(read())


def played(*messages, **services):
    """Send requests into a world of their own until it rests."""
    world = World()
    world.services = world.services.but(**services)
    world.send(*messages)
    world.run()
    return world


def ends():
    """Each end that a request may have; the second asks for the first one's lesson."""
    world = played(asked(), asked(), asked(modalities=("audio",)), asked(UNCOVERED))
    world.copies = 2
    world.send(asked("What is inertia, Quizzlethorp?"))
    world.run()
    world.tick()
    world.post("repair", *pubsub_event("repair-tick", b'{"kind":"canary"}', "tick-1"))
    world.run()


def faults():
    """What fails for good, what is parked, and what nobody can read."""
    for fault in (OutOfRules, ValueError):
        world = played(asked(), author=Ends(fault))
        world.tick()
        world.run()
    played(b"{Gnashfeather", asked(grade_level=13), asked(filler="Gnashfeather" * 9000))


def asked_back():
    """One student answers after five hours, in words of their own; another one never does."""
    world = World()
    unclear = [asked("help with homework") for _ in range(2)]
    world.send(*unclear)
    world.run()
    world.now += timedelta(hours=5)
    said = {"request_id": unclear[0]["request_id"], "student_id": "s-Vexwallow"}
    world.send({**said, "answers": {"topic-1": "Why is the sky blue, Gnashfeather?"}})
    world.run()
    world.tick(after=timedelta(days=2))
    world.run()
    return world


def lost():
    """An event is lost, and nothing finds it for a day."""
    world = World()
    world.send(asked())
    world.deliver(*world.waiting.pop())
    world.seen = len(world.services.events.published)
    world.tick(after=timedelta(hours=25))
    world.run()


def given_up():
    """Pub/Sub moves a message to a dead topic after twenty deliveries."""
    world = World()
    body = json.dumps(asked())
    world.services.events.publish([Message("ingest-dead", "dead-1", body, FORWARDED)])
    world.services.events.publish([Message("script-dead", "dead-2", "Gnashfeather", FORWARDED)])
    world.run()


class Leased(MemoryClaims):
    """Claims of which the first is held by somebody else for a while."""

    def __init__(self, now):
        super().__init__(now)
        self._first = True

    def create(self, claim):
        if self._first:
            self._first = False
            super().create(replace(claim, owner="somebody else"))
        return super().create(claim)


def busy():
    """A second delivery comes while the first one's work goes on."""
    world = World()
    world.services = world.services.but(claims=Leased(lambda: world.now))
    world.send(asked())
    world.run()


def paid(server):
    """A model writes a lesson, and another one is asked too often."""
    for model in (None, Refuses429()):
        desk = Desk(server, model, GEMINI_WHEN_BUSY="extractive")
        desk.send(asked())
        desk.run()


PLAYS = (ends, faults, asked_back, lost, given_up, busy)
