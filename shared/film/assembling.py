"""Make a lesson's files from its scenes, and check them before anybody sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from shared.errors import Permanent
from shared.film import checks, transcript
from shared.film.caption_checks import check_captions, check_language, check_sync
from shared.film.captions import Cue, line_length, scene_cues, webvtt
from shared.film.checks import Check, Expected
from shared.film.clock import seconds_at
from shared.film.join import Part, join_film, join_sound
from shared.film.loudness import level
from shared.film.narration import LEAD_S, TAIL_S, SpokenLine, unpacked
from shared.film.picture.motion import cues as motions
from shared.film.picture.shapes import size_of
from shared.film.probe import probe
from shared.film.scene_files import SceneFile, fetched
from shared.film.thumbnail import thumbnail
from shared.film.told_voices import voices, with_voices_told
from shared.hold import checkpoint
from shared.lesson.plan import Plan, Scene
from shared.ports import Objects

TEXT, HTML, JSON = "text/plain; charset=utf-8", "text/html; charset=utf-8", "application/json"
VTT = "text/vtt; charset=utf-8"
_PAUSE_MARGIN_S = 0.7  # a gap between sentences, and the silence inside their edges


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a lesson is made from; `folder` is where its large files may lie meanwhile."""

    plan: Plan
    scenes: tuple[SceneFile, ...]
    objects: Objects
    folder: Path


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file: what it is to the lesson, its name and content."""

    what: str
    name: str
    content: bytes | Path
    content_type: str


def assemble(given: Assembly) -> list[Made]:
    """Make and check all files of a lesson; raises Permanent, naming each check that failed."""
    given = replace(given, plan=with_voices_told(given.plan, given.scenes))
    plan, frames = given.plan, [scene.frames for scene in given.scenes]
    cues = all_cues(plan, given.scenes)
    sound = level(_sound(given))
    checkpoint()
    made = [*_written(plan, frames, cues, voices(given.scenes))]
    found: list[Check] = []
    if "video" in plan.brief.modalities:
        parts = _parts(given)
        made += _film(given, parts, sound, cues, found)
    if "audio" in plan.brief.modalities:
        checkpoint()
        made += _audio(given, sound, cues, found)
    length = line_length(plan)
    found += check_captions(cues, plan.scenes, length, seconds_at(sum(frames)))
    found.append(check_language(plan.brief.language))
    expected = expected_of(plan, given.scenes)
    wrong = checks.failed(found)
    if wrong:
        told = "; ".join(f"{one.id} is {one.value}, not {one.limit}" for one in wrong)
        raise Permanent(f"the lesson does not pass its checks: {told}")
    return [*made, Made("checks", "checks.json", checks.report(found, expected), JSON)]


def all_cues(plan: Plan, scenes: Sequence[SceneFile]) -> list[Cue]:
    """Caption the whole lesson; times come from frame counts, never from a container."""
    cues, base, length = [], 0, line_length(plan)
    for scene, made in zip(plan.scenes, scenes, strict=True):
        cues += scene_cues(scene, made.lines, made.frames, base, length)
        base += made.frames
    return cues


def expected_of(plan: Plan, scenes: Sequence[SceneFile]) -> Expected:
    """Say what the finished file must be."""
    book = plan.attribution
    return Expected(
        frames=tuple(made.frames for made in scenes),
        pauses_s=tuple(longest_pause_s(scene) for scene in plan.scenes),
        parameters=scenes[0].parameters,
        size=size_of(plan),
        holds_s=tuple(
            _longest_hold_s(scene, made.lines, made.frames)
            for scene, made in zip(plan.scenes, scenes, strict=True)
        ),
        reveals_s=tuple(_reveals_s(plan, scenes)),
        titles=tuple(scene.title for scene in plan.scenes),
        credits=(book.title, *book.authors, book.url, book.licence, book.licence_url),
    )


def _longest_hold_s(scene: Scene, lines: Sequence[SpokenLine], frames: int) -> float:
    """Give the longest stillness that a scene plans."""
    planned = motions(scene, lines)
    moves = {0, frames, *(cue.start for cue in planned), *(cue.end or 0 for cue in planned)}
    return max(seconds_at(after - before) for before, after in pairwise(sorted(moves)))


def _reveals_s(plan: Plan, scenes: Sequence[SceneFile]) -> Iterator[float]:
    """List the words of the film at which something appears."""
    base = 0
    for scene, made in zip(plan.scenes, scenes, strict=True):
        for line, spoken in zip(scene.say, made.lines, strict=True):
            for mark in line.marks:
                if mark.do == "reveal":
                    word = min(max(mark.word, 0), len(spoken.words) - 1)
                    yield round(seconds_at(base) + spoken.words[word][0], 3)
        base += made.frames


def longest_pause_s(scene: Scene) -> float:
    """Give the longest silence that a scene may have."""
    pauses = max((line.pause_s for line in scene.say), default=0.0)
    # The pause after the last line, the end of a scene and the beginning of the next meet.
    last = scene.say[-1].pause_s if scene.say else 0.0
    return max(pauses, last + TAIL_S + scene.hold_s + LEAD_S) + _PAUSE_MARGIN_S


def _sound(given: Assembly) -> np.ndarray:
    clips = []
    for scene in given.scenes:
        narration = unpacked(fetched(given.objects, scene.narration))
        if narration.frames != scene.frames:
            raise Permanent(f"scene {scene.n}: sound and pictures differ in length")
        clips.append(narration.samples)
    return np.concatenate(clips)


def _parts(given: Assembly) -> list[Part]:
    parts = []
    for scene, made in zip(given.plan.scenes, given.scenes, strict=True):
        if made.video is None:
            raise Permanent(f"scene {made.n} has no video")
        parts.append(Part(scene.title, made.frames, fetched(given.objects, made.video)))
    return parts


def _film(
    given: Assembly,
    parts: Sequence[Part],
    sound: np.ndarray,
    cues: Sequence[Cue],
    found: list[Check],
) -> list[Made]:
    path = given.folder / "film.mp4"
    join_film(path, parts, sound, transcript.tags(given.plan))
    expected = expected_of(given.plan, given.scenes)
    seen = probe(path)
    found += checks.check_film(seen, expected)
    if seen.audio is not None:
        found.append(check_sync(cues, seen.audio))
    cover = thumbnail(parts[0].video, parts[0].frames)
    found += checks.check_thumbnail(cover)
    return [
        Made("film", "film.mp4", path, "video/mp4"),
        Made("thumbnail", "thumbnail.jpg", cover, "image/jpeg"),
    ]


def _audio(
    given: Assembly, sound: np.ndarray, cues: Sequence[Cue], found: list[Check]
) -> list[Made]:
    path = given.folder / "audio.m4a"
    parts = [
        Part(scene.title, made.frames)
        for scene, made in zip(given.plan.scenes, given.scenes, strict=True)
    ]
    join_sound(path, parts, sound, transcript.tags(given.plan))
    seen = probe(path)
    found += checks.check_sound(seen, expected_of(given.plan, given.scenes))
    if seen.audio is not None:
        found.append(check_sync(cues, seen.audio))
    return [Made("audio", "audio.m4a", path, "audio/mp4")]


def _written(plan: Plan, frames: Sequence[int], cues: Sequence[Cue], voice: str) -> list[Made]:
    return [
        Made("captions", "captions.vtt", webvtt(cues, plan.brief.language).encode(), VTT),
        Made("transcript", "transcript.txt", transcript.as_text(plan).encode(), TEXT),
        Made("transcript_html", "transcript.html", transcript.as_html(plan).encode(), HTML),
        Made("chapters", "chapters.vtt", transcript.chapters(plan, frames).encode(), VTT),
        Made("sources", "sources.json", transcript.sources(plan, voice), JSON),
    ]
