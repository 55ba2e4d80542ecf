"""What a finished lesson says of its voice: the one that it was to have, or why it has another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.errors import Permanent
from shared.film.scene_files import SceneFile
from shared.lesson.plan import Plan


def voices(scenes: Sequence[SceneFile]) -> str:
    """Name the voices that are heard, in the order in which they are."""
    return ", ".join(dict.fromkeys(scene.voice for scene in scenes))


def with_voices_told(plan: Plan, scenes: Sequence[SceneFile]) -> Plan:
    """Add to a plan's notes which scenes have another voice than they were to have, and why.

    Raises Permanent for a mixture that nobody has explained: a lesson has one voice.
    """
    changed = [scene for scene in scenes if scene.why]
    if len({scene.voice for scene in scenes if not scene.why}) > 1:
        raise Permanent(f"the scenes are spoken by different voices: {voices(scenes)}")
    if not changed:
        return plan
    why = " and ".join(dict.fromkeys(scene.why for scene in changed))
    where = ""
    if len(changed) < len(scenes):
        numbers = ", ".join(str(scene.n) for scene in changed)
        where = f" in scene{'s' if len(changed) > 1 else ''} {numbers}"
    note = f"Degraded: {why}, so the offline voice speaks{where}."
    return replace(plan, notes=(*plan.notes, note))
