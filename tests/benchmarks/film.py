"""The film alone: one synthetic lesson with every scene type, without claims, events or records.

Its scenes are rendered in two fresh processes, as two instances of `render` would, then finished
as `finalize` would, checks included.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shared.film.assembling import Assembly, assemble
from shared.film.filming import film, parameters_of
from shared.film.narration import narrate, packed
from shared.film.scene_files import FileRef, SceneFile, ref
from shared.film.voice import EspeakVoice
from shared.lesson.plan import Plan
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.memory import MEBI, peak_bytes
from tests.fakes.objects import MemoryObjects
from tests.film.plans import lesson, store_archive

PROCESSES = 2
LEAST_FILM_S = 180.0
LEAST_PER_CORE_S = 8.0  # seconds of film drawn and encoded in one processor second
MOST_RENDER_MIB, MOST_FINALIZE_MIB, MOST_FINALIZE_S = 600.0, 300.0, 4.0
MOST_S, MOST_MB_A_MINUTE = 90.0, 8.0


@dataclass(frozen=True, slots=True)
class Rendered:
    """One scene: its files, and what it cost."""

    scene: SceneFile
    sound: bytes
    video: bytes
    wall_s: float
    cpu_s: float  # drawing and encoding alone
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Finished:
    """What it cost to finish the lesson, and how large its film is."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    film_bytes: int


def measure() -> Iterator[Measurement]:
    """Film one lesson; raises Permanent when it fails its checks, NotHere off Linux."""
    objects = MemoryObjects()
    plan = _long_enough(lesson(store_archive(objects)))
    begun = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        scenes = pool.starmap(render, [(plan, scene.n) for scene in plan.scenes], chunksize=1)
    rendered_s = time.monotonic() - begun
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        finished = pool.apply(finish, (plan, scenes))
    for scene, one in zip(plan.scenes, scenes, strict=True):
        name = f"scene {scene.n:2} {scene.type}, {one.scene.frames / 30:.1f} s of film"
        yield Measurement(name, one.wall_s, "s")
    film_s = sum(one.scene.frames for one in scenes) / 30
    per_core_s = film_s / sum(one.cpu_s for one in scenes)
    peak = max(one.peak_mib for one in scenes)
    a_minute = finished.film_bytes / film_s * 60 / 1e6
    yield Measurement("length of the film", film_s, "s")
    yield Measurement("film per processor second", per_core_s, "s", None, LEAST_PER_CORE_S)
    yield Measurement(f"all scenes in {PROCESSES} processes", rendered_s, "s")
    yield Measurement("peak memory of a render process", peak, "MiB", MOST_RENDER_MIB)
    yield Measurement("finalize", finished.wall_s, "s", MOST_FINALIZE_S)
    yield Measurement("finalize, processor", finished.cpu_s, "s")
    yield Measurement("peak memory of finalize", finished.peak_mib, "MiB", MOST_FINALIZE_MIB)
    yield Measurement("whole lesson", rendered_s + finished.wall_s, "s", MOST_S)
    yield Measurement("size of a minute", a_minute, "MB", MOST_MB_A_MINUTE)


def render(plan: Plan, n: int) -> Rendered:
    """Do what `render` does with one scene."""
    begun = time.monotonic()
    objects = MemoryObjects()
    store_archive(objects)
    scene = plan.scene(n)
    narration = narrate(scene, EspeakVoice(), plan.brief.grade_band)
    used = time.process_time()
    video = film(plan, scene, narration, objects)
    cpu_s = time.process_time() - used
    nowhere = FileRef("", 0, "")
    described = SceneFile(
        n=n,
        frames=narration.frames,
        lines=narration.lines,
        voice=narration.voice,
        narration=nowhere,
        video=nowhere,
        parameters=parameters_of(video, narration.frames),
        key="",
        fence=0,
        started="",
        finished="",
    )
    wall_s = time.monotonic() - begun
    peak_mib = peak_bytes(os.getpid()) / MEBI
    return Rendered(described, packed(narration), video, wall_s, cpu_s, peak_mib)


def finish(plan: Plan, scenes: list[Rendered]) -> Finished:
    """Do what `finalize` does."""
    objects = MemoryObjects()
    stored = [
        replace(
            one.scene,
            narration=ref(objects.create("scenes", f"{n}.flac", one.sound, content_type="")),
            video=ref(objects.create("scenes", f"{n}.mp4", one.video, content_type="")),
        )
        for n, one in enumerate(scenes, start=1)
    ]
    wall, used = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        assemble(Assembly(plan, tuple(stored), objects, Path(folder)))
        wall_s, cpu_s = time.monotonic() - wall, time.process_time() - used
        film_bytes = (Path(folder) / "film.mp4").stat().st_size
    return Finished(wall_s, cpu_s, peak_bytes(os.getpid()) / MEBI, film_bytes)


def _long_enough(plan: Plan) -> Plan:
    """Hold the last picture of each scene until the lesson is long enough."""
    voice, band = EspeakVoice(), plan.brief.grade_band
    spoken_s = sum(narrate(scene, voice, band).frames for scene in plan.scenes) / 30
    more_s = max(0.0, LEAST_FILM_S - spoken_s) / len(plan.scenes)
    scenes = tuple(replace(scene, hold_s=scene.hold_s + more_s) for scene in plan.scenes)
    return replace(plan, scenes=scenes)
