"""Say "the same picture once more" in some seventy bytes, without asking the encoder.

A slice whose macroblocks are all skipped copies the picture before it: no movement, no residual,
no filter at the edges (H.264, 8.4.1.1 and 8.7.2.1).  The encoder writes one such slice for a black
film of the same settings; any other repeat is that slice with another picture's number.  Before
the first is used, a decoder must have repeated a noisy picture with it, bit for bit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import av
import numpy as np

from shared.film.encode import Patch, Picture, Size, same, video_track
from shared.film.h264.bits import Unreadable
from shared.film.h264.parameters import number_bits
from shared.film.h264.units import SLICE, START, kind_of, numbered, split

_MOST_BYTES = 200
_NOISE_BLOCK = 8  # pixels: fine enough that no shifted copy is the same
_NOISE_SEED = 709


@dataclass(frozen=True, slots=True)
class Repeat:
    """The slices that repeat a picture, one for each number that it may have.

    `head` is the encoder's parameter sets.
    """

    head: bytes
    bits: int
    units: tuple[bytes, ...]

    def packet(self, since_key: int) -> bytes:
        """Give the packet of a frame so many frames after the last key frame."""
        return START + self.units[since_key % len(self.units)]

    def renumbered(self, packet: bytes, since_key: int) -> bytes:
        """Give an encoder's packet as the one of a frame so many frames after the key frame."""
        return b"".join(
            START + (numbered(unit, self.bits, since_key) if kind_of(unit) == SLICE else unit)
            for unit in split(packet)
        )


@cache
def repeat_of(size: Size) -> Repeat:
    """Learn from the encoder how it repeats a picture; raises Unreadable when that is no use."""
    head, once_more, noise = _learned(size)
    repeat = numbered_repeats(head, once_more)
    prove(repeat, noise)
    return repeat


def numbered_repeats(head: bytes, once_more: bytes) -> Repeat:
    """Give an encoder's own repeat every number; raises Unreadable when it is none."""
    bits, units = number_bits(head), split(once_more)
    if len(units) != 1 or kind_of(units[0]) != SLICE or len(units[0]) >= _MOST_BYTES:
        raise Unreadable("the encoder does not repeat a picture in one short slice")
    return Repeat(head, bits, tuple(numbered(units[0], bits, n) for n in range(1 << bits)))


def prove(repeat: Repeat, noise: bytes) -> None:
    """Let a decoder repeat a key frame of noise with each slice; raises Unreadable if it differs.

    A slice that moved or changed anything could not leave noise as it is.
    """
    decoder = av.VideoCodecContext.create("h264", "r")
    decoder.extradata = repeat.head
    count = len(repeat.units)
    packets = [noise, *(repeat.packet(n) for n in range(1, count + 1))]
    first, seen = None, 0
    for frame in _decoded(decoder, packets):
        first, seen = first or frame, seen + 1
        if frame.is_corrupt or not same(first, frame):
            raise Unreadable("a repeated picture differs")
    if seen != count + 1:
        raise Unreadable(f"{seen} pictures of {count + 1}")


def _learned(size: Size) -> tuple[bytes, bytes, bytes]:
    """Encode black three times, then noise: the parameter sets, the last repeat, the noise."""
    black = Patch(0, 0, np.zeros((size.height, size.width, 3), np.uint8))
    with video_track(io.BytesIO(), size) as (_, stream):
        picture, packets = Picture(size), []
        for index, patches in enumerate(([black], [], [], [Patch(0, 0, _noise(size))])):
            packets += stream.encode(picture.after(patches, index, key=index in {0, 3}))
        packets += stream.encode(None)
        head = bytes(stream.codec_context.extradata or b"")
    return head, bytes(packets[2]), bytes(packets[3])


def _decoded(decoder: av.VideoCodecContext, packets: Iterable[bytes]) -> Iterator[av.VideoFrame]:
    for packet in packets:
        yield from decoder.decode(av.Packet(packet))
    yield from decoder.decode(None)


def _noise(size: Size) -> np.ndarray:
    shape = (-(-size.height // _NOISE_BLOCK), -(-size.width // _NOISE_BLOCK), 3)
    blocks = np.random.default_rng(_NOISE_SEED).integers(0, 256, shape, np.uint8)
    whole = blocks.repeat(_NOISE_BLOCK, 0).repeat(_NOISE_BLOCK, 1)
    return whole[: size.height, : size.width]
