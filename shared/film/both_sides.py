"""Give sound of one channel two equal sides, as packets: half the work of encoding both.

AAC can code two channels as their middle and their difference; ours is all middle.  So a frame of
one channel becomes a pair whose second half is empty (ISO/IEC 14496-3, tables 4.4 to 4.6 and 4.50).
"""

from __future__ import annotations

from shared.errors import Permanent
from shared.film.h264.bits import Bits

# What the encoder must not use: noise and filters would belong to one side alone.
PLAIN = {"aac_coder": "fast", "aac_pns": "0", "aac_tns": "0", "flags": "+bitexact"}
_SINGLE, _PAIR, _END = 0, 1, 7
_EIGHT_SHORT = 2
_ALL_MIDDLE = 2
_NO_LINES = 0
_LEAST_BYTES = 4


def paired(frame: bytes) -> bytes:
    """Turn a frame of one channel into one of two; raises Permanent when it is no such frame."""
    end, bits = _end(frame), Bits(frame)
    kind, number, gain = bits.number(3), bits.number(4), bits.number(8)
    start = bits.at
    short = bits.number(3) == _EIGHT_SHORT  # after a reserved bit
    bits.number(1)
    bands = bits.number(4 if short else 6)
    grouping = bits.number(7 if short else 1)
    if kind != _SINGLE or end < bits.at or (not short and grouping):
        raise Permanent("a frame of sound is not as it is expected")
    groups = 8 - grouping.bit_count() if short else 1
    return (
        _Bits()
        .add(3, _PAIR)
        .add(4, number)
        .add(1, 1)
        .copy(frame, start, bits.at)
        .add(2, _ALL_MIDDLE)
        .add(8, gain)
        .copy(frame, bits.at, end)
        .add(8, gain)
        .empty(groups, bands, 3 if short else 5)
        .add(3, _END)
        .to_bytes()
    )


def _end(frame: bytes) -> int:
    """Find the bit at which the mark of the end starts; only zeros follow it."""
    value = int.from_bytes(frame, "big")
    zeros = max(0, (value & -value).bit_length() - 1)
    if (value >> zeros) & _END != _END or len(frame) < _LEAST_BYTES:
        raise Permanent("a frame of sound has no end")
    return 8 * len(frame) - zeros - 3


class _Bits:
    """Writes bits one after the other."""

    def __init__(self) -> None:
        self._value = self._length = 0

    def add(self, count: int, number: int) -> _Bits:
        self._value = self._value << count | number
        self._length += count
        return self

    def copy(self, frame: bytes, start: int, end: int) -> _Bits:
        rest = int.from_bytes(frame, "big") >> (8 * len(frame) - end)
        return self.add(end - start, rest & ((1 << (end - start)) - 1))

    def empty(self, groups: int, bands: int, width: int) -> _Bits:
        """Say of every group of windows that no band has lines, and that nothing else is there."""
        most = (1 << width) - 1
        for _ in range(groups if bands else 0):
            self.add(4, _NO_LINES)
            for _ in range(bands // most):
                self.add(width, most)
            self.add(width, bands % most)
        return self.add(3, 0)

    def to_bytes(self) -> bytes:
        room = -self._length % 8
        return (self._value << room).to_bytes((self._length + room) // 8, "big")
