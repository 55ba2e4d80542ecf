"""Lay a lesson out as files that any program can film: pictures, their times, one sound."""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from shared.film.clock import FPS, RATE_HZ, SAMPLES_PER_FRAME
from shared.film.encode import FULL
from shared.film.loudness import level
from shared.film.narration import Narration, narrate
from shared.film.picture.compose import FADE_FRAMES, Staged
from shared.film.picture.layers import Layer
from shared.film.picture.scene import staged
from shared.film.picture.states import ENTER_FRAMES, LEAVE_FRAMES, Cue
from shared.film.voice import EspeakVoice
from tests.fakes.objects import MemoryObjects
from tests.film.plans import lesson, store_archive

SCENES = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture and the frames at which it starts to come and to go; it fades, or rises too."""

    file: str
    left: int
    top: int
    start: int
    end: int | None
    rises: bool


@dataclass(frozen=True, slots=True)
class Filmed:
    """One scene, bottom picture first."""

    frames: int
    layers: tuple[Shown, ...]


def lay_out(folder: Path, seconds: float) -> list[Filmed]:
    """Draw eight scenes of one lesson, all equally long, and store them with their sound."""
    objects = MemoryObjects()
    plan = lesson(store_archive(objects))
    frames = round(seconds * FPS / SCENES)
    scenes, sound = [], []
    for scene in plan.scenes[:SCENES]:
        spoken = narrate(scene, EspeakVoice(), plan.brief.grade_band)
        layers = staged(plan, scene, spoken.lines, objects, FULL)
        shown = [
            _stored(folder, f"{scene.n}-{n}", cue, layer)
            for n, (cue, layer) in enumerate(_squeezed(layers, frames / spoken.frames))
        ]
        scenes.append(Filmed(frames, tuple(shown)))
        sound.append(_as_long(spoken, frames))
    _write_wave(folder / "sound.wav", level(np.concatenate(sound)))
    told = {
        "fps": FPS, "fade": FADE_FRAMES, "enter": ENTER_FRAMES, "leave": LEAVE_FRAMES,
        "scenes": [asdict(scene) for scene in scenes],
    }  # fmt: skip
    (folder / "lesson.json").write_text(json.dumps(told))
    return scenes


def read(folder: Path) -> list[tuple[int, list[Staged]]]:
    """Read for each scene its length and its layers."""
    told = json.loads((folder / "lesson.json").read_text())
    return [
        (scene["frames"], [_read(folder, Shown(**one)) for one in scene["layers"]])
        for scene in told["scenes"]
    ]


def read_sound(folder: Path) -> np.ndarray:
    """Read the sound as mono samples of -1..1."""
    with wave.open(str(folder / "sound.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return samples.astype(np.float32) / 32767


def _squeezed(layers: Sequence[Staged], share: float) -> list[Staged]:
    """Bring a scene's cues into its new length; nothing pops, which not every program can."""

    def moved(cue: Cue) -> Cue:
        end = None if cue.end is None else round(cue.end * share)
        motion = "rise" if cue.motion == "pop" else cue.motion
        return replace(cue, start=round(cue.start * share), end=end, motion=motion)

    return [(moved(cue), layer) for cue, layer in layers]


def _stored(folder: Path, name: str, cue: Cue, layer: Layer) -> Shown:
    """Store a picture so that it starts and ends on even pixels: ffmpeg can place no other."""
    picture = layer.rgb.copy()
    picture.putalpha(layer.alpha)
    left, top, right, bottom = layer.box
    odd = left % 2, top % 2
    width, height = right - left + odd[0], bottom - top + odd[1]
    whole = Image.new("RGBA", (width + width % 2, height + height % 2))
    whole.paste(picture, odd)
    whole.save(folder / f"{name}.png", compress_level=1)
    rises = cue.motion == "rise"
    return Shown(f"{name}.png", left - odd[0], top - odd[1], cue.start, cue.end, rises)


def _read(folder: Path, shown: Shown) -> Staged:
    picture = Image.open(folder / shown.file)
    rgb, alpha = picture.convert("RGB"), picture.getchannel("A")
    cue = Cue(shown.file, shown.start, "rise" if shown.rises else "fade", shown.end)
    return cue, Layer(shown.file, shown.left, shown.top, rgb, alpha)


def _as_long(spoken: Narration, frames: int) -> np.ndarray:
    wanted = frames * SAMPLES_PER_FRAME
    samples = np.pad(spoken.samples, (0, max(0, wanted - len(spoken.samples))))[:wanted]
    samples[-RATE_HZ // 4 :] = 0
    return samples


def _write_wave(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, len(samples), "NONE", ""))
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
