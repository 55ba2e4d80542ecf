"""One lesson, one voice: which one, its first scene that is spoken decides for all others.

    no scene is spoken yet --a scene is spoken--> voice.json names the paid voice: it stays
                           --nobody answers-----> voice.json names the offline voice: it stays

`voice.json` is created once, so that scenes which run at the same time agree.  Where the paid voice
was decided and then fails for good, its lesson fails, to be begun afresh by the next request; or,
by setting, that scene alone is spoken offline and the lesson says which one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from shared.errors import Transient
from shared.film.counted import Counted
from shared.film.narration import Narration, narrate
from shared.film.spoken_once import SpokenOnce
from shared.hold import adopted, attempt, signature
from shared.lesson.plan import Plan, Scene, Speaker
from shared.log import log
from shared.ports import Objects, Services
from shared.voices.faults import NotNow, SetUp, UsedUp

SCHEMA = 1
PATIENCE = 5  # runs of a scene's work, after which nobody waits for a service that never spoke
_WHY_NOT_NOW = "the speaking service did not answer"
_WHY_SET_UP = "the speaking service is not set up"
_WHY_USED_UP = "the speaking service gave no sound that could be used"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which voice a lesson has; `why` it is not the one that it was to have."""

    voice: str
    why: str


def spoken(plan: Plan, speaker: Speaker, scene: Scene, home: str, services: Services) -> Narration:
    """Narrate a scene in its lesson's voice.

    Raises NotNow and Transient to be asked again, SetUp and UsedUp where nothing else may speak.
    """
    objects, lesson_id = services.objects, plan.lesson_id
    chosen = _find(objects, lesson_id)
    if chosen is None or chosen.voice == speaker.voice:
        try:
            made = _paid(plan, speaker, scene, home, services)
        except (Transient, SetUp, UsedUp) as fault:
            why = _why(fault, speaker, services)
            chosen = chosen or _choose(objects, lesson_id, Chosen(services.voice.name, why))
            if chosen.voice == speaker.voice and speaker.fallback != "scene":
                raise
            chosen = chosen if chosen.why else Chosen(services.voice.name, why)
        else:
            chosen = chosen or _choose(objects, lesson_id, Chosen(speaker.voice, ""))
            if chosen.voice == speaker.voice:
                return made
    log.warning("Spoke offline", extra={"why": chosen.why})
    own = SpokenOnce(services.voice, objects, lesson_id, home)
    return replace(narrate(scene, own, plan.brief.grade_band), why=chosen.why)


def _paid(plan: Plan, speaker: Speaker, scene: Scene, home: str, services: Services) -> Narration:
    counted = Counted(services.speaking(speaker), speaker, services.objects, home)
    counted.sentences = len(scene.say)
    own = SpokenOnce(counted, services.objects, plan.lesson_id, home)
    return narrate(scene, own, plan.brief.grade_band)


def _why(fault: Transient | SetUp | UsedUp, speaker: Speaker, services: Services) -> str:
    """Say why the paid voice does not speak; raises the fault where it is to be asked again."""
    _, fence = attempt()
    is_final = isinstance(fault, SetUp | UsedUp) or (
        isinstance(fault, NotNow) and fence >= PATIENCE
    )
    if speaker.fallback == "none" or not is_final:
        raise fault
    if isinstance(fault, SetUp):
        log.error("The speaking service is not set up", extra={"fault": str(fault)})
        return _WHY_SET_UP
    return _WHY_USED_UP if isinstance(fault, UsedUp) else _WHY_NOT_NOW


def _name(lesson_id: str) -> str:
    return f"lessons/{lesson_id}/voice.json"


def _find(objects: Objects, lesson_id: str) -> Chosen | None:
    stored = objects.find("scenes", _name(lesson_id))
    if stored is None:
        return None
    adopted(stored)
    return _read(objects.read("scenes", stored.name, stored.generation))


def _choose(objects: Objects, lesson_id: str, wanted: Chosen) -> Chosen:
    """Decide for the whole lesson, unless another scene has: then that holds."""
    told = {"schema": SCHEMA, "voice": wanted.voice, "why": wanted.why}
    stored = objects.create(
        "scenes",
        _name(lesson_id),
        json.dumps(told, sort_keys=True).encode(),
        content_type="application/json",
        metadata=signature(),
    )
    adopted(stored)
    return _read(objects.read("scenes", stored.name, stored.generation))


def _read(content: bytes) -> Chosen:
    told = json.loads(content)
    if told["schema"] > SCHEMA:
        raise Transient("a newer release chose this lesson's voice")
    return Chosen(str(told["voice"]), str(told["why"]))
