"""Read and write single bits of a NAL unit, with its emulation prevention undone and redone."""

from __future__ import annotations

import re

_PREVENTED = re.compile(rb"\x00\x00(?=[\x00-\x03])")


class Unreadable(ValueError):
    """A stream is not what this package knows; the text says where."""


class Bits:
    """Reads a payload from its first bit on (H.264, 7.2 and 9.1); past its end is `Unreadable`."""

    def __init__(self, payload: bytes) -> None:
        self.at = 0
        self._length = 8 * len(payload)
        self._value = int.from_bytes(payload, "big")

    def number(self, count: int) -> int:
        """Read an unsigned number of so many bits, u(n)."""
        self.at += count
        if self.at > self._length:
            raise Unreadable("a unit ends too early")
        return (self._value >> (self._length - self.at)) & ((1 << count) - 1)

    def golomb(self) -> int:
        """Read an unsigned Exp-Golomb number, ue(v)."""
        zeros = 0
        while not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)


def with_number(payload: bytes, at: int, count: int, number: int) -> bytes:
    """Write an unsigned number of `count` bits over the bits from `at` on."""
    end = (at + count + 7) // 8
    room = 8 * end - at - count
    value = int.from_bytes(payload[:end], "big")
    cleared = value & ~(((1 << count) - 1) << room)
    return (cleared | (number << room)).to_bytes(end, "big") + payload[end:]


def unprotected(unit: bytes) -> bytes:
    """Take out the bytes that keep a start code from appearing inside a unit (H.264, 7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")


def protected(unit: bytes) -> bytes:
    """Put those bytes back in."""
    return _PREVENTED.sub(b"\0\0\3", unit)
