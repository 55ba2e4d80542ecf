"""Render one scene: narrate, draw, encode; every step's output is stored and adopted by the next.

A run that finds an earlier run's sentences, narration or video goes on from there, so that a second
attempt pays for nothing twice and can never mix two narrations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from shared.abandoned import abandoned, stop_if_abandoned
from shared.errors import Permanent, PipelineError, Transient
from shared.events import Outgoing, SceneRequested
from shared.film import narration, scene_files
from shared.film.counted import Account, account
from shared.film.narration import Narration
from shared.film.spoken_once import SpokenOnce
from shared.hold import adopted, attempt, checkpoint, history, produced, signature, still_ours
from shared.lesson.plan import Plan, Scene
from shared.lesson.stored_plan import find_plan, read_plan
from shared.log import log
from shared.ports import Objects, Services, StoredObject


def is_of_this_plan(asked: SceneRequested, services: Services) -> bool:
    """Tell, before anybody claims it, whether a scene of the lesson's own plan is asked for.

    Another plan's event that came first would take the claim, and the right one be buried.
    """
    try:
        stored = find_plan(services.objects, asked.lesson_id)
    except Transient:
        if services.objects.find("scenes", abandoned(asked.lesson_id)):
            return False  # everything of the lesson was taken away
        raise
    if stored.generation != asked.plan_generation:
        log.warning("A scene of another plan", extra={"generation": asked.plan_generation})
    return stored.generation == asked.plan_generation


def render_scene(asked: SceneRequested, services: Services) -> Sequence[Outgoing]:
    """Store one scene's files; the event of the last one goes on, so nothing is emitted.

    Raises Permanent when the scene cannot be drawn, Transient when a sentence did not sound right,
    Superseded when nobody waits for the lesson any more.
    """
    started = datetime.now(UTC)
    home = scene_files.folder(asked.lesson_id, asked.scene)
    done = services.objects.find("scenes", f"{home}/scene.json")
    if done is not None:
        adopted(done)
        produced(done)
        log.info("Reused a scene", extra={"scene": asked.scene})
        return ()
    plan = read_plan(services.objects, asked.lesson_id, asked.plan_generation)
    scene = _scene(plan, asked.scene)
    sound, spoken = _narrated(plan, scene, home, services)
    video, parameters = None, ""
    if "video" in plan.brief.modalities:
        video, parameters = _filmed(plan, scene, spoken, home, services.objects)
    key, fence = attempt()
    cost = account(services.objects, home) if plan.speaker else Account()
    made = scene_files.SceneFile(
        n=scene.n,
        frames=spoken.frames,
        lines=spoken.lines,
        voice=spoken.voice,
        narration=scene_files.ref(sound),
        video=None if video is None else scene_files.ref(video),
        parameters=parameters,
        key=key,
        fence=fence,
        started=started.isoformat(timespec="milliseconds"),
        finished=datetime.now(UTC).isoformat(timespec="milliseconds"),
        why=spoken.why,
        characters=cost.characters,
        micros=cost.micros,
    )
    still_ours()
    stored = _commit(services.objects, f"{home}/scene.json", scene_files.encode(made))
    produced(stored)
    log.info("Rendered a scene", extra={"scene": scene.n, "frames": spoken.frames})
    return ()


def fail_scene(
    asked: SceneRequested, services: Services, fault: PipelineError
) -> Sequence[Outgoing]:
    """Say in the scene's place that it will never be there, so that no lesson waits for it."""
    name = f"{scene_files.folder(asked.lesson_id, asked.scene)}/failed.json"
    note = scene_files.encode_failure(asked.key, f"scene {asked.scene}: {fault}")
    _commit(services.objects, name, note)
    return ()


def _scene(plan: Plan, n: int) -> Scene:
    try:
        return plan.scene(n)
    except KeyError as error:
        raise Permanent(f"the plan has no scene {n}") from error


def _narrated(
    plan: Plan, scene: Scene, home: str, services: Services
) -> tuple[StoredObject, Narration]:
    name = f"{home}/narration.flac"
    stored = services.objects.find("scenes", name)
    if stored is None:
        fresh = _spoken(plan, scene, home, services)
        stored = _store(services.objects, name, narration.packed(fresh), "audio/flac")
    # Always what is stored, never what is in memory: a voice does not speak the same way twice.
    content = services.objects.read("scenes", name, stored.generation)
    return stored, narration.unpacked(content)


def _spoken(plan: Plan, scene: Scene, home: str, services: Services) -> Narration:
    if plan.speaker is None:
        voice = SpokenOnce(services.voice, services.objects, plan.lesson_id, home)
        return narration.narrate(scene, voice, plan.brief.grade_band)
    from shared.film.one_voice import spoken  # noqa: PLC0415 - the offline voice needs none of it

    return spoken(plan, plan.speaker, scene, home, services)


def _filmed(
    plan: Plan, scene: Scene, spoken: Narration, home: str, objects: Objects
) -> tuple[StoredObject, str]:
    # An audio lesson loads neither typst nor an encoder.
    from shared.film.filming import film, parameters_of  # noqa: PLC0415

    name = f"{home}/video.mp4"
    stored = objects.find("scenes", name)
    if stored is None:
        stop_if_abandoned(objects, plan.lesson_id)
        checkpoint()
        content = film(plan, scene, spoken, objects)
        still_ours()  # what is finished is stored, if little time is left as well
        stored = _store(objects, name, content, "video/mp4")
    content = objects.read("scenes", name, stored.generation)
    return stored, parameters_of(content, spoken.frames)


def _commit(objects: Objects, name: str, content: bytes) -> StoredObject:
    """Store a scene's last object, and on it how its earlier runs ended: this one has not yet."""
    *earlier, _ = history("completed") or (None,)
    told = {"attempts": scene_files.encode_history(earlier)}
    return _store(objects, name, content, "application/json", told)


def _store(
    objects: Objects, name: str, content: bytes, kind: str, facts: Mapping[str, str] | None = None
) -> StoredObject:
    metadata = {**signature(), **(facts or {})}
    stored = objects.create("scenes", name, content, content_type=kind, metadata=metadata)
    adopted(stored)
    return stored
