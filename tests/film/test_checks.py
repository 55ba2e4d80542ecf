"""Checks: a good film passes all of them, and each has a film that fails it."""

from dataclasses import replace

import pytest

from shared.errors import Permanent
from shared.film.caption_checks import check_captions
from shared.film.captions import THINK, Cue
from shared.film.check import main, parse
from shared.film.checks import Expected, check_film, check_sound, failed, report
from shared.film.encode import Size
from shared.film.probe import probe
from shared.lesson.plan import Line, Scene
from tests.film.films import HEIGHT, WIDTH, Film, write

GOOD = Expected((45, 45), (0.9, 0.9), size=Size(WIDTH, HEIGHT))
LONG = replace(GOOD, frames=(90, 90))
BAD = {
    "codec": Film(profile="baseline"),
    "size": (Film(), replace(GOOD, size=Size(1920, 1080))),
    "rate": Film(rate=25, frames=75),
    "steps": Film(dropped=(50,)),
    "frames": Film(frames=88),
    "video-start": Film(video_from=3),
    "key-frames": Film(keys=(0,)),
    "parameters": (Film(), replace(GOOD, parameters="0" * 64)),
    "not-black": Film(picture="black"),
    "not-blank": Film(picture="blank"),
    "not-frozen": Film(picture="frozen"),
    "bytes": Film(padding=3 * 1024 * 1024),
    "fast-start": Film(faststart=False),
    "attribution": Film(tags={}),
    "audio": Film(with_sound=False),
    "sound": Film(layout="mono"),
    "audio-start": Film(sound_from_s=0.5),
    "ends": Film(sound_s=2.5),
    "length": Film(sound_s=3.5),
    "loudness": Film(gain=0.5),
    "peak": Film(gain=4.0),
    "not-silent": (Film(frames=180, keys=(0, 90), sound_s=6.0, hole_s=(2.0, 4.0)), LONG),
}


def names_of(checks):
    """Name what failed."""
    return {one.id for one in failed(checks)}


@pytest.fixture(scope="module")
def good_film(tmp_path_factory):
    """Write a good film once."""
    return write(tmp_path_factory.mktemp("film") / "good.mp4", Film())


def test_a_good_film(good_film):
    """A film that is as its plan says passes every check."""
    assert set() == names_of(check_film(probe(good_film), GOOD))


def test_every_check_has_a_bad_film(good_film):
    """No check is there that no file can fail."""
    known = {one.id for one in check_film(probe(good_film), GOOD)}

    assert known | {"audio"} == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_film(name, tmp_path):
    """The film with this one fault fails this check."""
    film, expected = BAD[name] if isinstance(BAD[name], tuple) else (BAD[name], GOOD)

    assert name in names_of(check_film(probe(write(tmp_path / "bad.mp4", film)), expected))


def test_a_film_without_pictures(good_film):
    """A sound file is no film."""
    found = replace(probe(good_film), video=None)

    assert {"video"} == names_of(check_film(found, GOOD))


def test_a_broken_file(tmp_path):
    """A file that cannot be decoded is never completed."""
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"not a film")

    with pytest.raises(Permanent, match="cannot be decoded"):
        probe(path)


def test_a_pause_of_the_plan_is_no_hole(tmp_path):
    """Silence is allowed as long as the scene's own pauses say."""
    film, expected = BAD["not-silent"]
    found = probe(write(tmp_path / "pause.mp4", film))

    assert "not-silent" not in names_of(check_film(found, replace(expected, pauses_s=(2.5, 0.9))))


def test_an_audio_lesson(good_film):
    """An audio lesson is checked for its sound alone."""
    found = probe(good_film)

    assert set() == names_of(check_sound(replace(found, video=None), GOOD))


SCENES = (
    Scene(
        1, "recap", "",
        (Line("It moves on its own.", "", "fact"), Line("Think.", "", "instruction", pause_s=5),
         Line("So it is.", "", "fact")),
        (),
    ),
)  # fmt: skip
CUES = (
    Cue(0.4, 2.0, "It moves\non its own."),
    Cue(2.0, 3.0, "Think."),
    Cue(3.0, 8.0, THINK),
    Cue(8.0, 9.5, "So it is."),
)
BAD_CUES = {
    "caption-words": (*CUES[:3], Cue(8.0, 9.5, "So it was.")),
    "caption-lines": (Cue(0.4, 2.0, "It\nmoves\non its own."), *CUES[1:]),
    "caption-times": (*CUES[:3], Cue(8.0, 15.5, "So it is.")),
    "caption-gaps": (Cue(0.4, 2.2, "It moves\non its own."), *CUES[1:]),
    "caption-speed": (Cue(0.4, 1.2, "It moves\non its own."), *CUES[1:]),
    "caption-end": (*CUES[:3], Cue(18.0, 22.0, "So it is.")),
}


def test_good_captions():
    """Captions that say the plan's words in time pass."""
    assert set() == names_of(check_captions(CUES, SCENES, 42, 20.0))


@pytest.mark.parametrize("name", BAD_CUES)
def test_bad_captions(name):
    """The captions with this one fault fail this check, and no other."""
    assert {name} == names_of(check_captions(BAD_CUES[name], SCENES, 42, 20.0))


def test_a_line_that_is_too_long():
    """Younger students' lines are shorter."""
    assert {"caption-lines"} == names_of(check_captions(CUES, SCENES, 8, 20.0)) - {"caption-words"}


def test_captions_are_read_as_they_were_written():
    """A WebVTT file gives back its cues."""
    text = (
        "WEBVTT\n\n00:00:01.000 --> 00:01:02.500\na &lt; b\nand c\n"
        "\n00:01:03.000 --> 00:01:04.000\nd\n"
    )

    assert [Cue(1.0, 62.5, "a < b\nand c"), Cue(63.0, 64.0, "d")] == parse(text)


def test_the_report_is_json(good_film):
    """What was found is kept beside the film, each finding with its limit."""
    assert b'"passed": true' in report(check_film(probe(good_film), GOOD))


def test_from_the_command_line(good_film, tmp_path, capsys):
    """Any film can be checked; the exit code tells."""
    assert 0 == main([str(good_film)])
    assert 1 == main([str(write(tmp_path / "bad.mp4", Film(layout="mono")))])
    assert "FAIL  sound" in capsys.readouterr().out
