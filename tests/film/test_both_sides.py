"""One channel becomes two equal ones as packets, and a decoder hears on both what was encoded."""

import io

import av
import numpy as np
import pytest

from shared.errors import Permanent
from shared.film.audio import frames_of
from shared.film.both_sides import PLAIN, paired
from shared.film.clock import RATE_HZ
from shared.film.h264.bits import Bits
from shared.film.join import Part, join_sound
from tests.film.films import hum

# What the bits of a mono AAC-LC file say of its frames: 48 kHz, one channel; the same for two.
ONE, TWO = bytes([0x11, 0x88]), bytes([0x11, 0x90])


@pytest.fixture(scope="module")
def frames():
    """Encode sound with sudden beginnings, for which the encoder takes its short windows."""
    samples = hum(3.0)
    for at in range(20_000, 130_000, 9_000):
        samples[at : at + 300] = np.random.default_rng(at).uniform(-0.8, 0.8, 300)
        samples[at - 4_000 : at] = 0
    encoder = av.AudioCodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "fltp"
    encoder.bit_rate, encoder.options = 112_000, PLAIN
    return [
        bytes(packet)
        for frame in (*frames_of(samples, RATE_HZ, "fltp"), None)
        for packet in encoder.encode(frame)
    ]


def heard(packets, told):
    """Decode packets."""
    decoder = av.AudioCodecContext.create("aac", "r")
    decoder.extradata = told
    parts = [one.to_ndarray() for p in packets for one in decoder.decode(av.Packet(p))]
    return np.concatenate(parts, axis=1)


def test_both_sides_are_what_was_encoded(frames):
    """Left and right are, to the last bit, what the one channel was; short windows among it."""
    (middle,) = heard(frames, ONE)
    left, right = heard([paired(frame) for frame in frames], TWO)

    assert 0.1 < np.abs(middle).max()
    assert np.array_equal(middle, left)
    assert np.array_equal(middle, right)
    assert {0, 1, 2, 3} == {Bits(frame[1:]).number(10) & 3 for frame in frames}


def test_a_pair_is_hardly_longer(frames):
    """The second side costs a few bytes."""
    assert 8 >= max(len(paired(frame)) - len(frame) for frame in frames)


@pytest.mark.parametrize("frame", [b"\x21" + bytes(9) + b"\x07", b"\x00", bytes(9)])
def test_another_kind_of_frame(frame):
    """What is not one channel alone is refused."""
    with pytest.raises(Permanent, match="a frame of sound"):
        paired(frame)


def test_the_sound_of_a_lesson_starts_and_ends_on_time(tmp_path):
    """Nothing is added at the front, and both sides of the file are the same."""
    samples = np.zeros(3 * RATE_HZ, np.float32)
    samples[RATE_HZ : RATE_HZ + 480] = 0.5 * np.sin(np.arange(480) / 4)
    join_sound(tmp_path / "a.m4a", [Part("A", 90)], samples, {"title": "A"})
    with av.open(io.BytesIO((tmp_path / "a.m4a").read_bytes())) as source:
        audio = source.streams.audio[0]
        shape = (audio.start_time, audio.duration, audio.codec_context.channels)
        left, right = np.concatenate([f.to_ndarray() for f in source.decode(audio)], axis=1)

    assert (0, 3 * RATE_HZ, 2) == shape
    assert np.array_equal(left, right)
    assert 5 > abs(np.flatnonzero(np.abs(left) > 0.1)[0] - RATE_HZ)
