"""How long a scene will take to say, before any voice has said it; and how long it may take."""

from __future__ import annotations

from shared.lesson.plan import Plan, Scene

LEAD_AND_TAIL_S = 1.45
MOST_SCENE_S = 40.0
MOST_VISIBLE_WORDS = 25
MOST_SENTENCE_WORDS = 25
MEAN_SENTENCE_WORDS = {"1-2": 12, "3-5": 12, "6-8": 14, "9-12": 17}
THINK_S = 5.0
WORDS_A_MINUTE = {"1-2": 120, "3-5": 125, "6-8": 135, "9-12": 145}
MOST_WORDS = {"1-2": 340, "3-5": 380, "6-8": 410, "9-12": 440}
GRADE = {"1-2": 2, "3-5": 4, "6-8": 7, "9-12": 10}


def seconds(scene: Scene, grade_band: str) -> float:
    """Estimate a scene's length; the rate includes the gaps between sentences."""
    pauses = sum(line.pause_s for line in scene.say)
    spoken = 60 * words_of(scene) / WORDS_A_MINUTE[grade_band]
    return LEAD_AND_TAIL_S + spoken + pauses + scene.hold_s


def words_of(scene: Scene) -> int:
    """Count the words that a scene says."""
    return sum(len(line.text.split()) for line in scene.say)


def words_of_plan(plan: Plan) -> int:
    """Count the words that a lesson says."""
    return sum(words_of(scene) for scene in plan.scenes)
