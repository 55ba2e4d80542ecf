"""Film a folder of layers with ffmpeg's own command line: one filter graph a scene, then a join.

Written to be quick: each picture is decoded and converted once, then looped in memory; scenes are
joined as packets; the encoder's settings are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.rivals.layers import Filmed, Shown

_FPS, _FADE, _LEAVE = 30, 9, 8
_ENTER = {True: 16, False: 9}
_PAPER, _RISE = "0xFBF8F3", 34
_SIZE = "1920x1080"
_X264 = "keyint=60:min-keyint=1:scenecut=0:ref=1:subme=1:rc-lookahead=5"


def commands(binary: str, folder: Path, scenes: list[Filmed], film: Path) -> Iterator[list[str]]:
    """Give one command per scene, and one that joins them."""
    quiet = [binary, "-v", "error", "-y"]
    names = []
    for n, scene in enumerate(scenes, start=1):
        path = folder / f"ffmpeg-{n}.mp4"
        names.append(f"file '{path}'\n")
        inputs = [word for one in scene.layers for word in ("-i", str(folder / one.file))]
        yield [
            *quiet, *inputs, "-filter_complex", _graph(scene), "-map", "[film]",
            "-frames:v", str(scene.frames), "-r", str(_FPS), *_encoder(), str(path),
        ]  # fmt: skip
    (folder / "scenes.txt").write_text("".join(names))
    yield [
        *quiet, "-f", "concat", "-safe", "0", "-i", str(folder / "scenes.txt"),
        "-i", str(folder / "sound.wav"), "-map", "0:v", "-map", "1:a", "-c:v", "copy",
        "-c:a", "aac", "-aac_coder", "fast", "-b:a", "128k", "-ac", "2",
        "-movflags", "+faststart", str(film),
    ]  # fmt: skip


def _encoder() -> list[str]:
    return [
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-bf", "0", "-profile:v", "high",
        "-x264-params", _X264, "-threads:v", "2", "-pix_fmt", "yuv420p", "-colorspace", "bt709",
        "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        "-video_track_timescale", "90000",
    ]  # fmt: skip


def _graph(scene: Filmed) -> str:
    """Lay each picture over what is below it, then fade all of it to paper."""
    yuv = "scale=out_color_matrix=bt709:out_range=tv"
    length_s = scene.frames / _FPS
    below = (
        f"color=c={_PAPER}:s={_SIZE}:r={_FPS}:d={length_s},format=rgb24,{yuv},format=yuv420p[p0]"
    )
    steps = [below]
    for n, one in enumerate(scene.layers):
        steps.append(f"[{n}:v]{yuv},format=yuva420p,{_shown(one)}[l{n}]")
        begun = f"between(n,{one.start + 1},{_last(one, scene)})"
        steps.append(
            f"[p{n}][l{n}]overlay=x={one.left}:y='{_top(one)}':enable='{begun}'"
            f":format=yuv420[p{n + 1}]"
        )
    fade_from = (scene.frames - _FADE - 1) / _FPS
    last = f"fade=t=out:st={fade_from}:d={_FADE / _FPS}:color={_PAPER}"
    return ";".join([*steps, f"[p{len(scene.layers)}]{last}[film]"])


def _shown(one: Shown) -> str:
    looped = f"loop=loop=-1:size=1:start=0,setpts=N/{_FPS}/TB"
    comes = f"fade=t=in:st={one.start / _FPS}:d={_ENTER[one.rises] / 1.4 / _FPS}:alpha=1"
    if one.end is None:
        return f"{looped},{comes}"
    return f"{looped},{comes},fade=t=out:st={one.end / _FPS}:d={_LEAVE / _FPS}:alpha=1"


def _last(one: Shown, scene: Filmed) -> int:
    return scene.frames if one.end is None else one.end + _LEAVE


def _top(one: Shown) -> str:
    if not one.rises:
        return str(one.top)
    return f"{one.top}+round({_RISE}*pow(1-min(1,(n-{one.start})/{_ENTER[True]}),3))"
