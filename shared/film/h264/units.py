"""Cut a stream into its NAL units, and read and write the number of a slice's picture."""

from __future__ import annotations

import re

from shared.film.h264.bits import Bits, Unreadable, protected, unprotected, with_number

SLICE, KEY_SLICE, SEQUENCE_PARAMETERS, PICTURE_PARAMETERS = 1, 5, 7, 8
START = b"\0\0\0\1"
_ANY_START = re.compile(rb"\x00?\x00\x00\x01")
LENGTH_BYTES = 4  # of a unit inside our MP4 files
_HEAD_BYTES = 16  # enough for the three numbers in front of the picture's own


def kind_of(unit: bytes) -> int:
    """Give a unit's type (H.264, table 7-1)."""
    return unit[0] & 0x1F


def split(stream: bytes) -> list[bytes]:
    """Cut an encoder's packet at its start codes (H.264, annex B)."""
    return [unit for unit in _ANY_START.split(stream) if unit]


def split_sized(packet: bytes) -> list[bytes]:
    """Cut an MP4's packet, in which each unit follows its length; raises Unreadable."""
    units, at = [], 0
    while at < len(packet):
        end = at + LENGTH_BYTES + int.from_bytes(packet[at : at + LENGTH_BYTES], "big")
        unit = packet[at + LENGTH_BYTES : end]
        if end > len(packet) or not unit:
            raise Unreadable("a unit is longer than its packet")
        units.append(unit)
        at = end
    return units


def number_of(unit: bytes, bits: int) -> int:
    """Read which picture since the last key frame a slice belongs to, modulo 2 ** bits."""
    head, at = _head(unit)
    return Bits(head).number(at + bits) & ((1 << bits) - 1)


def numbered(unit: bytes, bits: int, number: int) -> bytes:
    """Give the slice as the one of another picture since the last key frame."""
    _, at = _head(unit)
    return protected(with_number(unprotected(unit), at, bits, number % (1 << bits)))


def _head(unit: bytes) -> tuple[bytes, int]:
    """Give a slice's first bytes, and the bit at which the picture's number starts (7.3.3)."""
    head = unprotected(unit[: _HEAD_BYTES + 4])[:_HEAD_BYTES]
    bits = Bits(head[1:])
    if bits.golomb():
        raise Unreadable("a picture of several slices")
    bits.golomb(), bits.golomb()  # type of slice, parameter set
    return head, 8 + bits.at
