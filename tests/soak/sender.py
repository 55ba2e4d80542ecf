"""Send what was planned, as a product would: until each publish is confirmed."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from shared import identity
from shared.errors import PipelineError
from shared.lesson import codec
from shared.lesson.plan import Plan
from shared.messages import Arrived, Message
from shared.ports import Events, Objects
from shared.request import ContentRequested
from shared.versions import VERSIONS
from tests.film.plans import brief_lesson, say, text
from tests.soak.history import History, Sent, now_s
from tests.soak.load import Wish

AGAIN_S = 0.5


def send(wishes: Sequence[Wish], events: Events, history: History, stop: threading.Event) -> None:
    """Send each message at its time; what `stop` cuts off is not sent."""
    began = time.monotonic()
    for wish in wishes:
        if stop.wait(max(0.0, began + wish.at_s - time.monotonic())):
            return
        message = Message(ContentRequested.topic, wish.request_id or wish.mark, wish.data)
        while not _published(message, events):
            if stop.wait(AGAIN_S):
                return
        told = (wish.request_id, wish.role, wish.modality, wish.end, wish.mark)
        history.add(Sent(now_s(), *told))


def store_short_plans(wishes: Sequence[Wish], objects: Objects, corpus: str) -> None:
    """Leave a plan of a few words for each lesson that speaks or films.

    As if an earlier run of `script` had stored it; the function goes on from there.
    """
    for wish in wishes:
        if wish.role == "first" and wish.modality != "text":
            request = ContentRequested.decode(Arrived("", "", wish.data.encode(), {})).request
            lesson_id = identity.lesson_id(request.brief, VERSIONS, corpus)
            plan = replace(_shortest(), lesson_id=lesson_id, brief=request.brief)
            objects.create(
                "generated", f"lessons/{lesson_id}/plan.json", codec.encode(plan),
                content_type="application/json",
            )  # fmt: skip


def _published(message: Message, events: Events) -> bool:
    try:
        events.publish([message])
    except PipelineError:
        return False
    return True


def _shortest() -> Plan:
    """Write seven scenes of three words, of which one asks and has the answer."""
    plan = brief_lesson(("video",))
    asked = say("Does it move?", (1, "reveal", "a"), kind="question")
    question, answer = (
        text("a", "question", "Does it move?"),
        text("b", "option_1", "Yes", "option"),
    )
    shown = (question, replace(answer, correct=True))
    scenes = [
        replace(scene, say=(asked,), show=shown) if scene.type == "check" else scene
        for scene in plan.scenes
    ]
    return replace(plan, scenes=tuple(scenes))
