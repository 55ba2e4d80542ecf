"""Find the frames of a film that only repeat the one before, so that no decoder need look at them.

They are known by their bytes: this machine's own encoder writes the same slices for the same
parameter sets, and `repeat_of` had a decoder prove them on noise.  A film that is not numbered
without a gap, has other parameters or another layout, has none: then every frame is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av

from shared.film.encode import Size
from shared.film.h264.bits import Unreadable
from shared.film.h264.parameters import sets_of
from shared.film.h264.units import (
    KEY_SLICE,
    LENGTH_BYTES,
    SLICE,
    kind_of,
    number_of,
    numbered,
    split_sized,
)
from shared.film.repeat import Repeat, repeat_of

_AVCC_LENGTH = 4  # the place of a length's own length in the decoder's configuration record
_MOST_PIXELS = 1920 * 1080


@dataclass(frozen=True, slots=True)
class Thinned:
    """The places of a track's repeats, and how wide a frame's number is."""

    repeats: frozenset[int]
    bits: int

    def without_gap(self, packet: bytes, since_key: int) -> bytes:
        """Give a packet its number as if no repeat had been before it."""
        units = (
            numbered(unit, self.bits, since_key) if kind_of(unit) == SLICE else unit
            for unit in split_sized(packet)
        )
        return b"".join(len(unit).to_bytes(LENGTH_BYTES, "big") + unit for unit in units)


NOTHING = Thinned(frozenset(), 0)


def repeats_in(path: Path) -> Thinned:
    """Read a film's packets without decoding any."""
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        codec = stream.codec_context
        if codec.name != "h264" or codec.width * codec.height > _MOST_PIXELS:
            return NOTHING
        head = bytes(codec.extradata or b"")
        try:
            repeat = _own(head, Size(codec.width, codec.height))
            packets = (bytes(packet) for packet in source.demux(stream) if packet.size)
            return Thinned(frozenset(_repeats(packets, repeat)), repeat.bits)
        except (Unreadable, av.FFmpegError):
            return NOTHING


def _own(head: bytes, size: Size) -> Repeat:
    """Give this machine's repeats; raises Unreadable when the film has other parameters."""
    repeat = repeat_of(size)
    if sets_of(head) != sets_of(repeat.head) or head[_AVCC_LENGTH] & 3 != LENGTH_BYTES - 1:
        raise Unreadable("another encoder")
    return repeat


def _repeats(packets: Iterable[bytes], repeat: Repeat) -> Iterable[int]:
    """Give the places of repeats; raises Unreadable at a gap in the numbers."""
    known, since_key = set(repeat.units), -1
    for place, packet in enumerate(packets):
        units = split_sized(packet)
        kinds = [kind_of(unit) for unit in units if kind_of(unit) in {SLICE, KEY_SLICE}]
        since_key = 0 if kinds == [KEY_SLICE] else since_key + 1
        number = number_of(units[-1], repeat.bits)
        if len(kinds) != 1 or since_key < 0 or number != since_key % (1 << repeat.bits):
            raise Unreadable(f"frame {place} is numbered {number}")
        if len(units) == 1 and units[0] in known:
            yield place
