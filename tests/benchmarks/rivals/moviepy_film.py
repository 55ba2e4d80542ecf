"""Film a folder of layers with MoviePy, as its documentation shows: it runs in an own environment.

`python moviepy_film.py FOLDER FILM`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from moviepy import (  # type: ignore[import-not-found]  # only in its own environment
    AudioFileClip,
    ColorClip,
    CompositeVideoClip,
    ImageClip,
    concatenate_videoclips,
    vfx,
)

SIZE, PAPER = (1920, 1080), (0xFB, 0xF8, 0xF3)
RISE = 34


def main(folder: Path, film: Path) -> None:
    """Put layers over paper, scenes after each other, sound under it."""
    told = json.loads((folder / "lesson.json").read_text())
    fps = told["fps"]
    scenes = []
    for scene in told["scenes"]:
        length = scene["frames"] / fps
        layers = [layer(folder, one, told, length) for one in scene["layers"]]
        paper = ColorClip(SIZE, color=PAPER, duration=length)
        whole = CompositeVideoClip([paper, *(one for one in layers if one)], size=SIZE)
        fade = vfx.FadeOut(told["fade"] / fps, final_color=PAPER)
        scenes.append(whole.with_duration(length).with_effects([fade]))
    sound = AudioFileClip(str(folder / "sound.wav"))
    concatenate_videoclips(scenes).with_audio(sound).write_videofile(
        str(film), fps=fps, codec="libx264", audio_codec="aac", preset="veryfast", threads=2,
        ffmpeg_params=["-crf", "20"], logger=None,
    )  # fmt: skip


def layer(folder: Path, one: Any, told: Any, length: float) -> Any:
    """Make one layer: it fades in, may rise, and may fade out."""
    fps = told["fps"]
    start = one["start"] / fps
    leave = told["leave"] / fps
    end = length if one["end"] is None else min(length, one["end"] / fps + leave)
    enter = told["enter"]["rise" if one["rises"] else "fade"] / fps
    if start >= end:
        return None
    effects = [vfx.CrossFadeIn(enter / 1.4)]
    if one["end"] is not None:
        effects.append(vfx.CrossFadeOut(leave))

    def place(at: float) -> tuple[int, int]:
        eased = 1 - (1 - min(1.0, at / enter)) ** 3 if one["rises"] else 1
        return one["left"], one["top"] + round((1 - eased) * RISE)

    picture = ImageClip(str(folder / one["file"]))
    return (
        picture.with_start(start).with_duration(end - start).with_position(place)
        .with_effects(effects)
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
