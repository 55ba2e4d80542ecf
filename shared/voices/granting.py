"""Decide, when a lesson is written, whether its speech may be paid for.

`script` has the database and knows every word that will be said; `render` has neither database
nor setting, and speaks as the plan says.
"""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Transient
from shared.hold import attempt
from shared.lesson.pace import rate_wpm
from shared.lesson.plan import SPEAKER_SCHEMA, Plan, Scene, Speaker
from shared.log import log
from shared.ports import Services
from shared.voices.budget import Narrated
from shared.voices.prices import SPARE_CALLS, characters, worst

LONG_PATIENCE = 15  # runs at a cap: about an hour and a half of redeliveries
OVER_CAP = "Degraded: the budget for speech is used up, so the offline voice speaks."


def with_speaker(plan: Plan, services: Services) -> Plan:
    """Name in a plan who is paid to speak it; raises Transient to wait for tomorrow's budget."""
    speech = services.speech
    if speech is None or plan.brief.modalities == ("text",):
        return plan
    speaker, band = speech.speaker, plan.brief.grade_band
    said = [line.spoken for scene in plan.scenes for line in scene.say]
    narrated = Narrated(
        lesson_id=plan.lesson_id,
        voice=speaker.voice,
        price_version=speaker.price_version,
        characters=sum(characters(speaker, text) for text in said),
        worst=sum(_worst(scene, speaker, band) for scene in plan.scenes),
    )
    word = services.budget.reserve(narrated, speech.caps)
    if word == "granted":
        return replace(plan, speaker=speaker, schema=SPEAKER_SCHEMA)
    _, fence = attempt()
    if speech.over_cap == "wait" and fence < LONG_PATIENCE:
        raise Transient("the budget for speech is used up")
    log.warning("Spoke offline", extra={"why": word})
    return replace(plan, notes=(*plan.notes, OVER_CAP))


def _worst(scene: Scene, speaker: Speaker, band: str) -> int:
    """Give the most that a scene may cost: each sentence once, and its dearest a few times more."""
    rate = rate_wpm(scene, band)
    each = [worst(speaker, line.spoken, rate) for line in scene.say]
    return sum(each) + SPARE_CALLS * max(each, default=0)
