"""How long a scene will take to say, before any voice has said it; and how long it may take."""

from __future__ import annotations

import re

from shared.lesson.plan import Line, Plan, Scene

LEAD_AND_TAIL_S = 1.45
GAP_S = 0.35  # between two sentences
AFTER_QUESTION_S = 0.6  # time for a first thought of one's own
MOST_SCENE_S = 40.0
MOST_VISIBLE_WORDS = 25
MOST_SENTENCE_WORDS = 25
MEAN_SENTENCE_WORDS = {"1-2": 12, "3-5": 12, "6-8": 14, "9-12": 17}
THINK_S = 5.0
# Heard, gaps included; captioning guides for schools ask for 130 to 160 by age.
WORDS_A_MINUTE = {"1-2": 115, "3-5": 118, "6-8": 127, "9-12": 145}
MOST_WORDS_A_MINUTE = {"1-2": 125, "3-5": 125, "6-8": 135, "9-12": 160}
MOST_WORDS = {"1-2": 340, "3-5": 380, "6-8": 410, "9-12": 440}
GRADE = {"1-2": 2, "3-5": 4, "6-8": 7, "9-12": 10}

# Least squares over 780 sentences of lessons, spoken by the offline voice at 145 words a minute:
# seconds a letter (blanks included), a pause inside a sentence, a sentence.  Off by 0.28 s (1 sd).
_AT_WPM, _LETTER_S, _PAUSE_S, _SENTENCE_S = 145, 0.0739, 0.365, 0.161
_PAUSES = re.compile(r"[,;:]")
_FEW_WORDS = 15  # in fewer one long word decides how fast a scene seems
QUICKER = 1.12  # than usual, at most: long words and commas take time for a reason


def seconds(scene: Scene, grade_band: str) -> float:
    """Estimate a scene's length, pauses and hold included."""
    pauses = sum(line.pause_s for line in scene.say)
    spoken = _speech_s(scene, rate_wpm(scene, grade_band))
    return LEAD_AND_TAIL_S + spoken + pauses + scene.hold_s


def rate_wpm(scene: Scene, grade_band: str) -> float:
    """Give the rate to ask of a voice, so that a scene is heard at the words a minute of its grade.

    A rate is calibrated on even prose; short words would rush by at it, long ones drag.  Raises
    KeyError for an unknown band.
    """
    rate = WORDS_A_MINUTE[grade_band]
    words = sum(len(line.spoken.split()) for line in scene.say)
    if words < _FEW_WORDS:
        return rate
    heard = 60 * words / _speech_s(scene, rate)
    return rate * min(QUICKER, rate / heard)


def said_s(spoken: str, rate: float) -> float:
    """Estimate how long a sentence takes to say at a rate in words a minute."""
    pauses = len(_PAUSES.findall(spoken))
    at_once = _LETTER_S * len(spoken) + _PAUSE_S * pauses + _SENTENCE_S
    return at_once * _AT_WPM / rate


def gap_s(line: Line) -> float:
    """Tell how long a voice breathes after a line: longer after a question."""
    return AFTER_QUESTION_S if line.kind == "question" else GAP_S


def words_of(scene: Scene) -> int:
    """Count the words that a scene says."""
    return sum(len(line.text.split()) for line in scene.say)


def words_of_plan(plan: Plan) -> int:
    """Count the words that a lesson says."""
    return sum(words_of(scene) for scene in plan.scenes)


def _speech_s(scene: Scene, rate: float) -> float:
    gaps = sum(map(gap_s, scene.say[:-1]))
    return gaps + sum(said_s(line.spoken, rate) for line in scene.say)
