"""Sound as samples: resampling, FLAC, and the AAC-ready frames of PyAV.

Samples are mono float32 in -1..1 at 48 kHz unless a name says otherwise.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from fractions import Fraction

import av
import numpy as np

from shared.errors import Permanent
from shared.film.clock import RATE_HZ

_FLAC_BLOCK = 4608


def resampled(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Bring mono samples to 48 kHz, once and with one resampler."""
    if rate_hz == RATE_HZ or not len(samples):
        return samples.astype(np.float32)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    frame = _frame(samples.astype(np.float32), 0, "flt", "mono", rate_hz)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in frames])


def frames_of(
    samples: np.ndarray, size: int, form: str, layout: str = "mono"
) -> Iterator[av.AudioFrame]:
    """Cut samples into PyAV frames; `layout` "stereo" puts the same samples on both sides."""
    for at in range(0, len(samples), size):
        yield _frame(samples[at : at + size], at, form, layout, RATE_HZ)


def write_flac(samples: np.ndarray, tags: Mapping[str, str]) -> bytes:
    """Encode samples without loss beyond 16 bits, with tags inside the file."""
    whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", format="flac") as out:
        stream = out.add_stream("flac", rate=RATE_HZ, layout="mono")
        stream.codec_context.format = "s16"
        out.metadata.update(tags)
        for frame in frames_of(whole, _FLAC_BLOCK, "s16"):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def read_flac(content: bytes) -> tuple[np.ndarray, dict[str, str]]:
    """Decode what `write_flac` wrote: samples and tags, tag names in lower case."""
    with av.open(io.BytesIO(content), "r") as source:
        parts = [frame.to_ndarray()[0] for frame in source.decode(audio=0)]
        tags = {name.lower(): text for name, text in source.metadata.items()}
    if not parts:
        raise Permanent("a stored narration has no sound")
    return np.concatenate(parts).astype(np.float32) / 32767, tags


def _frame(samples: np.ndarray, at: int, form: str, layout: str, rate_hz: int) -> av.AudioFrame:
    planes = np.stack([samples, samples]) if layout == "stereo" else samples[None]
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes), format=form, layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, at, Fraction(1, rate_hz)
    return frame
