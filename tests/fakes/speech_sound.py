"""Sound as a speaking service would send it: a hum a word, at the pace of speech, in a WAV file."""

from __future__ import annotations

import numpy as np

from shared.film.spreading import spread
from shared.lesson.pace import said_s

RATE_HZ = 24_000
LEAD_S, TAIL_S = 0.1, 0.25  # services leave some silence around a sentence


def hummed(text, rate_wpm=160.0, rate_hz=RATE_HZ):
    """Give 16-bit samples of a sentence, and when each word begins."""
    times = spread(text, said_s(text, rate_wpm))
    notes = []
    for number, (start, end) in enumerate(times):
        at = np.arange(round(end * rate_hz) - round(start * rate_hz)) / rate_hz
        swell = 0.15 + 0.35 * np.sin(np.pi * at / max(end - start, 0.01))
        notes.append(swell * np.sin(2 * np.pi * (180 + 10 * (number % 7)) * at))
    silences = [np.zeros(round(one * rate_hz)) for one in (LEAD_S, TAIL_S)]
    samples = np.concatenate([silences[0], *notes, silences[1]])
    return (samples * 32767).astype("<i2"), [LEAD_S + start for start, _ in times]


def wav(samples, rate_hz=RATE_HZ):
    """Put samples into a WAV file, with a chunk that nobody needs before them."""
    data = samples.tobytes()
    chunks = [
        (b"fmt ", b"".join(_int(*one) for one in _format(rate_hz))),
        (b"LIST", b"INFO!"),
        (b"data", data),
    ]
    body = b"".join(
        name + _int(len(content), 4) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + _int(len(body) + 4, 4) + b"WAVE" + body


def spoilt(name, text, rate_wpm):
    """Give the bytes of one of the ways in which sound is wrong."""
    samples, _ = hummed(text, rate_wpm)
    return {
        "good": lambda: wav(samples),
        "empty": lambda: b"",
        "empty-wav": lambda: wav(samples[:0]),
        "truncated": lambda: wav(samples)[: len(samples)],
        "raw": samples.tobytes,
        "raw-odd": lambda: samples.tobytes()[:-1],
        "other-rate": lambda: wav(hummed(text, rate_wpm, 16_000)[0], 16_000),
        "wrong-rate": lambda: wav(samples, 2 * RATE_HZ),
        "short": lambda: wav(samples[: len(samples) // 3]),
        "long": lambda: wav(np.tile(samples, 3)),
        "silent": lambda: wav(np.zeros_like(samples)),
        "clipped": lambda: wav(np.clip(samples.astype(int) * 9, -32768, 32767).astype("<i2")),
        "stereo": lambda: wav(samples)[:22] + b"\2" + wav(samples)[23:],
        "mp3": lambda: b"ID3\4" + bytes(3001),
    }[name]()


SOUNDS = (
    "good", "empty", "empty-wav", "truncated", "raw", "raw-odd", "other-rate", "wrong-rate",
    "short", "long", "silent", "clipped", "stereo", "mp3",
)  # fmt: skip


def _format(rate_hz):
    return ((1, 2), (1, 2), (rate_hz, 4), (2 * rate_hz, 4), (2, 2), (16, 2))


def _int(number, length):
    return number.to_bytes(length, "little")
