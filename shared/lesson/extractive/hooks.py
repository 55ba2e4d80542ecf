"""The situation that opens a lesson: something of the book that the student has seen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.lesson.extractive.scoring import leaning
from shared.lesson.extractive.sentences import Run, stands_alone
from shared.lesson.extractive.subject import Subject

_WORDS = (12, 40)
_ENOUGH = 3.0
_CONCRETE = re.compile(
    r"\b(?:ball|balloon|bat|bell|bicycle|bike|boat|book|bottle|box|bridge|bus|camera|candle|car|cart|"
    r"cat|chair|child|children|clock|coin|compass|computer|cup|dog|door|drum|earth|eye|finger|fire|"
    r"fish|flashlight|flute|glass|glasses|guitar|hammer|hand|hands|hockey|hose|house|ice|kitchen|"
    r"lamp|lake|leaf|light bulb|lightning|magnet|"
    r"microwave|mirror|moon|mountain|ocean|oven|pan|paper|pencil|phone|piano|plane|airplane|plant|"
    r"pool|pot|puck|radio|rain|rainbow|ramp|refrigerator|ripples|road|rock|rocket|roller coaster|"
    r"room|rope|rubber|runner|satellite|ship|shoe|siren|skater|skin|sky|soap|spoon|spring|stone|"
    r"stove|street|string|sun|"
    r"swimmer|swing|tea|telescope|television|train|tree|truck|tv|wagon|water|window|wire|yo-yo)s?\b",
    re.IGNORECASE,
)
_TO_YOU = re.compile(r"\b(?:you|your|imagine|suppose|think of)\b", re.IGNORECASE)
_SETS_A_SCENE = re.compile(
    r"(?:Imagine|Suppose|Think of|Picture|Have you|Consider|When you|If you|You |Roll|Walk|Hold|"
    r"Drop|Look|Push|Stand)\b"
)


def hook(subject: Subject, found: Sequence[Run], taught: Sequence[Run]) -> Run | None:
    """Find the run that puts the student into a situation and is not taught anyway."""

    def rate(run: Run) -> float:
        things = {thing.lower() for thing in _CONCRETE.findall(run.text)}
        early = 1 - run.order / len(subject.section.passages)
        about = subject.weights.overlap(subject.about, run.stems)
        sets = 2 * (_SETS_A_SCENE.match(run.sentences[0].text) is not None)
        begins = run.sentences[0].id == run.passage.sentences[0].id
        to_you = _TO_YOU.search(run.text) is not None
        return min(len(things), 3) + 1.5 * to_you + early + 2 * about + sets + 0.5 * begins

    fitting = [run for run in found if _may_open(subject, run, taught)]
    best = max(fitting, key=lambda run: (rate(run), -run.order), default=None)
    return best if best and rate(best) >= _ENOUGH else None


def _may_open(subject: Subject, run: Run, taught: Sequence[Run]) -> bool:
    opening = run.sentences[0].text
    return (
        run.passage.kind == "body"
        and _WORDS[0] <= run.words <= _WORDS[1]
        and _CONCRETE.search(run.text) is not None
        and all(run.passage.id != other.passage.id for other in taught)
        and re.search(r"\d|\b[A-Z]\b", run.text) is None
        and stands_alone(opening)
        and not leaning(run, subject.section)
    )
