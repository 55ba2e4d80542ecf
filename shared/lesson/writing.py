"""Write a lesson: passages -> plan -> scenes to render, or the finished text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from shared.abandoned import mark_abandoned
from shared.answers import ENDS, answer_all
from shared.config import safety_region
from shared.errors import Missing, Permanent, PipelineError, Refused, Superseded
from shared.events import Outgoing, SceneRequested, ScriptRequested
from shared.hold import adopted, checkpoint, produced, signature
from shared.lesson import codec
from shared.lesson.checks import check
from shared.lesson.plan import Plan
from shared.lesson.stored_plan import read_stored
from shared.lesson.text import article
from shared.library.retrieval import find, nothing_near
from shared.log import log
from shared.ports import Services, StoredObject
from shared.question.language import refuse_untaught
from shared.rows import Lesson, LessonStatus
from shared.safety.material import without_orders
from shared.safety.refusal import refuse_unsafe, refuse_unsafe_plan
from shared.voices.granting import with_speaker

STAGE = "script"


def write_lesson(asked: ScriptRequested, services: Services) -> Sequence[Outgoing]:
    """Write the plan, or adopt the one that an earlier run stored; then ask for its scenes.

    A lesson that has ended costs nothing more: whoever waits for it is answered, once more.
    Raises Refused when the library does not cover the question or it is not fit for minors,
    Permanent when the plan breaks a rule, Superseded when nobody waits for it any more.
    """
    lesson = _wanted(asked.lesson_id, services)
    if lesson.status in ENDS:
        return _answered(lesson, services)
    stored = services.objects.find("generated", _name(lesson, "plan.json"))
    if stored is None:
        stored = _store(lesson, "plan.json", codec.encode(_plan(lesson, services)), services)
    adopted(stored)
    produced(stored)
    # What is stored decides from here on: two runs that raced both go on with the winner's plan.
    plan = read_stored(services.objects, stored)
    text = _store(lesson, "lesson.md", article(plan).encode(), services)
    services.records.scripted(lesson.lesson_id, stored, [scene.type for scene in plan.scenes])
    if lesson.brief.modalities == ("text",):
        files = {"plan": stored.name, "text": text.name}
        services.records.completed(lesson.lesson_id, files)
        return answer_all(services.records, lesson.lesson_id, STAGE)
    lesson = _wanted(lesson.lesson_id, services)  # it may have ended meanwhile
    if lesson.status in ENDS:
        return _answered(lesson, services)
    return [
        SceneRequested(lesson.lesson_id, scene.n, stored.generation, asked.correlation_id)
        for scene in plan.scenes
    ]


def end_lesson(
    asked: ScriptRequested, services: Services, fault: PipelineError
) -> Sequence[Outgoing]:
    """Answer everybody who waits for a lesson that will not be: refused, or failed."""
    status: LessonStatus = "refused" if isinstance(fault, Refused) else "failed"
    services.records.ended(asked.lesson_id, status, str(fault), STAGE)
    mark_abandoned(services.objects, asked.lesson_id)  # its scenes may have been asked for
    return answer_all(services.records, asked.lesson_id, STAGE)


def _wanted(lesson_id: str, services: Services) -> Lesson:
    lesson = services.records.lesson(lesson_id)
    if lesson is None:
        raise Missing("no lesson of this id")
    if lesson.status == "abandoned":
        raise Superseded("nobody waits for this lesson any more")
    return lesson


def _answered(lesson: Lesson, services: Services) -> Sequence[Outgoing]:
    """Say once more how a lesson ended: whoever ended it may have died before it could."""
    stored = services.objects.find("generated", _name(lesson, "plan.json"))
    if stored is not None:
        adopted(stored)
        produced(stored)
    if lesson.status != "completed":
        mark_abandoned(services.objects, lesson.lesson_id)
    return answer_all(services.records, lesson.lesson_id, STAGE)


def _plan(lesson: Lesson, services: Services) -> Plan:
    region = safety_region()
    refuse_unsafe(lesson.brief, region)  # before anything is looked up or paid for
    refuse_untaught(lesson.brief.question)
    embedder = services.embedder
    nearest = partial(embedder.nearest, lesson_id=lesson.lesson_id) if embedder else nothing_near
    material = without_orders(find(lesson.brief.question, services.library, nearest))
    log.info("Found the topic", extra={"section": material.section.module})
    checkpoint()
    plan = services.author.write(lesson.lesson_id, lesson.brief, material)
    refuse_unsafe_plan(plan, region)
    plan = replace(plan, shape=services.film_shape)
    findings = check(plan, material)
    faults = [finding for finding in findings if finding.severity == "error"]
    if faults:
        named = "; ".join(f"{fault.id} in scene {fault.scene}" for fault in faults[:5])
        raise Permanent(f"the plan breaks {len(faults)} rules: {named}")
    plan = with_speaker(plan, services)
    log.info("Wrote a plan", extra={"scenes": len(plan.scenes), "author": plan.author})
    return plan


def _store(lesson: Lesson, name: str, content: bytes, services: Services) -> StoredObject:
    kind = "application/json" if name.endswith(".json") else "text/markdown; charset=utf-8"
    return services.objects.create(
        "generated", _name(lesson, name), content, content_type=kind, metadata=signature()
    )


def _name(lesson: Lesson, name: str) -> str:
    return f"lessons/{lesson.lesson_id}/{name}"
