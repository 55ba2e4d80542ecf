"""Narrate a scene: its sentences one after the other, with the time of every word.

lead | sentence | gap | sentence | gap + pause | ... | tail + hold      = whole frames
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from shared.errors import Permanent, Transient
from shared.film.audio import read_flac, resampled, write_flac
from shared.film.clock import RATE_HZ, SAMPLES_PER_FRAME, frames_in
from shared.film.spreading import spread
from shared.lesson.pace import WORDS_A_MINUTE, gap_s, rate_wpm
from shared.lesson.plan import Scene
from shared.voice import Spoken, Voice

SCHEMA = 1
LEAD_S = 0.45  # before the first word: the picture fades in
TAIL_S = 1.0  # after the last: the last picture stays readable, then fades out

_QUIETEST_DBFS = -45.0
_WORD_S, _FEW_WORDS_S = (0.2, 1.1), (0.1, 1.6)  # mean of a sentence; a list has pauses
_STEADY_WORDS = 6  # in a shorter sentence one long word decides
_LONGEST_SILENCE_S, _SILENT = 1.5, 0.001
_CLIPPED, _CLIPPED_RUN = 0.999, 3  # of full scale, samples in a row


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """When one line of the scene is said, in seconds from the scene's start.

    `words` has one (start, end) per blank-separated word of the line's `spoken`; `until_s` is the
    end of the pause that follows it.
    """

    start_s: float
    end_s: float
    until_s: float
    words: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Narration:
    """A scene's sound: `frames * 1600` samples, mono float32 at 48 kHz.

    `why` says why it is not the voice that the lesson was to have.
    """

    samples: np.ndarray
    lines: tuple[SpokenLine, ...]
    voice: str
    why: str = ""

    @property
    def frames(self) -> int:
        """The length of the scene."""
        return len(self.samples) // SAMPLES_PER_FRAME


def narrate(scene: Scene, voice: Voice, grade_band: str) -> Narration:
    """Say all lines of a scene; raises Transient when a sentence does not sound as it should."""
    if grade_band not in WORDS_A_MINUTE:
        raise Permanent(f"no speaking rate for grade band {grade_band}")
    rate = round(rate_wpm(scene, grade_band))
    parts, lines, at = [np.zeros(round(LEAD_S * RATE_HZ), np.float32)], [], round(LEAD_S * RATE_HZ)
    for index, line in enumerate(scene.say):
        spoken = voice.speak(line.spoken, rate)
        fault = fault_of(spoken, len(line.spoken.split()))
        if fault:
            raise Transient(f"scene {scene.n}, sentence {index + 1}: {fault}")
        if not spoken.words:
            length_s = len(spoken.samples) / spoken.rate_hz
            spoken = replace(spoken, words=spread(line.spoken, length_s))
        clip = resampled(spoken.samples, spoken.rate_hz)
        last = index == len(scene.say) - 1
        silence = round(((0 if last else gap_s(line)) + line.pause_s) * RATE_HZ)
        parts += [clip, np.zeros(silence, np.float32)]
        lines.append(_placed(spoken, at, len(clip), silence))
        at += len(clip) + silence
    frames = frames_in(at / RATE_HZ + TAIL_S + scene.hold_s)
    parts.append(np.zeros(frames * SAMPLES_PER_FRAME - at, np.float32))
    return Narration(np.concatenate(parts), tuple(lines), voice.name)


def fault_of(spoken: Spoken, words: int) -> str:
    """Say what is wrong with one clip; empty when nothing is."""
    if not len(spoken.samples) or not words:
        return "no sound"
    if spoken.words and len(spoken.words) != words:
        return f"{len(spoken.words)} word times for {words} words"
    samples, word_s = np.abs(spoken.samples), len(spoken.samples) / spoken.rate_hz / words
    shortest_s, longest_s = _WORD_S if words >= _STEADY_WORDS else _FEW_WORDS_S
    faults = {
        "too quiet": 10 * math.log10(float(np.mean(samples**2)) + 1e-12) < _QUIETEST_DBFS,
        f"{word_s:.2f} s a word": not shortest_s <= word_s <= longest_s,
        "clipped": _longest_run(samples >= _CLIPPED) >= _CLIPPED_RUN,
        "a hole in the speech": _longest_run(samples < _SILENT)
        > _LONGEST_SILENCE_S * spoken.rate_hz,
    }
    return ", ".join(name for name, wrong in faults.items() if wrong)


def packed(narration: Narration) -> bytes:
    """Put sound and times into one FLAC file, so that they can never be mixed up."""
    told = {
        "schema": SCHEMA,
        "voice": narration.voice,
        "why": narration.why,
        "lines": [asdict(line) for line in narration.lines],
    }
    return write_flac(narration.samples, {"narration": json.dumps(told, separators=(",", ":"))})


def unpacked(content: bytes) -> Narration:
    """Read what `packed` wrote; raises Permanent when it is something else."""
    samples, tags = read_flac(content)
    told = json.loads(tags.get("narration", "{}"))
    if told.get("schema") != SCHEMA or len(samples) % SAMPLES_PER_FRAME:
        raise Permanent("a stored narration has another shape")
    return Narration(samples, lines_from(told["lines"]), told["voice"], told.get("why", ""))


def lines_from(told: Sequence[dict[str, object]]) -> tuple[SpokenLine, ...]:
    """Read line times from decoded JSON."""
    return tuple(
        SpokenLine(
            _number(line["start_s"]),
            _number(line["end_s"]),
            _number(line["until_s"]),
            tuple((_number(start), _number(end)) for start, end in _pairs(line["words"])),
        )
        for line in told
    )


def _placed(spoken: Spoken, at: int, length: int, silence: int) -> SpokenLine:
    start = at / RATE_HZ
    words = tuple((round(start + a, 4), round(start + b, 4)) for a, b in spoken.words)
    end = (at + length) / RATE_HZ
    return SpokenLine(round(start, 4), round(end, 4), round(end + silence / RATE_HZ, 4), words)


def _longest_run(flags: np.ndarray) -> int:
    """Count the longest stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _number(found: object) -> float:
    if not isinstance(found, int | float):
        raise Permanent("a stored narration has a time that is no number")
    return float(found)


def _pairs(found: object) -> list[tuple[object, object]]:
    if not isinstance(found, list):
        raise Permanent("a stored narration has words that are no list")
    return [(pair[0], pair[1]) for pair in found]
