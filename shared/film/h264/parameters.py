"""Read what an encoder or a file says about all its pictures."""

from __future__ import annotations

from shared.film.h264.bits import Bits, Unreadable, unprotected
from shared.film.h264.units import PICTURE_PARAMETERS, SEQUENCE_PARAMETERS, kind_of, split

_HIGH, _COLOUR_420 = 100, 1
_SHOWN_AS_CODED = 2  # the order of showing is the order in the file
_AVCC = 1  # the first byte of an MP4's decoder configuration record
_AVCC_SETS = 5  # where its two lists of parameter sets start


def number_bits(head: bytes) -> int:
    """Tell how many bits a picture's number has, from an encoder's or a file's `extradata`.

    Raises Unreadable unless a slice of skipped macroblocks alone repeats the picture before it:
    one reference, no reordering, whole frames of one slice, and pixels as they always are.
    """
    sets = {kind_of(unit): Bits(unprotected(unit)[1:]) for unit in sets_of(head)}
    if not {SEQUENCE_PARAMETERS, PICTURE_PARAMETERS} <= sets.keys():
        raise Unreadable("no parameter sets")
    wide = _read_sequence(sets[SEQUENCE_PARAMETERS])
    _read_picture(sets[PICTURE_PARAMETERS])
    return wide


def sets_of(head: bytes) -> list[bytes]:
    """Take the units out of a start-code stream or of an MP4's configuration record."""
    if head[:1] != bytes([_AVCC]):
        return split(head)
    found, at = [], _AVCC_SETS
    for mask in (0x1F, 0xFF):
        count, at = int.from_bytes(head[at : at + 1], "big") & mask, at + 1
        for _ in range(count):
            length = int.from_bytes(head[at : at + 2], "big")
            found.append(head[at + 2 : at + 2 + length])
            at += 2 + length
    return [unit for unit in found if unit]


def _read_sequence(bits: Bits) -> int:
    """Follow 7.3.2.1.1 up to where frames and fields part."""
    _must(bits.number(8) == _HIGH, "not the High profile")
    bits.number(16)  # constraints and level
    bits.golomb()  # the set's own number
    _must(bits.golomb() == _COLOUR_420, "not 4:2:0")
    _must(not bits.golomb() + bits.golomb() + bits.number(1), "not 8 bits")
    _must(not bits.number(1), "scaling matrices")
    wide = bits.golomb() + 4
    _must(bits.golomb() == _SHOWN_AS_CODED, "pictures are reordered")
    _must(bits.golomb() == 1, "several reference pictures")
    bits.number(1), bits.golomb(), bits.golomb()  # gaps, width and height
    _must(bits.number(1) == 1, "interlaced")
    return wide


def _read_picture(bits: Bits) -> None:
    """Follow 7.3.2.2 up to the scaling matrices."""
    bits.golomb(), bits.golomb(), bits.number(2)  # both sets' numbers, coding, field order
    _must(not bits.golomb(), "slice groups")
    _must(not bits.golomb(), "several references in a slice")
    bits.golomb(), bits.number(3)  # references backwards, weights
    bits.golomb(), bits.golomb(), bits.golomb(), bits.number(2)  # quantisers, filter, prediction
    _must(not bits.number(1), "redundant slices")
    bits.number(1)  # size of transform
    _must(not bits.number(1), "scaling matrices")


def _must(good: bool, fault: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not good:
        raise Unreadable(fault)
