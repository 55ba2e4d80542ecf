"""Single bits of a stream: read, written, and kept apart from start codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.film.h264.bits import Bits, Unreadable, protected, unprotected, with_number
from shared.film.h264.units import number_of, numbered, split, split_sized


@pytest.mark.parametrize(
    ("bits", "number"), [("1", 0), ("010", 1), ("011", 2), ("00100", 3), ("0001000", 7)]
)
def test_an_exponential_golomb_number(bits, number):
    """Numbers are read as table 9-2 of the standard has them."""
    payload = int(bits.ljust(8, "0"), 2).to_bytes(1, "big")

    assert number == Bits(payload).golomb()


def test_the_end_of_a_unit():
    """What is not there is not read as zeros."""
    with pytest.raises(Unreadable, match="too early"):
        Bits(b"\0").golomb()


@given(st.binary(max_size=40).map(lambda some: some.replace(b"\xff", b"\0\0")))
def test_protection_is_undone(payload):
    """Whatever is protected holds no start code, and comes back as it was."""
    safe = protected(payload)

    assert not any(code in safe for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
    assert payload == unprotected(safe)


@given(st.binary(min_size=4, max_size=8), st.integers(0, 20), st.integers(0, 15))
def test_a_number_is_written_over(payload, at, number):
    """Only the bits of the number change."""
    changed = with_number(payload, at, 4, number)
    other = Bits(payload), Bits(changed)

    assert len(payload) == len(changed)
    assert other[0].number(at) == other[1].number(at)
    assert (number, len(payload)) == (other[1].number(4), len(changed))
    other[0].number(4)
    rest = 8 * len(payload) - at - 4
    assert other[0].number(rest) == other[1].number(rest)


@given(st.binary(min_size=16, max_size=40), st.integers(0, 40))
def test_a_slice_is_renumbered(rest, number):
    """A slice is given a number, modulo what fits, and is else the same."""
    unit = protected(b"\x41\x9a\x06" + rest + b"\x80")
    other = numbered(unit, 4, number)

    assert number % 16 == number_of(other, 4)
    assert unit == numbered(other, 4, 0)


def test_units_of_a_stream():
    """Units follow three or four bytes of start code, or their length."""
    assert [b"\x67a", b"\x68b", b"\x65c"] == split(b"\0\0\0\1\x67a\0\0\1\x68b\0\0\0\1\x65c")
    assert [b"\x67a", b"\x65bc"] == split_sized(b"\0\0\0\2\x67a\0\0\0\3\x65bc")


@pytest.mark.parametrize("packet", [b"\0\0\0\4\x67a", b"\0\0\0\0\x67", b"\0\0"])
def test_a_packet_that_breaks_off(packet):
    """A length that leads out of the packet, or to nothing, is refused."""
    with pytest.raises(Unreadable, match="longer than its packet"):
        split_sized(packet)


def test_a_second_slice():
    """A slice that does not start at the first macroblock is no whole picture."""
    with pytest.raises(Unreadable, match="several slices"):
        number_of(b"\x41\x40" + bytes(16), 4)
