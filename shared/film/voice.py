"""An offline voice: espeak-ng from a pip wheel.  Robotic, but free, instant and without a network.

The library is one global C state, so that one lock guards all calls of a process.

How it sounds was chosen by figures, as no listener was there.  Of 18 variants, `Gene` comes closest
to the mean spectrum of speech, which falls by about 9 dB an octave (Byrne and others, 1994, "An
international comparison of long-term average speech spectra"): -9.3, the plain voice -6.7.  Above
5 kHz, where formant synthesis buzzes, it has -27 dB of its energy, the plain voice -19.  A higher
and wider pitch (110 Hz instead of 95, a standard deviation of 2.4 semitones instead of 2.0) makes
it less flat; statements fall by 6 semitones at their end, questions rise.  Commas need no help:
espeak pauses for 0.35 to 0.5 s.
"""

from __future__ import annotations

import ctypes as c
import re
import threading
from collections.abc import Sequence
from itertools import pairwise

import espeakng_loader
import numpy as np

from shared.errors import Permanent, Transient
from shared.film.timbre import shaped
from shared.film.trimming import trimmed
from shared.voice import Spoken

_SYNCHRONOUS, _DO_NOT_EXIT, _UTF8, _WORD = 2, 0x8000, 1, 1
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7  # numbers of the library's settings
_SETTINGS = ((_PITCH, 56), (_RANGE, 90), (_WORD_GAP, 0))  # of 100; word gaps would break the melody

# espeak's own rate setting is not words a minute.  Measured on five sentences of school prose, gaps
# of 0.35 s between them included.
_SETTING_PER_WPM = 0.805


class _Id(c.Union):
    _fields_ = (("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8))


class _Event(c.Structure):
    _fields_ = (
        ("type", c.c_int),
        ("uid", c.c_uint),
        ("text_position", c.c_int),
        ("length", c.c_int),
        ("audio_ms", c.c_int),
        ("sample", c.c_int),
        ("user_data", c.c_void_p),
        ("id", _Id),
    )


_CALLBACK = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))
_lock = threading.Lock()


class EspeakVoice:
    """Speaks English sentences; all voices of a process share one library."""

    name = "espeak-ng-1.52-gene"
    paid = False

    def __init__(self, accent: str = "en-us+Gene") -> None:
        self._accent = accent
        self._library: c.CDLL | None = None
        self._rate_hz = 0

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say one sentence; raises Permanent for an unknown accent, Transient for a refused text.

        The same text does not give the same samples twice: store what you heard.
        """
        with _lock:
            samples, heard = self._synthesise(text, rate_wpm)
        lead, samples = trimmed(samples, self._rate_hz)
        length_s = len(samples) / self._rate_hz
        starts = {position: at - lead / self._rate_hz for position, at in heard}
        words = _word_times(text, starts, length_s)
        return Spoken(shaped(samples, self._rate_hz), self._rate_hz, words)

    def _synthesise(self, text: str, rate_wpm: int) -> tuple[np.ndarray, list[tuple[int, float]]]:
        """Call the library: float samples and (character position, seconds) per word heard."""
        library = self._opened()
        clips: list[np.ndarray] = []
        words: list[tuple[int, float]] = []

        def heard(wav: c._Pointer[c.c_short], count: int, events: c._Pointer[_Event]) -> int:
            if wav and count > 0:
                clips.append(np.ctypeslib.as_array(wav, (count,)).copy())
            i = 0
            while events[i].type:  # a zero type ends the list
                if events[i].type == _WORD:
                    words.append((events[i].text_position - 1, events[i].audio_ms / 1000))
                i += 1
            return 0

        if library.espeak_SetVoiceByName(self._accent.encode()):
            raise Permanent(f"espeak-ng has no voice {self._accent}")
        callback = _CALLBACK(heard)  # the library keeps no reference of its own
        library.espeak_SetSynthCallback(callback)
        for setting, value in ((_RATE, round(rate_wpm * _SETTING_PER_WPM)), *_SETTINGS):
            library.espeak_SetParameter(setting, value, 0)
        data = text.encode()
        if library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None):
            raise Transient("espeak-ng refused the text")
        library.espeak_Synchronize()
        sound = np.concatenate(clips) if clips else np.zeros(0, np.int16)
        return sound.astype(np.float32) / 32768, words

    def _opened(self) -> c.CDLL:
        if self._library is None:
            library = c.CDLL(espeakng_loader.get_library_path())
            folder = espeakng_loader.get_data_path().encode()
            self._rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, folder, _DO_NOT_EXIT)
            if self._rate_hz <= 0:
                raise Permanent("espeak-ng does not find its data")
            self._library = library
        return self._library


def _word_times(
    text: str, heard: dict[int, float], length_s: float
) -> tuple[tuple[float, float], ...]:
    """Give each blank-separated word its start and end.

    espeak reports no time for some function words ("in the"): those share the time up to the next
    known start in proportion to their letters.
    """
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    known = [0.0, *(_start_in(heard, span) for span in spans[1:]), length_s]
    starts = _filled(known, [end - start for start, end in spans])
    return tuple((start, end) for start, end in pairwise(starts))


def _start_in(heard: dict[int, float], span: tuple[int, int]) -> float | None:
    """Find the earliest sound within a word: an opening bracket or quote is silent."""
    return min(
        (at for position, at in heard.items() if span[0] <= position < span[1]), default=None
    )


def _filled(known: Sequence[float | None], letters: Sequence[int]) -> list[float]:
    """Interpolate what is missing between known starts; never runs backwards."""
    starts: list[float] = [0.0]
    fixed = 0
    for index in range(1, len(known)):
        at = known[index]
        if at is None:
            continue
        at = max(at, starts[fixed])
        total = sum(letters[fixed:index])
        for between in range(fixed + 1, index):
            share = sum(letters[fixed:between]) / total
            starts.append(starts[fixed] + (at - starts[fixed]) * share)
        starts.append(at)
        fixed = index
    return starts
