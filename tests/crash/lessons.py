"""Short lessons to crash: real in every part, as short as a plan may be.

That is seven scenes of a few words.  Of all but one of them an earlier run left sound and pictures,
so that a crashed lesson speaks and draws one scene.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from local.failpoints import Action, Strike
from shared import identity
from shared.events import SceneRequested, ScriptRequested
from shared.film.audio import write_flac
from shared.film.clock import RATE_HZ
from shared.lesson import codec
from shared.lesson.plan import Plan
from shared.messages import Arrived, Message
from shared.ports import Objects
from shared.question.message import Answered
from shared.request import ContentRequested
from shared.versions import VERSIONS
from tests.crash.stand import Stand
from tests.film.plans import brief_lesson, say, text

SPOKEN = ("audio", "video", "failed")  # the stories that have scenes
LATER = ("attached", "replayed")  # those that begin when a lesson has ended
SCENE = 1  # whose rendering is crashed; the others are there to be waited for
UNCLEAR = "help with homework"  # whose student is asked back, and answers with the question
QUESTION, OFF_BOOK = "How does sound travel?", "Who won the cup in 1998?"
MODALITY = {"audio": "audio", "video": "video", "failed": "audio"}
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Asked:
    """One request for a lesson of its own."""

    story: str
    request_id: str
    lesson_id: str
    message: Message
    answer: str = ""  # the claim key of the answer, where that is what is crashed

    def key(self, stage: str) -> str:
        """Name the work of one stage."""
        if stage == "ingest" and self.answer:
            return self.answer
        unit = {"ingest": self.request_id, "render": f"{self.lesson_id}/{SCENE:02d}"}
        return f"{stage}/{unit.get(stage, self.lesson_id)}"

    @property
    def home(self) -> str:
        """Where its files lie, in both buckets."""
        return f"lessons/{self.lesson_id}/"


def prepare(stand: Stand, story: str) -> Asked:
    """Make up a request that no other equals."""
    request_id = str(uuid.uuid4())
    body = {
        "request_id": request_id,
        "correlation_id": request_id,
        "student_id": "s",
        "student_query": OFF_BOOK if story == "refused" else QUESTION,
        "grade_level": 10,
        "interest": f"hobby {next(NUMBERS)}",
        "requested_modalities": [MODALITY.get(story, "text")],
    }
    message = Message(ContentRequested.topic, request_id, json.dumps(body))
    request = ContentRequested.decode(Arrived("", "", message.data.encode(), {})).request
    corpus = stand.connected.books.corpus()
    lesson_id = identity.lesson_id(request.brief, VERSIONS, corpus)
    plans = dict.fromkeys(SPOKEN, _shortest) | {"parked": lambda: brief_lesson(("text",))}
    if story in plans:
        # As if an earlier run of `script` had written it: the function goes on from there.
        plan = replace(plans[story](), lesson_id=lesson_id, brief=request.brief)
        stand.connected.objects.create(
            "generated", f"lessons/{lesson_id}/plan.json", codec.encode(plan),
            content_type="application/json",
        )  # fmt: skip
    return Asked(story, request_id, lesson_id, message)


def answering(stand: Stand, story: str) -> tuple[Asked, Asked]:
    """Make up a request that is asked back, and the answer to it."""
    clear = prepare(stand, story)
    body = json.loads(clear.message.data)
    unclear = json.dumps({**body, "student_query": UNCLEAR})
    answer = json.dumps({**body, "answers": {"topic-1": QUESTION}})
    key = Answered(clear.request_id, body["student_id"], "topic-1", QUESTION).key
    topic, request_id = ContentRequested.topic, clear.request_id
    return (
        replace(clear, message=Message(topic, request_id, unclear)),
        replace(clear, message=Message(topic, f"{request_id}/1", answer), answer=key),
    )


def later(first: Asked, story: str) -> Asked:
    """Go on where a lesson has ended: somebody asks for it as well, or its script's event again."""
    if story == "replayed":
        event = ScriptRequested(first.lesson_id, first.request_id)
        return replace(first, story=story, message=event.message())
    request_id = str(uuid.uuid4())
    body = {**json.loads(first.message.data), "request_id": request_id}
    message = Message(ContentRequested.topic, request_id, json.dumps(body))
    return Asked(story, request_id, first.lesson_id, message)


def lead_in(asked: Asked) -> list[Strike]:
    """Say what must happen to a lesson so that its story begins."""
    starts: dict[str, tuple[str, Action]] = {
        "taken over": ("script/claims.create#1", "kill-after"),
        "tried again": ("script/records.lesson#1", "answer-lost"),
    }
    if asked.story not in starts:
        return []
    return [Strike(asked.key("script"), *starts[asked.story])]


def _shortest() -> Plan:
    """Write seven scenes of three words, of which one asks and has the answer."""
    plan = brief_lesson(("video",))
    asked = say("Does it move?", (1, "reveal", "a"), kind="question")
    shown = (text("a", "question", "Does it move?"), text("b", "option_1", "Yes", "option"))
    shown = (shown[0], replace(shown[1], correct=True))
    scenes = [
        replace(scene, say=(asked,), show=shown) if scene.type == "check" else scene
        for scene in plan.scenes
    ]
    return replace(plan, scenes=tuple(scenes))


@dataclass(frozen=True)
class Reel:
    """What an earlier run of `render` left of each scene but the crashed one."""

    files: tuple[tuple[str, str, bytes], ...]

    @classmethod
    def of(cls, objects: Objects, made: Asked) -> Reel:
        """Take it from a lesson that is finished."""
        return cls(tuple(cls._files(objects, made)))

    @staticmethod
    def _files(objects: Objects, made: Asked) -> Iterator[tuple[str, str, bytes]]:
        for stored in objects.list("scenes", f"{made.home}scenes/"):
            name = stored.name.removeprefix(made.home)
            if not name.endswith(".json") and not name.startswith(f"scenes/{SCENE:02d}/"):
                yield name, stored.content_type, objects.read("scenes", stored.name)

    def lay_out(self, objects: Objects, asked: Asked) -> None:
        """Let another lesson go on from these files; one that fails has a broken scene."""
        for name, kind, content in self.files:
            if asked.story == "video" or not name.endswith(".mp4"):
                objects.create("scenes", asked.home + name, content, content_type=kind)
        if asked.story == "failed":
            untold = write_flac(np.zeros(RATE_HZ, np.float32), {})
            name = f"{asked.home}scenes/{SCENE:02d}/narration.flac"
            objects.create("scenes", name, untold, content_type="audio/flac")


def again(stand: Stand, asked: Asked, stage: str) -> None:
    """Deliver once more what a stage works on."""
    objects, events = stand.connected.objects, stand.connected.events
    if stage == "ingest":
        events.publish([asked.message])
    elif stage == "script":
        events.publish([ScriptRequested(asked.lesson_id, asked.request_id).message()])
    elif stage == "render":
        plan = objects.find("generated", f"{asked.home}plan.json")
        wanted = SceneRequested(asked.lesson_id, SCENE, plan.generation, asked.request_id)
        events.publish([wanted.message()])
    else:
        name = f"nudges/{asked.lesson_id}/{uuid.uuid4().hex}.json"
        objects.create("scenes", name, b"{}", content_type="application/json")
