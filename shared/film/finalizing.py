"""Finish a lesson once all its scenes are there: join, level, caption, check, store, answer."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared import trace
from shared.abandoned import mark_abandoned
from shared.answers import answer_all
from shared.errors import Missing, PipelineError, Superseded
from shared.events import Outgoing, SceneStored
from shared.film import scene_files
from shared.film.assembling import Assembly, assemble
from shared.film.runs import note_runs
from shared.film.scene_files import Ended, SceneFile, ended_scenes
from shared.hold import adopted, produced, signature, still_ours
from shared.lesson.plan import Plan
from shared.lesson.stored_plan import read_plan
from shared.log import log
from shared.ports import Objects, Records, Services
from shared.rows import Lesson

STAGE = "finalize"


def every_scene_is_there(stored: SceneStored, services: Services) -> bool:
    """Note what is rendered, and tell whether the lesson's set of scenes is complete."""
    lesson = services.records.lesson(stored.lesson_id)
    if lesson is None or not lesson.plan_object:
        return False
    ended = ended_scenes(services.objects, stored.lesson_id)
    _note(stored.lesson_id, ended, services.records)
    plan = read_plan(services.objects, stored.lesson_id, lesson.plan_generation)
    # A superset: what somebody else put beside the plan's own scenes changes nothing.
    return ended.keys() >= {scene.n for scene in plan.scenes}


def finish_lesson(stored: SceneStored, services: Services) -> Sequence[Outgoing]:
    """Complete the lesson, or fail it with the reason of its failed scene; answer every request.

    Raises Permanent when what came out does not pass the checks: then nothing is completed.
    """
    lesson = services.records.lesson(stored.lesson_id)
    if lesson is None:
        raise Missing("no lesson of this id")
    if lesson.status == "abandoned":
        note_runs(stored.lesson_id, services)
        raise Superseded("nobody waits for this lesson any more")
    if lesson.status == "failed":
        return _failed(stored.lesson_id, lesson.reason, services)
    files = lesson.files
    if lesson.status == "scripted":
        plan = read_plan(services.objects, stored.lesson_id, lesson.plan_generation)
        ended = ended_scenes(services.objects, stored.lesson_id)
        broken = [ended[scene.n] for scene in plan.scenes if ended[scene.n].failed]
        if broken:
            return _failed(stored.lesson_id, _why(services.objects, broken), services)
        scenes = _scenes(plan, ended, services.objects)
        files = _finished(plan, scenes, lesson, services.objects)
        facts = {"files": len(files), "scenes": len(scenes), "links": _links(ended)}
        log.info("Finished a lesson", extra=facts)
        if plan.speaker is not None:
            _settle(stored.lesson_id, scenes, services)
        services.records.completed(stored.lesson_id, files)
    _name_result(files, services.objects)
    return _told(stored.lesson_id, services)


def fail_lesson(
    stored: SceneStored, services: Services, fault: PipelineError
) -> Sequence[Outgoing]:
    """End a lesson that can never be finished, and tell everybody who waits for it."""
    return _failed(stored.lesson_id, str(fault), services)


def _failed(lesson_id: str, reason: str, services: Services) -> Sequence[Outgoing]:
    services.records.ended(lesson_id, "failed", reason, STAGE)
    mark_abandoned(services.objects, lesson_id)
    return _told(lesson_id, services)


def _told(lesson_id: str, services: Services) -> Sequence[Outgoing]:
    """Note how an ended lesson's scenes came about, and answer everybody who waits for it."""
    # After the end, so that no run that ended before it is left out.
    note_runs(lesson_id, services)
    return answer_all(services.records, lesson_id, STAGE)


def _name_result(files: Mapping[str, str], objects: Objects) -> None:
    """Let the claim name the film, or the sound where there are no pictures."""
    stored = objects.find("generated", files.get("film") or files["audio"])
    if stored is not None:
        produced(stored)


def _note(lesson_id: str, ended: Mapping[int, Ended], records: Records) -> None:
    """Write down what `render`, without a database, could tell only by its objects."""
    records.attempts_told([run for one in ended.values() for run in one.earlier_runs(lesson_id)])
    makers = {n: one.maker(lesson_id) for n, one in ended.items() if not one.failed}
    records.rendered(lesson_id, {n: maker for n, maker in makers.items() if maker})


def _scenes(plan: Plan, ended: Mapping[int, Ended], objects: Objects) -> tuple[SceneFile, ...]:
    """Read the committing objects of a lesson's scenes."""
    there = [ended[scene.n].stored for scene in plan.scenes]
    return tuple(
        scene_files.decode(objects.read("scenes", one.name, one.generation)) for one in there
    )


def _settle(lesson_id: str, scenes: Sequence[SceneFile], services: Services) -> None:
    """Book what the lesson's speech came to: `render`, which paid for it, has no database."""
    spoken = sum(scene.characters for scene in scenes)
    services.budget.settle(lesson_id, spoken, sum(scene.micros for scene in scenes))


def _finished(
    plan: Plan, scenes: tuple[SceneFile, ...], lesson: Lesson, objects: Objects
) -> dict[str, str]:
    """Make and store the lesson's files; gives their object names by what they are."""
    home = f"lessons/{lesson.lesson_id}"
    files = {"plan": lesson.plan_object, "text": f"{home}/lesson.md"}
    with tempfile.TemporaryDirectory() as folder:
        made = assemble(Assembly(plan, scenes, objects, Path(folder)))
        still_ours()  # what is finished is stored, if little time is left as well
        for one in made:
            stored = objects.create(
                "generated", f"{home}/{one.name}", one.content,
                content_type=one.content_type, metadata=signature(),
            )  # fmt: skip
            adopted(stored)
            files[one.what] = f"{home}/{one.name}"
    return files


def _links(ended: Mapping[int, Ended]) -> list[str]:
    """Name the steps that made the scenes, of which only the last one's event led here."""
    headers = [ended[n].stored.metadata.get(trace.NAME, "") for n in sorted(ended)]
    return [header for header in headers if trace.read(header)]


def _why(objects: Objects, broken: Sequence[Ended]) -> str:
    first = min(broken, key=lambda one: one.n)
    return scene_files.decode_failure(
        objects.read("scenes", first.stored.name, first.stored.generation)
    )
