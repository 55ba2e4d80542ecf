"""The matrix: every failpoint that lessons pass, told by the story in which it is passed first.

Of a call in a loop the first and the second turn are crashed; later ones count as the second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from local.failpoints import Action

ACTIONS: Sequence[Action] = get_args(Action)
TURN = re.compile(r"#\d+$")
# A beat, or a run that met another one's claim: whether a lesson passes them, chance decides.
SOMETIMES = frozenset(
    f"{stage}/{call}"
    for stage in ("ingest", "script", "render", "finalize")
    for call in (
        "claims.read#1",
        "claims.read#2",
        "claims.replace in_progress#1",
        "claims.replace in_progress#2",
    )
) | {"finalize/records.attempts_told#2"}  # a scene's event that comes after the lesson's end


@dataclass(frozen=True)
class Case:
    """One failpoint, met in one story, and what happens there."""

    story: str
    point: str
    action: Action

    @property
    def stage(self) -> str:
        """The function that is hit."""
        return self.point.partition("/")[0]

    def __str__(self) -> str:
        return f"{self.story}: {self.point} {self.action}"


def folded(point: str) -> str:
    """Count a loop's later turns as its second."""
    return point if point.endswith("#1") else TURN.sub("#2", point)


def points(stage: str, calls: str) -> tuple[str, ...]:
    """Read a stage's calls, one per line; `x2` marks one with a second turn."""
    found = []
    for line in filter(None, map(str.strip, calls.splitlines())):
        call = line.removesuffix(" x2")
        found += [f"{stage}/{call}#{turn}" for turn in ((1, 2) if call != line else (1,))]
    return tuple(found)


INGEST = """
    claims.create
    records.attempt_started
    library.corpus
    records.accept
    records.lesson
    events.publish script-requested
    claims.replace completed
    records.attempt_ended completed
"""
SCRIPT = """
    claims.create
    records.attempt_started
    records.lesson x2
    objects.find plan.json
    library.sections
    library.search
    library.section x2
    author.write
    objects.create plan.json
    objects.read plan.json
    objects.create lesson.md
    records.scripted
    records.completed
    records.attached
    records.answered completed
    events.publish content-completed
    claims.replace completed
    records.attempt_ended completed
"""
RENDER = """
    claims.create
    objects.find plan.json x2
    objects.find scene.json
    objects.read plan.json
    objects.find narration.flac
    objects.find abandoned.json
    voice.speak
    objects.create narration.flac
    objects.read narration.flac
    objects.create scene.json
    events.publish nothing
    claims.replace completed
"""
RENDER_PICTURES = """
    objects.find video.mp4
    objects.find abandoned.json x2
    objects.create video.mp4
    objects.read video.mp4
"""
FINALIZE = """
    records.lesson x2
    objects.list scenes x2
    records.attempts_told x2
    records.rendered
    objects.find plan.json x2
    objects.read plan.json x2
    claims.create
    records.attempt_started
    objects.read scene.json x2
    objects.find narration.flac x2
    objects.read narration.flac x2
    objects.create captions.vtt
    objects.create transcript.txt
    objects.create transcript.html
    objects.create chapters.vtt
    objects.create sources.json
    objects.create audio.m4a
    objects.create checks.json
    records.completed
    objects.find audio.m4a
    claims.read x2
    records.attached
    records.answered completed
    events.publish content-completed
    claims.replace completed
    records.attempt_ended completed
"""
FINALIZE_PICTURES = """
    objects.find video.mp4 x2
    objects.read video.mp4 x2
    objects.create film.mp4
    objects.create thumbnail.jpg
    objects.find film.mp4
"""
TAKING_OVER = """
    claims.read
    claims.replace in_progress
    records.attempts_told
"""
TRYING_AGAIN = """
    claims.replace retryable
    records.attempt_ended retryable
"""
REFUSING = """
    records.ended refused
    objects.create abandoned.json
    records.answered refused
    records.attempt_ended refused
"""
PARKING = """
    claims.replace parked
    records.dead_letter
    records.ended failed
    objects.create abandoned.json
    records.answered failed
    records.attempt_ended parked
"""
BOOK = """
    claims.create
    records.attempt_started
    objects.find book.zip
    objects.open book.zip
    library.add
    events.publish nothing
    claims.replace completed
    records.attempt_ended completed
"""
ATTACHING = """
    records.answered completed
    events.publish content-completed
"""
ANSWERING = """
    records.waiting x2
    records.resume
"""
REPLAYING = """
    claims.read
    events.publish content-completed
    records.attempts_told
"""
FAILING = """
    objects.create failed.json
    events.publish nothing
    claims.replace failed
"""
FAILING_THE_LESSON = """
    objects.read failed.json
    records.ended failed
    objects.create abandoned.json
    records.answered failed
"""
MATRIX: Mapping[str, tuple[str, ...]] = {
    "text": points("ingest", INGEST) + points("script", SCRIPT),
    "audio": points("script", "events.publish scene-requested")
    + points("render", RENDER)
    + points("finalize", FINALIZE),
    "video": points("render", RENDER_PICTURES) + points("finalize", FINALIZE_PICTURES),
    "taken over": points("script", TAKING_OVER),
    "tried again": points("script", TRYING_AGAIN),
    "refused": points("script", REFUSING),
    "parked": points("script", PARKING),
    "attached": points("ingest", ATTACHING),
    "answered": points("ingest", ANSWERING),
    "replayed": points("script", REPLAYING),
    "failed": points("render", FAILING) + points("finalize", FAILING_THE_LESSON),
}
EVERY = tuple(
    Case(story, point, action)
    for story, points in MATRIX.items()
    for point in dict.fromkeys(points)
    for action in ACTIONS
)
