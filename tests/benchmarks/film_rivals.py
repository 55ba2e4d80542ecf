"""The same lesson filmed by this project, by ffmpeg's command line and by MoviePy, side by side.

Each contender is handed the same finished layers and the same sound, runs as a program of its own,
and must give the same film: as many frames, and the same pictures where nothing moves.  The two
quick ones take turns and the medians count; MoviePy, which needs minutes, runs once.
`make bench-film SECONDS=8` tries it on a shorter lesson.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from tests.benchmarks.measurement import Measurement, NotHere
from tests.benchmarks.rivals import ffmpeg
from tests.benchmarks.rivals.layers import Filmed, lay_out

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".bench" / "rivals"
PINS = ("moviepy==2.2.1", "imageio-ffmpeg==0.8.1")
ROUNDS = 3
LEAST_MOVIEPY, LEAST_FFMPEG = 20.0, 1.0
LEAST_PSNR_DB = 32.0
_REST = 0.85  # of a scene: all has come, nothing goes yet


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: on the clock, and on all processors together."""

    wall_s: float
    cpu_s: float


def measure() -> Iterator[Measurement]:
    """Film the lesson in each way; raises NotHere when the package index cannot be reached."""
    seconds = float(os.environ.get("FILM_SECONDS") or 60)
    binary = _rivals()
    with tempfile.TemporaryDirectory(prefix="rivals-") as name:
        folder = Path(name)
        scenes = lay_out(folder, seconds)
        films = {who: folder / f"{who}.mp4" for who in ("ours", "ffmpeg", "MoviePy")}
        mine = [sys.executable, "-m", "tests.benchmarks.rivals.ours", name, str(films["ours"])]
        ways = {
            "ours": [mine],
            "ffmpeg": list(ffmpeg.commands(binary, folder, scenes, films["ffmpeg"])),
            "MoviePy": [[_python(), str(Path(__file__).parent / "rivals/moviepy_film.py"), name,
                         str(films["MoviePy"])]],
        }  # fmt: skip
        costs: dict[str, list[Cost]] = {"ours": [], "ffmpeg": [], "MoviePy": []}
        for turn in range(ROUNDS):
            for who in ("ours", "ffmpeg") if turn != 1 else ("ours", "MoviePy", "ffmpeg"):
                costs[who].append(_run(ways[who]))
        yield from _compared(costs, seconds)
        yield from _same_film(films, scenes)


def _compared(costs: dict[str, list[Cost]], seconds: float) -> Iterator[Measurement]:
    for who, runs in costs.items():
        times = f"{len(runs)} run{'s' * (len(runs) > 1)}"
        yield Measurement(f"{who}: wall, {times}", _wall(runs), "s")
        yield Measurement(f"{who}: processor, {times}", _cpu(runs), "s")
    ours = costs["ours"]
    yield Measurement("film per processor second", seconds / _cpu(ours), "s")
    for who, least in (("MoviePy", LEAST_MOVIEPY), ("ffmpeg", LEAST_FFMPEG)):
        rival = costs[who]
        yield Measurement(f"faster than {who}, wall", _wall(rival) / _wall(ours), "x", None, least)
        yield Measurement(
            f"faster than {who}, processor", _cpu(rival) / _cpu(ours), "x", None, least
        )


def _wall(runs: Sequence[Cost]) -> float:
    return statistics.median(run.wall_s for run in runs)


def _cpu(runs: Sequence[Cost]) -> float:
    return statistics.median(run.cpu_s for run in runs)


def _run(words: Sequence[Sequence[str]]) -> Cost:
    """Run some programs one after the other, and count what they and their children took."""
    wall, cpu = time.monotonic(), 0.0
    for command in words:
        started = subprocess.Popen(command, cwd=ROOT)
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            raise subprocess.CalledProcessError(started.returncode, command[:4])
        cpu += used.ru_utime + used.ru_stime
    return Cost(time.monotonic() - wall, cpu)


def _same_film(films: dict[str, Path], scenes: Sequence[Filmed]) -> Iterator[Measurement]:
    """Hold the films of the others against ours: length, and one picture of each scene."""
    total = sum(scene.frames for scene in scenes)
    starts = [sum(one.frames for one in scenes[:n]) for n in range(len(scenes))]
    places = [start + round(_REST * one.frames) for start, one in zip(starts, scenes, strict=True)]
    frames, ours = _pictures(films["ours"], places)
    yield Measurement("ours: frames", frames, "frames", total, total)
    for who in ("ffmpeg", "MoviePy"):
        frames, theirs = _pictures(films[who], places)
        worst = min(_psnr_db(a, b) for a, b in zip(ours, theirs, strict=True))
        yield Measurement(f"{who}: frames", frames, "frames", total, total)
        yield Measurement(f"{who}: least likeness", worst, "dB", None, LEAST_PSNR_DB)
    for who, film in films.items():
        yield Measurement(f"{who}: size a minute", film.stat().st_size / total * 1800 / 1e6, "MB")


def _pictures(film: Path, places: Sequence[int]) -> tuple[int, list[np.ndarray]]:
    """Count a film's frames and keep some, in the colours that its tags promise."""
    kept, count = [], 0
    with av.open(str(film)) as source:
        tagged = source.streams.video[0].codec_context.colorspace == 1
        for count, frame in enumerate(source.decode(video=0), start=1):
            if count - 1 in places:
                space = "ITU709" if tagged else "ITU601"
                kept.append(
                    frame.reformat(format="rgb24", src_colorspace=space).to_ndarray().astype(int)
                )
    return count, kept


def _psnr_db(one: np.ndarray, other: np.ndarray) -> float:
    off = float(np.mean((one - other) ** 2))
    return float(10 * np.log10(255**2 / max(off, 1e-3)))


def _rivals() -> str:
    """Install MoviePy and its ffmpeg beside the project; gives the path of ffmpeg."""
    try:
        if not (VENV / "bin/python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        pip = [_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINS]
        subprocess.run(pip, check=True, capture_output=True)
        told = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
        found = subprocess.run([_python(), "-c", told], check=True, capture_output=True, text=True)
    except (subprocess.CalledProcessError, OSError) as error:
        raise NotHere(f"not measured: {' and '.join(PINS)} cannot be installed") from error
    return found.stdout.strip()


def _python() -> str:
    return str(VENV / "bin/python")
