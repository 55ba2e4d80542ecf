"""What a finished lesson must be before it may be called completed.

Each check has an id, what was found, what is allowed and whether it passed; one failure and the
lesson is not completed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise

from shared.film.clock import FPS, RATE_HZ, seconds_at
from shared.film.encode import FULL, Size
from shared.film.probe import Audio, Probe, Video

CODEC = "h264 High yuv420p 1/1/1"  # BT.709 three times
SOUND = "aac LC"
_DARKEST, _FLATTEST = 40.0, 2.0  # luma: paper is 236, black 16; a scene's best frame counts
_STILL = 0.02  # mean luma change of the liveliest frame of a scene
_LOUDNESS_LUFS, _TOLERANCE_LU, _PEAK_DBTP = -16.0, 1.0, -1.0
_MOST_BYTES_PER_S = 40 * 1024 * 1024 / 180
_LEAST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One finding."""

    id: str
    value: str
    limit: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What a plan and its scenes promise of the file.

    `frames` are the lengths of the scenes, `pauses_s` the longest silence that each may have,
    `parameters` the digest of their common encoder parameters; empty says nothing about it.
    """

    frames: tuple[int, ...]
    pauses_s: tuple[float, ...]
    parameters: str = ""
    size: Size = FULL


def check_film(found: Probe, expected: Expected) -> list[Check]:
    """Check a film."""
    if found.video is None:
        return [Check("video", "no video track", "one", passed=False)]
    return [*_picture(found.video, expected), *_together(found, expected)]


def check_sound(found: Probe, expected: Expected) -> list[Check]:
    """Check an audio lesson."""
    return _together(found, expected)


def _picture(video: Video, expected: Expected) -> list[Check]:
    count, total = len(video.frames), sum(expected.frames)
    steps = {after.pts - before.pts for before, after in pairwise(video.frames)}
    step = Fraction(1, FPS) / video.time_base if video.time_base else Fraction(0)
    size = f"{video.width}x{video.height}"
    wanted = f"{expected.size.width}x{expected.size.height}"
    rates = f"{video.average_rate} {video.base_rate}"
    missed = _without_key(video, expected)
    return [
        Check("codec", video.codec, CODEC, video.codec == CODEC),
        Check("size", size, wanted, size == wanted),
        Check("rate", rates, f"{FPS} {FPS}", rates == f"{FPS} {FPS}"),
        Check("steps", told(steps), f"all {step}", steps <= {step}),
        Check("frames", str(count), str(total), count == total),
        Check("video-start", str(video.start), "0", video.start == 0),
        Check("key-frames", told(missed), "one at each scene's start", not missed),
        Check(
            "parameters", video.parameters[:12], expected.parameters[:12] or "any",
            expected.parameters in ("", video.parameters),
        ),
        *_seen(video, expected),
    ]  # fmt: skip


def _seen(video: Video, expected: Expected) -> list[Check]:
    """Check that each scene shows something, and that something happens in it."""
    dark, flat, frozen = [], [], []
    base = 0
    for n, length in enumerate(expected.frames, start=1):
        frames = video.frames[base : base + length]
        base += length
        dark += [n] if max((one.mean for one in frames), default=0) < _DARKEST else []
        flat += [n] if max((one.spread for one in frames), default=0) < _FLATTEST else []
        frozen += [n] if max((one.changed for one in frames[1:]), default=0) < _STILL else []
    return [
        Check("not-black", told(dark), "no scene", not dark),
        Check("not-blank", told(flat), "no scene", not flat),
        Check("not-frozen", told(frozen), "no scene", not frozen),
    ]


def _without_key(video: Video, expected: Expected) -> list[int]:
    """List the scenes whose first frame cannot be seeked to."""
    missed, base = [], 0
    for n, length in enumerate(expected.frames, start=1):
        if base >= len(video.frames) or not video.frames[base].key:
            missed.append(n)
        base += length
    return missed


def _together(found: Probe, expected: Expected) -> list[Check]:
    length_s = seconds_at(sum(expected.frames))
    most = max(_LEAST_BYTES, round(_MOST_BYTES_PER_S * length_s))
    small = Check("bytes", str(found.size), f"<= {most}", found.size <= most)
    start = Check("fast-start", str(found.faststart), "True", found.faststart)
    credit = " ".join((found.tags.get("comment", ""), found.tags.get("copyright", "")))
    named = Check("attribution", credit[:60], "a comment and a copyright", len(credit) > 1)
    if found.audio is None:
        return [small, start, named, Check("audio", "no audio track", "one", passed=False)]
    return [small, start, named, *_heard(found.audio, found.video, expected, length_s)]


def _heard(audio: Audio, video: Video | None, expected: Expected, length_s: float) -> list[Check]:
    kind = f"{audio.codec} {audio.rate_hz} {audio.channels}"
    wanted = f"{SOUND} {RATE_HZ} 2"
    apart = abs(audio.end_s - (video.end_s if video else length_s))
    loud, peak = audio.loudness.integrated_lufs, audio.loudness.peak_dbtp
    holes = _holes(audio, expected)
    return [
        Check("sound", kind, wanted, kind == wanted),
        Check("audio-start", str(audio.start), "0", audio.start == 0),
        Check("ends", f"{apart:.4f} s apart", f"<= {1 / FPS:.4f} s", apart <= 1 / FPS),
        Check(
            "length", f"{audio.end_s:.3f} s", f"{length_s:.3f} s",
            abs(audio.end_s - length_s) <= 1 / FPS,
        ),
        Check(
            "loudness", f"{loud:.1f} LUFS", f"{_LOUDNESS_LUFS} +- {_TOLERANCE_LU}",
            abs(loud - _LOUDNESS_LUFS) <= _TOLERANCE_LU,
        ),
        Check("peak", f"{peak:.1f} dBTP", f"<= {_PEAK_DBTP}", peak <= _PEAK_DBTP),
        Check("not-silent", told(holes), "only in the plan's pauses", not holes),
    ]  # fmt: skip


def _holes(audio: Audio, expected: Expected) -> list[float]:
    """List where a silence starts that is longer than any pause of its scene."""
    holes = []
    for start, length in audio.silences:
        base = 0.0
        allowed = 0.0
        for frames, pause_s in zip(expected.frames, expected.pauses_s, strict=True):
            end = base + seconds_at(frames)
            if start < end and start + length > base:
                allowed = max(allowed, pause_s)
            base = end
        if length > allowed:
            holes.append(start)
    return holes


def report(checks: Sequence[Check]) -> bytes:
    """Write checks as JSON."""
    written = {"passed": not failed(checks), "checks": [asdict(one) for one in checks]}
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def failed(checks: Sequence[Check]) -> list[Check]:
    """List what did not pass."""
    return [one for one in checks if not one.passed]


def told(items: Sequence[object] | set[int]) -> str:
    """Write the first few of what was found wrong; "none" when nothing was."""
    return ", ".join(str(item) for item in list(items)[:8]) or "none"
