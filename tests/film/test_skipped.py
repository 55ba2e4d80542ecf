"""Skipped frames: the same film for less work, and plain encoding wherever that is not certain."""

import io
import logging

import av
import numpy as np
import pytest

from shared.film.encode import FULL, KEY_FRAMES, Patch, Picture, Size, encode, same, video_track
from shared.film.filming import coded, film, parameters_of
from shared.film.h264.bits import Bits, Unreadable, protected, unprotected, with_number
from shared.film.h264.parameters import number_bits
from shared.film.h264.units import START, number_of, split, split_sized
from shared.film.narration import narrate
from shared.film.repeat import Repeat, numbered_repeats, prove, repeat_of
from shared.film.skipped import encode_changes, verify
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import brief_lesson

SIZE = Size(128, 72)
COUNT = 2 * KEY_FRAMES + 25  # past two key frames, and past all numbers that a frame may have
SHOWN = {*range(10), 40, 41, *range(70, 76), 100}
# What av 18.1.0 writes for "the same once more" at 1920 x 1080, number 1: a slice head, then skips.
GOLDEN = "419a26213ffe9e100000" + 18 * "030000" + "6541"


def changes(count: int = COUNT):
    """Change a block in some frames only."""
    yield (Patch(0, 0, np.full((SIZE.height, SIZE.width, 3), (251, 248, 243), np.uint8)),)
    for index in range(1, count):
        block = np.full((20, 20, 3), index * 20 % 255, np.uint8)
        yield (Patch(40, 20, block),) if index in SHOWN else ()


def pictures(video: bytes):
    """Decode a film."""
    with av.open(io.BytesIO(video)) as source:
        return list(source.decode(video=0))


def units_of(video: bytes):
    """Read each packet's slice."""
    with av.open(io.BytesIO(video)) as source:
        packets = [bytes(one) for one in source.demux(video=0) if one.size]
    return [split_sized(packet)[-1] for packet in packets]


@pytest.fixture(scope="module")
def scene():
    """Encode a scene by its changes alone."""
    return encode_changes(changes(), SIZE)


@pytest.fixture(scope="module")
def repeat():
    """Learn how this size is repeated."""
    return repeat_of(SIZE)


def test_every_frame_is_there(scene):
    """The film has each frame once, a thirtieth of a second apart, and ends after the last."""
    with av.open(io.BytesIO(scene)) as source:
        stream = source.streams.video[0]

        assert (30, 30) == (stream.average_rate, stream.base_rate)
        assert (COUNT, COUNT * 3000) == (stream.frames, stream.duration)
    assert [n / 30 for n in range(COUNT)] == [float(one.time) for one in pictures(scene)]


def test_a_repeat_is_the_same_picture(scene):
    """A decoder shows what did not change bit for bit as it was before."""
    seen = pictures(scene)
    keys = range(0, COUNT, KEY_FRAMES)
    moved = {n for n in range(1, COUNT) if not same(seen[n - 1], seen[n])}

    assert moved <= SHOWN | set(keys)
    assert moved >= {*range(1, 10), 40, 41}


def test_it_looks_as_it_does_when_every_frame_is_encoded(scene):
    """Both ways show the same film, as near as the quality that is asked for."""
    for mine, plain in zip(pictures(scene), pictures(encode(changes(), SIZE)), strict=True):
        off = mine.to_ndarray()[: SIZE.height].astype(int) - plain.to_ndarray()[: SIZE.height]
        assert 1.0 > np.abs(off).mean()


def test_most_frames_cost_nothing(scene):
    """Only what changes, and the key frames, were shown to the encoder."""
    short = [unit for unit in units_of(scene) if unit in repeat_of(SIZE).units]

    assert COUNT - len(SHOWN) - 2 == len(short)


def test_frames_are_numbered_without_a_gap(scene, repeat):
    """Each frame's number follows the one before, and starts anew at a key frame."""
    numbers = [number_of(unit, repeat.bits) for unit in units_of(scene)]

    assert [n % KEY_FRAMES % (1 << repeat.bits) for n in range(COUNT)] == numbers


def test_both_ways_have_the_same_parameters(scene):
    """A scene that had to be encoded plainly joins with the others."""
    assert parameters_of(scene, COUNT) == parameters_of(encode(changes(30), SIZE), 30)


def test_the_same_changes_are_the_same_bytes(scene):
    """Encoding again gives the same file."""
    assert scene == encode_changes(changes(), SIZE)


def test_the_golden_repeat():
    """Another encoder that writes another repeat is looked at before it is used."""
    assert GOLDEN == repeat_of(FULL).units[1].hex()


def test_a_repeat_that_repeats_nothing(repeat):
    """A slice that changes the picture does not get past the noise."""
    with video_track(io.BytesIO(), SIZE) as (_, stream):
        picture, packets = Picture(SIZE), []
        noise = np.random.default_rng(1).integers(0, 256, (72, 128, 3), np.uint8)
        for index, patch in enumerate((Patch(0, 0, noise), Patch(40, 20, noise[:8, :8]))):
            packets += stream.encode(picture.after([patch], index, key=not index))
        packets += stream.encode(None)
    key, moved = (bytes(one) for one in packets)

    prove(repeat, key)
    with pytest.raises(Unreadable, match="differs"):
        prove(Repeat(repeat.head, repeat.bits, tuple(split(moved)) * 16), key)
    with pytest.raises(Unreadable, match="one short slice"):
        numbered_repeats(repeat.head, moved * 2)


def test_a_film_that_is_not_what_it_should_be(scene):
    """A frame that moved without being shown, or is missing, is noticed."""
    keys = set(range(0, COUNT, KEY_FRAMES))
    verify(scene, SHOWN | keys, COUNT)

    with pytest.raises(Unreadable, match="frame 40 does not repeat"):
        verify(scene, (SHOWN | keys) - {40}, COUNT)
    with pytest.raises(Unreadable, match=f"{COUNT} frames of {COUNT + 1}"):
        verify(scene, SHOWN | keys, COUNT + 1)


OTHER_WAYS = {
    "pictures are reordered": {"bf": "2"},
    "several reference pictures": {"x264-params": "ref=3"},
    "not the High profile": {"profile": "main"},
    "scaling matrices": {"x264-params": "cqm=jvt"},
}


@pytest.mark.parametrize("fault", OTHER_WAYS)
def test_an_encoder_with_other_settings(fault):
    """Nothing is repeated by hand where a picture depends on more than the one before."""
    options = {"bf": "0", "refs": "1", "profile": "high", "preset": "veryfast"} | OTHER_WAYS[fault]
    with av.open(io.BytesIO(), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = SIZE.width, SIZE.height, "yuv420p"
        stream.encode(Picture(SIZE).after((), 0, key=True))
        head = bytes(stream.codec_context.extradata)

    with pytest.raises(Unreadable, match=fault):
        number_bits(head)


def test_a_stream_of_fields(repeat):
    """Nothing is repeated by hand where a frame may be two fields."""
    sequence, picture = split(repeat.head)
    bits = Bits(unprotected(sequence))
    bits.number(8 + 24), [bits.golomb() for _ in range(4)], bits.number(2)
    [bits.golomb() for _ in range(3)], bits.number(1), bits.golomb(), bits.golomb()
    fields = protected(with_number(unprotected(sequence), bits.at, 1, 0))

    assert 1 == bits.number(1)
    with pytest.raises(Unreadable, match="interlaced"):
        number_bits(START + fields + START + picture)


@pytest.fixture
def small_film():
    """Film one scene of the shortest lesson."""
    plan = brief_lesson(("video",))
    spoken = narrate(plan.scenes[1], HummingVoice(), "9-12")
    return lambda: film(plan, plan.scenes[1], spoken, MemoryObjects(), Size(320, 180))


def test_the_setting_turns_it_off(small_film, monkeypatch):
    """With the setting off every frame goes through the encoder."""
    monkeypatch.setenv("FILM_SKIP_FRAMES", "off")
    plain = small_film()
    monkeypatch.setenv("FILM_SKIP_FRAMES", "on")
    units = repeat_of(Size(320, 180)).units

    assert not set(units) <= set(units_of(plain))
    assert set(units) <= set(units_of(small_film()))


def test_a_failed_check_falls_back(caplog):
    """When a check fails every frame is encoded, and the log says why."""

    def refusing(frames, size):
        next(iter(frames))
        raise Unreadable(f"{size.width} is not wide enough")

    with caplog.at_level(logging.WARNING):
        assert encode(changes(), SIZE) == coded(changes, SIZE, refusing)
    assert ["128 is not wide enough"] == [one.why for one in caplog.records]
