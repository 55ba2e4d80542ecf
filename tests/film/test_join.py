"""Encoding and joining: every frame once, no gap, no drift, the same bytes again."""

import io

import av
import numpy as np
import pytest

from shared.errors import Permanent
from shared.film.clock import SAMPLES_PER_FRAME
from shared.film.encode import Patch, Size, encode
from shared.film.join import Part, join_film, join_sound
from tests.film.films import hum

SIZE = Size(128, 72)
TAGS = {"title": "Why?", "comment": "Adapted from Physics.", "copyright": "CC BY 4.0"}


def scene(frames: int, colour=(200, 30, 30)):
    """Change something in the first ten frames, then nothing."""
    yield (Patch(0, 0, np.full((SIZE.height, SIZE.width, 3), colour, np.uint8)),)
    for index in range(1, frames):
        changed = np.full((20, 20, 3), index * 20 % 255, np.uint8)
        yield (Patch(40, 20, changed), Patch(80, 40, changed)) if index < 10 else ()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Join three scenes of odd lengths."""
    parts = [Part(f"Scene {n}", n, encode(scene(n), SIZE)) for n in (41, 30, 37)]
    sound = hum(108 / 30)
    path = tmp_path_factory.mktemp("join") / "film.mp4"
    join_film(path, parts, sound, TAGS)
    return path, parts, sound


def stamps(path):
    """Read when each decoded frame is shown."""
    with av.open(str(path)) as source:
        return [frame.pts * frame.time_base for frame in source.decode(video=0)]


def test_a_scene_has_its_frames():
    """Every frame is there, repeated ones too, one thirtieth apart."""
    with av.open(io.BytesIO(encode(scene(41), SIZE))) as source:
        times = [frame.pts * frame.time_base for frame in source.decode(video=0)]

    assert [n / 30 for n in range(41)] == [float(time) for time in times]


def test_the_same_scene_is_the_same_bytes():
    """Encoding again gives the same file."""
    assert encode(scene(30), SIZE) == encode(scene(30), SIZE)


@pytest.mark.parametrize("colour", [(200, 30, 30), (251, 248, 243), (47, 107, 255), (27, 31, 59)])
def test_colours_survive(colour):
    """A colour comes back within 4 of 255, decoded as the tags say."""
    with av.open(io.BytesIO(encode(scene(2, colour), SIZE))) as source:
        picture = next(source.decode(video=0)).to_ndarray(format="rgb24")

    assert 4 >= np.abs(picture[5, 5].astype(int) - np.array(colour)).max()


def test_scenes_join_without_a_gap(film):
    """All frames of all scenes follow each other at one rate."""
    path, _, _ = film

    assert [n / 30 for n in range(108)] == [float(time) for time in stamps(path)]


def test_sound_and_pictures_start_and_end_together(film):
    """Both tracks start at 0 and are equally long."""
    path, _, sound = film
    with av.open(str(path)) as source:
        video, audio = source.streams.video[0], source.streams.audio[0]

        assert (0, 0) == (video.start_time, audio.start_time)
        assert video.duration * video.time_base == audio.duration * audio.time_base
        assert len(sound) == 108 * SAMPLES_PER_FRAME


def test_no_click_at_a_join(film):
    """The sound is encoded once: around each join it is as smooth as elsewhere."""
    path, _, _ = film
    with av.open(str(path)) as source:
        samples = np.concatenate([f.to_ndarray()[0] for f in source.decode(audio=0)])
    steps = np.abs(np.diff(samples))
    for join in (41 * SAMPLES_PER_FRAME, 71 * SAMPLES_PER_FRAME):
        assert steps[join - 960 : join + 960].max() <= 3 * np.quantile(steps, 0.99)


def test_chapters_and_tags(film):
    """Each scene is a chapter, and the licence travels inside the file."""
    path, _, _ = film
    with av.open(str(path)) as source:
        chapters = [
            (one["metadata"]["title"], round(float(one["start"] * one["time_base"]), 2))
            for one in source.chapters()
        ]

        assert [("Scene 41", 0.0), ("Scene 30", 1.37), ("Scene 37", 2.37)] == chapters
        assert TAGS.items() <= source.metadata.items()


def test_the_same_film_is_the_same_bytes(film, tmp_path):
    """Joining again gives the same file, so that a second attempt adopts the first one's."""
    path, parts, sound = film
    join_film(tmp_path / "film.mp4", parts, sound, TAGS)

    assert path.read_bytes() == (tmp_path / "film.mp4").read_bytes()


def test_a_scene_with_other_parameters(film, tmp_path):
    """A scene that another encoder made is never copied into the film."""
    _, parts, sound = film
    other = Size(64, 72)
    odd = encode([(Patch(0, 0, np.zeros((72, 64, 3), np.uint8)),)] + [()] * 29, other)

    with pytest.raises(Permanent, match="Odd"):
        join_film(tmp_path / "odd.mp4", [*parts, Part("Odd", 30, odd)], sound, TAGS)


def test_an_audio_lesson(film, tmp_path):
    """Without pictures it is an M4A with the same chapters, starting at 0."""
    _, parts, sound = film
    join_sound(tmp_path / "audio.m4a", parts, sound, TAGS)
    with av.open(str(tmp_path / "audio.m4a")) as source:
        audio = source.streams.audio[0]

        assert 3 == len(source.chapters())
        assert (0, len(sound)) == (audio.start_time, audio.duration)
