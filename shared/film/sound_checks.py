"""Check a film's sound: how it is coded, how loud it is, and what is heard at the joins."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np

from shared.film.clock import FPS, RATE_HZ, SAMPLES_PER_FRAME, seconds_at
from shared.film.findings import Check, Expected, told
from shared.film.loudness import integrated
from shared.film.probe import Audio, Video

SOUND = "aac LC"
_LOUDNESS_LUFS, _TOLERANCE_LU, _PEAK_DBTP = -16.0, 1.0, -1.0
_SCENE_LU, _LEAST_SCENE_S = 1.5, 3.0  # a shorter scene has too few words to have a loudness
_MOST_SAMPLES_OFF = 1024
_NEAR_JOIN_S, _STEPS, _SHARE = 0.02, 3.0, 99
_LEAST_STEP = 0.003  # of full scale, -50 dBFS: less than this cannot be heard as a click


def sound_checks(audio: Audio, video: Video | None, expected: Expected) -> list[Check]:
    """Check everything about the sound track."""
    return [*_coded(audio, video, expected), *_heard(audio, expected)]


def _coded(audio: Audio, video: Video | None, expected: Expected) -> list[Check]:
    length_s = seconds_at(sum(expected.frames))
    kind = f"{audio.codec}, {audio.rate_hz} Hz, {audio.channels} channels"
    wanted = f"{SOUND}, {RATE_HZ} Hz, 2 channels"
    apart = abs(audio.end_s - (video.end_s if video else length_s))
    samples = sum(expected.frames) * SAMPLES_PER_FRAME
    off = len(audio.samples) - samples
    return [
        Check("sound", kind, wanted, kind == wanted),
        Check("audio-start", f"tick {audio.start}", "tick 0", audio.start == 0),
        Check("ends", f"{apart * 1000:.1f} ms apart", f"<= {1000 / FPS:.1f} ms", apart <= 1 / FPS),
        Check(
            "length", f"{audio.end_s:.3f} s", f"{length_s:.3f} s",
            abs(audio.end_s - length_s) <= 1 / FPS,
        ),
        Check(
            "samples", f"{off:+d} samples", f"+-{_MOST_SAMPLES_OFF} of {samples}",
            abs(off) <= _MOST_SAMPLES_OFF,
        ),
        Check(
            "sound-decodes", f"{audio.damaged} damaged packets", "0 damaged packets",
            not audio.damaged,
        ),
    ]  # fmt: skip


def _heard(audio: Audio, expected: Expected) -> list[Check]:
    loud, peak = audio.loudness.integrated_lufs, audio.loudness.peak_dbtp
    holes = _holes(audio, expected)
    return [
        Check(
            "loudness", f"{loud:.1f} LUFS", f"{_LOUDNESS_LUFS} +- {_TOLERANCE_LU} LUFS",
            abs(loud - _LOUDNESS_LUFS) <= _TOLERANCE_LU,
        ),
        Check("peak", f"{peak:.1f} dBTP", f"<= {_PEAK_DBTP} dBTP", peak <= _PEAK_DBTP),
        _scene_loudness(audio, expected),
        Check("not-silent", f"at: {told(holes)}", "only in the plan's pauses", not holes),
        _clicks(audio, expected),
    ]  # fmt: skip


def _scene_loudness(audio: Audio, expected: Expected) -> Check:
    """Measure how far the loudest or quietest scene is from the whole."""
    limit = f"+-{_SCENE_LU} LU of the whole"
    scenes = [one for one in _parts(audio, expected) if len(one) >= _LEAST_SCENE_S * audio.rate_hz]
    if len(scenes) < 2:  # noqa: PLR2004 - one scene is the whole
        return Check("scene-loudness", "0.0 LU", limit, passed=True)
    away = [integrated(scene) - audio.loudness.integrated_lufs for scene in scenes]
    worst = max(away, key=abs)
    return Check("scene-loudness", f"{worst:+.1f} LU", limit, abs(worst) <= _SCENE_LU)


def _parts(audio: Audio, expected: Expected) -> list[np.ndarray]:
    """Cut the sound into its scenes."""
    ends = [round(seconds_at(end) * audio.rate_hz) for end in accumulate(expected.frames)]
    return [part for part in np.split(audio.samples, ends) if len(part)][: len(ends)]


def _clicks(audio: Audio, expected: Expected) -> Check:
    """Compare the largest step near each join with the steps of the scenes on both sides."""
    limit = f"<= {_STEPS:.0f} x the scenes' own steps within {_NEAR_JOIN_S * 1000:.0f} ms of a join"
    parts, worst = _parts(audio, expected), 0.0
    near = round(_NEAR_JOIN_S * audio.rate_hz)
    for before, after in pairwise(parts):
        join = np.abs(np.diff(np.concatenate((before[-near:], after[:near]))))
        usual = max(float(np.percentile(np.abs(np.diff(one)), _SHARE)) for one in (before, after))
        worst = max(worst, float(join.max()) / max(usual, _LEAST_STEP))
    return Check("clicks", f"{worst:.2f} x", limit, worst <= _STEPS)


def _holes(audio: Audio, expected: Expected) -> list[str]:
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
            holes.append(f"{start:.2f} s")
    return holes
