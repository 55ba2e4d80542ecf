"""Sound as a service sends it: a WAV file, or bare samples where a WAV file was promised.

All is 16-bit mono.  What is cut off, or of another shape, raises NotNow: it was paid for and may be
better the next time.
"""

from __future__ import annotations

import numpy as np

from shared.lesson.pace import said_s
from shared.voices.faults import NotNow
from shared.voices.prices import MOST_SLOWER

RATES_HZ = range(8_000, 48_001)
MOST_QUICKER = 1.6  # than estimated: less than the two by which a wrong rate is often wrong
_SLACK_S = 0.3  # one word may be much longer or shorter than its letters
_PCM, _EXTENSIBLE, _BITS = 1, 0xFFFE, 16
_HEAD = 8  # bytes before a chunk's content: name, length
_UNKNOWN = 0xFFFFFFFF  # a length that the writer did not know when it began


def samples_of(content: bytes, promised_hz: int) -> tuple[np.ndarray, int]:
    """Read mono float32 samples and their rate; bare samples have the rate that was promised."""
    if not content:
        raise _bad("the speaking service sent no sound")
    if content[:4] == b"RIFF":
        data, rate_hz = _unwrapped(content)
    else:
        data, rate_hz = content, promised_hz
    if len(data) % 2 or rate_hz not in RATES_HZ:
        raise _bad(f"the sound has {len(data)} bytes at {rate_hz} Hz")
    if not data:
        raise _bad("the speaking service sent a file without sound")
    return np.frombuffer(data, "<i2").astype(np.float32) / 32768, rate_hz


def check_length(text: str, rate_wpm: float, length_s: float) -> None:
    """Refuse sound that cannot be this sentence: too short or too long for its letters."""
    likely_s = said_s(text, rate_wpm)
    if not likely_s / MOST_QUICKER - _SLACK_S <= length_s <= likely_s * MOST_SLOWER + _SLACK_S:
        raise _bad(f"the sound lasts {length_s:.1f} s, and its text about {likely_s:.1f} s")


def _unwrapped(content: bytes) -> tuple[bytes, int]:
    """Find samples and rate in a WAV file, which is a list of chunks."""
    if content[8:12] != b"WAVE":
        raise _bad("the sound is no WAV file")
    at, rate_hz = 12, 0
    while at + _HEAD <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + _HEAD], "little")
        body = content[at + _HEAD : at + _HEAD + length]
        if name == b"fmt ":
            rate_hz = _rate(body)
        if name == b"data":
            if length != _UNKNOWN and len(body) < length:
                raise _bad(f"the sound is cut off: {len(body)} bytes of {length}")
            return body, rate_hz
        at += _HEAD + length + length % 2
    raise _bad("the WAV file has no sound in it")


def _rate(body: bytes) -> int:
    """Read a format chunk; only 16-bit mono is asked for."""
    kind, channels = (int.from_bytes(body[at : at + 2], "little") for at in (0, 2))
    bits = int.from_bytes(body[14:16], "little")
    if kind not in (_PCM, _EXTENSIBLE) or (channels, bits) != (1, _BITS):
        raise _bad(f"the sound has format {kind}, {channels} channels, {bits} bits")
    return int.from_bytes(body[4:8], "little")


def _bad(text: str) -> NotNow:
    return NotNow(text, billed=True)
