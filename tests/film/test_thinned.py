"""Repeats are known by their bytes: what is said of a film is the same as if all was decoded."""

import io
from itertools import pairwise

import av
import numpy as np
import pytest

from shared.film.encode import encode
from shared.film.join import Part, join_film
from shared.film.probe import probe
from shared.film.skipped import encode_changes
from shared.film.thinned import repeats_in
from tests.film.films import Film, hum, write
from tests.film.test_skipped import COUNT, SHOWN, SIZE, changes

TAGS = {"comment": "Adapted from Physics.", "copyright": "CC BY 4.0"}
REPEATS = COUNT - len(SHOWN) - 2  # two more key frames


@pytest.fixture(scope="module")
def scene():
    """Encode a scene by its changes alone."""
    return encode_changes(changes(), SIZE)


@pytest.fixture(scope="module")
def film(scene, tmp_path_factory):
    """Join two scenes of which most frames are repeats."""
    path = tmp_path_factory.mktemp("thinned") / "film.mp4"
    join_film(path, [Part("A", COUNT, scene), Part("B", COUNT, scene)], hum(2 * COUNT / 30), TAGS)
    return path


def places(path):
    """Find where each packet of the pictures lies in the file, and what it is."""
    with av.open(str(path)) as source:
        return [(one.pos, one.size) for one in source.demux(video=0) if one.size]


def test_the_repeats_of_our_own_film(film):
    """What was not shown to the encoder is not shown to the decoder."""
    assert 2 * REPEATS == len(repeats_in(film).repeats)


def test_nothing_is_said_differently(film):
    """Each frame is told as a decoder that looks at all of them shows it."""
    with av.open(str(film)) as source:
        pictures = list(source.decode(video=0))
    luma = [one.to_ndarray()[: SIZE.height : 8, : SIZE.width : 8].astype(int) for one in pictures]
    changed = [0.0, *(float(np.abs(b - a).mean()) for a, b in pairwise(luma))]
    seen = probe(film).video

    assert [one.pts for one in pictures] == [one.pts for one in seen.frames]
    assert [bool(one.key_frame) for one in pictures] == [one.key for one in seen.frames]
    assert [float(one.mean()) for one in luma] == [one.mean for one in seen.frames]
    assert changed == [one.changed for one in seen.frames]


def test_somebody_elses_film(tmp_path):
    """A film of other parameters has no frame that need not be decoded."""
    assert not repeats_in(write(tmp_path / "other.mp4", Film())).repeats


def test_a_film_that_was_encoded_plainly(tmp_path):
    """Whatever is not known by its bytes is decoded, repeat or not."""
    parts = [Part("A", COUNT, encode(changes(), SIZE))]
    join_film(tmp_path / "film.mp4", parts, hum(COUNT / 30), TAGS)

    assert COUNT == len(probe(tmp_path / "film.mp4").video.frames)


def test_a_gap_in_the_numbers(scene, tmp_path):
    """In a film that lacks a frame every other one is decoded."""
    path = tmp_path / "gap.mp4"
    with av.open(str(path), "w") as out, av.open(io.BytesIO(scene)) as source:
        stream = out.add_stream_from_template(source.streams.video[0])
        for place, packet in enumerate(source.demux(video=0)):
            if packet.size and place != 20:
                packet.stream = stream
                out.mux(packet)

    assert not repeats_in(path).repeats


def test_a_damaged_repeat(film, tmp_path):
    """A repeat with one byte changed is no longer known: it is decoded, and the damage seen."""
    start, size = places(film)[30]
    content = bytearray(film.read_bytes())
    content[start + size // 2 : start + size] = b"\xff" * (size - size // 2)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)

    assert 2 * REPEATS - 1 == len(repeats_in(path).repeats)
    assert probe(path).video.damaged
